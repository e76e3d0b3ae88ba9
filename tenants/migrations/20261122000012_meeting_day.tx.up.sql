-- Minutes while they are being written: one draft for each meeting, gone when
-- they are finalised.
CREATE TABLE meeting_minutes_drafts (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  meeting_id BIGINT NOT NULL,
  text TEXT NOT NULL,
  people_met INTEGER NOT NULL,
  staff_id BIGINT NOT NULL,
  staff_name TEXT NOT NULL,
  saved_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, meeting_id),
  FOREIGN KEY (tenant_id, meeting_id) REFERENCES meetings (tenant_id, id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id)
);

-- What is added to finalised minutes: rows are only ever added.
CREATE TABLE meeting_minutes_notes (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  meeting_id BIGINT NOT NULL,
  staff_id BIGINT NOT NULL,
  staff_name TEXT NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  text TEXT NOT NULL CHECK (length(text) > 0),
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, meeting_id) REFERENCES meetings (tenant_id, id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id)
);
CREATE INDEX meeting_minutes_notes_meeting ON meeting_minutes_notes (tenant_id, meeting_id, id);

-- Each publication of a scan: which boxes were burned into which copy. Only
-- ever added.
CREATE TABLE scan_redactions (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  directive_id BIGINT NOT NULL,
  original_id BIGINT NOT NULL,
  copy_id BIGINT NOT NULL,
  boxes TEXT NOT NULL,
  staff_id BIGINT NOT NULL,
  staff_name TEXT NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, directive_id) REFERENCES directives (tenant_id, id),
  FOREIGN KEY (tenant_id, original_id) REFERENCES files (tenant_id, id),
  FOREIGN KEY (tenant_id, copy_id) REFERENCES files (tenant_id, id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id)
);
CREATE INDEX scan_redactions_directive ON scan_redactions (tenant_id, directive_id, id);

-- The order in which those who are there are called: given at check-in, moved
-- by acts that carry a reason. NULL while nobody is there.
ALTER TABLE meetings ADD COLUMN queue_place BIGINT;
ALTER TABLE meetings ADD COLUMN put_first BOOLEAN NOT NULL DEFAULT FALSE;
-- Came without a booking, in addition to the seats.
ALTER TABLE meetings ADD COLUMN walk_in BOOLEAN NOT NULL DEFAULT FALSE;

-- How many may come without a booking in one session, beyond its seats; NULL is
-- what the organization usually allows.
ALTER TABLE meeting_sessions ADD COLUMN walk_in_room INTEGER CHECK (walk_in_room >= 0);

-- Acts of the day that a browser may send twice because the answer was lost:
-- the key is made when the button is pressed.
CREATE TABLE meeting_day_acts (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  staff_id BIGINT NOT NULL,
  act_key TEXT NOT NULL CHECK (length(act_key) BETWEEN 8 AND 64),
  at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, staff_id, act_key),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id)
);
CREATE INDEX meeting_day_acts_at ON meeting_day_acts (tenant_id, at);
