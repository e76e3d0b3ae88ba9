-- What the office decided about a request without a meeting, what it asks the
-- citizen to bring first, the appeal after an absence, and on whose behalf
-- somebody comes.
ALTER TABLE meetings ADD COLUMN outcome TEXT NOT NULL DEFAULT '' CHECK (outcome IN ('','answered','routed'));
ALTER TABLE meetings ADD COLUMN asked_text TEXT NOT NULL DEFAULT '';
ALTER TABLE meetings ADD COLUMN asked_at TIMESTAMPTZ;
ALTER TABLE meetings ADD COLUMN asked_until TIMESTAMPTZ;
ALTER TABLE meetings ADD COLUMN appeal_state TEXT NOT NULL DEFAULT '' CHECK (appeal_state IN ('','open','accepted','refused'));
ALTER TABLE meetings ADD COLUMN appeal_text TEXT NOT NULL DEFAULT '';
ALTER TABLE meetings ADD COLUMN appeal_answer TEXT NOT NULL DEFAULT '';
ALTER TABLE meetings ADD COLUMN appealed_at TIMESTAMPTZ;
ALTER TABLE meetings ADD COLUMN party_kind TEXT NOT NULL DEFAULT '' CHECK (party_kind IN ('','company','group'));
ALTER TABLE meetings ADD COLUMN party_name TEXT NOT NULL DEFAULT '';
ALTER TABLE meetings ADD COLUMN party_id TEXT NOT NULL DEFAULT '';
ALTER TABLE meetings ADD COLUMN party_people INTEGER NOT NULL DEFAULT 0;
CREATE INDEX meetings_party ON meetings (tenant_id, party_id, executive_id) WHERE party_id <> '';
CREATE INDEX meetings_asked ON meetings (tenant_id, asked_until) WHERE asked_until IS NOT NULL;
CREATE INDEX meetings_appeals ON meetings (tenant_id, appealed_at, id) WHERE appeal_state = 'open';

-- A request that went to a unit as a case: both know of each other.
CREATE TABLE meeting_cases (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  meeting_id BIGINT NOT NULL,
  complaint_id BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, meeting_id),
  FOREIGN KEY (tenant_id, meeting_id) REFERENCES meetings (tenant_id, id),
  FOREIGN KEY (tenant_id, complaint_id) REFERENCES complaints (tenant_id, id)
);
CREATE INDEX meeting_cases_case ON meeting_cases (tenant_id, complaint_id);

-- A session with far more requests than places gives its seats by one draw.
ALTER TABLE meeting_windows ADD COLUMN draw BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE meeting_sessions ADD COLUMN draw BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE meeting_sessions ADD COLUMN drawn_at TIMESTAMPTZ;
CREATE TABLE meeting_draws (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  session_id BIGINT NOT NULL,
  seed TEXT NOT NULL CHECK (length(seed) = 64),
  seed_hash TEXT NOT NULL CHECK (length(seed_hash) = 64),
  closes_at TIMESTAMPTZ NOT NULL,
  tickets INTEGER NOT NULL DEFAULT 0,
  drawn_at TIMESTAMPTZ,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, session_id),
  FOREIGN KEY (tenant_id, session_id) REFERENCES meeting_sessions (tenant_id, id)
);
CREATE INDEX meeting_draws_due ON meeting_draws (tenant_id, closes_at) WHERE drawn_at IS NULL;

-- Who waits for a seat. The row keeps id and code for the meeting that it may
-- become; while it is offered a seat, the seat's claim carries its id as draft.
CREATE TABLE meeting_waits (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  code TEXT NOT NULL,
  citizen_id BIGINT NOT NULL,
  executive_id BIGINT NOT NULL,
  session_id BIGINT,
  draw_id BIGINT,
  ticket INTEGER,
  place INTEGER,
  state TEXT NOT NULL CHECK (state IN ('entered','waiting','offered','booked','lapsed','left','over')),
  subject TEXT NOT NULL,
  text TEXT NOT NULL,
  complaint_id BIGINT,
  companions INTEGER NOT NULL DEFAULT 0 CHECK (companions BETWEEN 0 AND 20),
  channel TEXT NOT NULL CHECK (channel IN ('web','phone','in_person')),
  party_kind TEXT NOT NULL DEFAULT '' CHECK (party_kind IN ('','company','group')),
  party_name TEXT NOT NULL DEFAULT '',
  party_id TEXT NOT NULL DEFAULT '',
  party_people INTEGER NOT NULL DEFAULT 0,
  position BIGINT NOT NULL,
  offered_session_id BIGINT,
  offered_slot INTEGER,
  offer_until TIMESTAMPTZ,
  joined_at TIMESTAMPTZ NOT NULL,
  ended_at TIMESTAMPTZ,
  version INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, code),
  FOREIGN KEY (tenant_id, citizen_id) REFERENCES citizens (tenant_id, id),
  FOREIGN KEY (tenant_id, executive_id) REFERENCES executives (tenant_id, id),
  FOREIGN KEY (tenant_id, session_id) REFERENCES meeting_sessions (tenant_id, id),
  FOREIGN KEY (tenant_id, draw_id) REFERENCES meeting_draws (tenant_id, id),
  FOREIGN KEY (tenant_id, complaint_id) REFERENCES complaints (tenant_id, id),
  FOREIGN KEY (tenant_id, offered_session_id, offered_slot) REFERENCES meeting_slots (tenant_id, session_id, number),
  CHECK ((state = 'offered') = (offer_until IS NOT NULL)),
  CHECK (draw_id IS NULL OR ticket IS NOT NULL)
);
CREATE UNIQUE INDEX meeting_waits_once ON meeting_waits (tenant_id, executive_id, citizen_id) WHERE state IN ('entered','waiting','offered');
CREATE UNIQUE INDEX meeting_waits_ticket ON meeting_waits (tenant_id, draw_id, ticket) WHERE draw_id IS NOT NULL;
CREATE INDEX meeting_waits_queue ON meeting_waits (tenant_id, executive_id, position, id) WHERE state IN ('waiting','offered');
CREATE INDEX meeting_waits_citizen ON meeting_waits (tenant_id, citizen_id, id);

-- Which executive receives the people of which district.
CREATE TABLE executive_districts (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  executive_id BIGINT NOT NULL,
  district_id BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, district_id),
  FOREIGN KEY (tenant_id, executive_id) REFERENCES executives (tenant_id, id),
  FOREIGN KEY (tenant_id, district_id) REFERENCES districts (tenant_id, id)
);
CREATE INDEX executive_districts_executive ON executive_districts (tenant_id, executive_id);
