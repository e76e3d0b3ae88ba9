-- What a meeting is about and where the person lives, as the windows and the
-- districts of the executives judge it; the line keeps it for the meeting that a
-- place in it becomes.
ALTER TABLE meetings ADD COLUMN topic_id BIGINT;
ALTER TABLE meetings ADD COLUMN district_id BIGINT;
ALTER TABLE meeting_waits ADD COLUMN topic_id BIGINT;
ALTER TABLE meeting_waits ADD COLUMN district_id BIGINT;
ALTER TABLE meeting_waits ADD COLUMN answers JSONB NOT NULL DEFAULT '[]';
ALTER TABLE meeting_waits ADD COLUMN urgent BOOLEAN NOT NULL DEFAULT FALSE;

-- The whole line, whoever is waited for.
CREATE INDEX meeting_waits_line ON meeting_waits (tenant_id, position, id) WHERE state IN ('waiting','offered');
