-- Where public meetings take place. Windows name a site; sessions keep a copy
-- of its name, so that what was told to citizens stays true.
CREATE TABLE meeting_sites (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('headquarters','station','video','phone')),
  name_fa TEXT NOT NULL,
  name_en TEXT NOT NULL,
  address TEXT NOT NULL DEFAULT '',
  access TEXT NOT NULL DEFAULT '',
  capacity INTEGER NOT NULL DEFAULT 0 CHECK (capacity >= 0),
  active BOOLEAN NOT NULL DEFAULT TRUE,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, name_fa)
);
-- Empty for windows from before there were sites, until the next generation.
ALTER TABLE meeting_windows ADD COLUMN site_id BIGINT;
-- The days of a window, and what booking in it asks for; see meetings/pattern.go
-- and meetings/rules.go.
ALTER TABLE meeting_windows ADD COLUMN pattern JSONB NOT NULL DEFAULT '{}';
ALTER TABLE meeting_windows ADD COLUMN rules JSONB NOT NULL DEFAULT '{}';
ALTER TABLE meeting_sessions ADD COLUMN site_id BIGINT;
-- The start that the window gave the session, which stays when one session is
-- moved by hand; empty for those from before there was one.
ALTER TABLE meeting_sessions ADD COLUMN planned_at TIMESTAMPTZ;
ALTER TABLE meeting_sessions ADD COLUMN changed BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE meeting_sessions ADD COLUMN cause TEXT NOT NULL DEFAULT '' CHECK (cause IN ('','office','closure','window'));
ALTER TABLE meeting_sessions ADD COLUMN reason TEXT NOT NULL DEFAULT '';
CREATE INDEX meeting_sessions_window ON meeting_sessions (tenant_id, window_id, starts_at);
ALTER TABLE meeting_slots ADD COLUMN dropped BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE meetings ADD COLUMN urgent BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE meetings ADD COLUMN answers JSONB NOT NULL DEFAULT '[]';
-- Who lost a place through the office chooses another one first.
CREATE TABLE meeting_priorities (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  meeting_id BIGINT NOT NULL,
  session_id BIGINT NOT NULL,
  slot_number INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('requested','approved')),
  displaced BOOLEAN NOT NULL,
  cause TEXT NOT NULL CHECK (cause IN ('office','closure','window')),
  reason TEXT NOT NULL,
  granted_at TIMESTAMPTZ NOT NULL,
  until_at TIMESTAMPTZ NOT NULL,
  used_at TIMESTAMPTZ,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, meeting_id) REFERENCES meetings (tenant_id, id),
  FOREIGN KEY (tenant_id, session_id) REFERENCES meeting_sessions (tenant_id, id)
);
CREATE UNIQUE INDEX meeting_priorities_open ON meeting_priorities (tenant_id, meeting_id) WHERE used_at IS NULL;
CREATE INDEX meeting_priorities_meeting ON meeting_priorities (tenant_id, meeting_id);
-- Seats that are kept for such a person: a hold of seat_claims under hold_id.
CREATE TABLE priority_seats (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  hold_id BIGINT NOT NULL,
  priority_id BIGINT NOT NULL,
  session_id BIGINT NOT NULL,
  slot_number INTEGER NOT NULL,
  held_until TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, hold_id),
  FOREIGN KEY (tenant_id, priority_id) REFERENCES meeting_priorities (tenant_id, id),
  FOREIGN KEY (tenant_id, session_id, slot_number) REFERENCES meeting_slots (tenant_id, session_id, number)
);
CREATE INDEX priority_seats_priority ON priority_seats (tenant_id, priority_id);
