-- What the calendars of executives and of those who stand in were told by mail
-- of the sessions. A row outlives a session that nobody booked and that was
-- removed, because the calendar still has to forget it: so it refers to none.
CREATE TABLE session_invites (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  session_id BIGINT NOT NULL,
  staff_id BIGINT NOT NULL,
  executive_id BIGINT NOT NULL,
  revision INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  cancelled BOOLEAN NOT NULL DEFAULT FALSE,
  starts_at TIMESTAMPTZ NOT NULL,
  ends_at TIMESTAMPTZ NOT NULL,
  site_fa TEXT NOT NULL,
  site_en TEXT NOT NULL,
  invited_at TIMESTAMPTZ NOT NULL,
  held INTEGER,
  PRIMARY KEY (tenant_id, session_id, staff_id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id),
  FOREIGN KEY (tenant_id, executive_id) REFERENCES executives (tenant_id, id),
  CHECK (ends_at > starts_at),
  CHECK (sequence >= 0 AND revision >= 0)
);
CREATE INDEX session_invites_ends ON session_invites (tenant_id, ends_at);
CREATE INDEX session_invites_invited ON session_invites (tenant_id, invited_at);

-- An executive's calendar can be left alone.
ALTER TABLE executives ADD COLUMN invites_off BOOLEAN NOT NULL DEFAULT FALSE;
