-- What the complaints desk is run with: the organization's own lists and
-- rules, the ways in besides the form, and the tasks of the day.

-- Known issues, shown before a case is registered.
CREATE TABLE notices (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  topic_id BIGINT,
  district_id BIGINT,
  text_fa TEXT NOT NULL,
  text_en TEXT NOT NULL DEFAULT '',
  starts_at TIMESTAMPTZ NOT NULL,
  ends_at TIMESTAMPTZ NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, topic_id) REFERENCES topics (tenant_id, id),
  FOREIGN KEY (tenant_id, district_id) REFERENCES districts (tenant_id, id),
  CHECK (ends_at > starts_at)
);
CREATE INDEX notices_until ON notices (tenant_id, ends_at);

-- Settled by guidance: counted, and no case.
CREATE TABLE guidances (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  topic_id BIGINT NOT NULL,
  notice_id BIGINT,
  channel TEXT NOT NULL,
  staff_id BIGINT,
  note TEXT NOT NULL DEFAULT '',
  at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, topic_id) REFERENCES topics (tenant_id, id),
  FOREIGN KEY (tenant_id, notice_id) REFERENCES notices (tenant_id, id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id)
);
CREATE INDEX guidances_at ON guidances (tenant_id, at);
CREATE INDEX guidances_notice ON guidances (tenant_id, notice_id) WHERE notice_id IS NOT NULL;

CREATE TABLE sources (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  code TEXT NOT NULL,
  name_fa TEXT NOT NULL,
  name_en TEXT NOT NULL,
  active BOOLEAN NOT NULL DEFAULT TRUE,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, code)
);

-- Where a new case goes; the first rule that fits decides.
CREATE TABLE routing_rules (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  topic_id BIGINT,
  district_id BIGINT,
  kind TEXT NOT NULL DEFAULT '',
  channel TEXT NOT NULL DEFAULT '',
  hours TEXT NOT NULL DEFAULT '' CHECK (hours IN ('','working','off')),
  unit_id BIGINT NOT NULL,
  active BOOLEAN NOT NULL DEFAULT TRUE,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, topic_id) REFERENCES topics (tenant_id, id),
  FOREIGN KEY (tenant_id, district_id) REFERENCES districts (tenant_id, id),
  FOREIGN KEY (tenant_id, unit_id) REFERENCES units (tenant_id, id)
);
CREATE INDEX routing_rules_order ON routing_rules (tenant_id, position, id);

-- Answer templates and call scripts, with fields in braces.
CREATE TABLE text_templates (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('answer','interim','guidance','refusal','question','call_script','intake_script')),
  topic_id BIGINT,
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  active BOOLEAN NOT NULL DEFAULT TRUE,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, topic_id) REFERENCES topics (tenant_id, id)
);
CREATE INDEX text_templates_kind ON text_templates (tenant_id, kind, title);

CREATE TABLE mentions (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  staff_id BIGINT NOT NULL,
  complaint_id BIGINT NOT NULL,
  event_id BIGINT NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  read_at TIMESTAMPTZ,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, event_id, staff_id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id),
  FOREIGN KEY (tenant_id, complaint_id) REFERENCES complaints (tenant_id, id),
  FOREIGN KEY (tenant_id, event_id) REFERENCES events (tenant_id, id)
);
CREATE INDEX mentions_staff ON mentions (tenant_id, staff_id, id);
CREATE INDEX mentions_unread ON mentions (tenant_id, staff_id, id) WHERE read_at IS NULL;

CREATE TABLE saved_filters (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  staff_id BIGINT NOT NULL,
  name TEXT NOT NULL,
  query TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, staff_id, name),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id)
);

-- A case that went to, or came from, another organization.
CREATE TABLE transfers (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  complaint_id BIGINT NOT NULL,
  direction TEXT NOT NULL CHECK (direction IN ('out','in')),
  other_slug TEXT NOT NULL,
  other_code TEXT NOT NULL DEFAULT '',
  other_state TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('sent','arrived','refused')),
  at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, complaint_id) REFERENCES complaints (tenant_id, id)
);
CREATE UNIQUE INDEX transfers_once ON transfers (tenant_id, complaint_id, direction) WHERE state <> 'refused';

CREATE TABLE visit_plans (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  complaint_id BIGINT NOT NULL,
  cycle INTEGER NOT NULL,
  staff_id BIGINT NOT NULL,
  day TEXT NOT NULL CHECK (length(day) = 10),
  position INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, complaint_id, cycle),
  FOREIGN KEY (tenant_id, complaint_id) REFERENCES complaints (tenant_id, id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id)
);
CREATE INDEX visit_plans_day ON visit_plans (tenant_id, staff_id, day, position);

-- Closures and late starts that are no holiday of the country.
CREATE TABLE closures (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  day TEXT NOT NULL CHECK (length(day) = 10),
  from_minute INTEGER NOT NULL CHECK (from_minute BETWEEN 0 AND 1440),
  until_minute INTEGER NOT NULL CHECK (until_minute BETWEEN 0 AND 1440),
  kind TEXT NOT NULL DEFAULT 'closure' CHECK (kind IN ('closure','holiday')),
  name_fa TEXT NOT NULL,
  name_en TEXT NOT NULL DEFAULT '',
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CHECK (until_minute > from_minute)
);
CREATE INDEX closures_day ON closures (tenant_id, day);
CREATE UNIQUE INDEX closures_holiday ON closures (tenant_id, day) WHERE kind = 'holiday';

-- Working weeks after the first; each is in force from its day on, so that a
-- change leaves the past.
CREATE TABLE calendar_weeks (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  from_day TEXT NOT NULL CHECK (length(from_day) = 10),
  week JSONB NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, from_day)
);

-- What else an event is about: the leg or stage of an escalation, the cause of
-- a reversed score, the class that gave a due time.
ALTER TABLE events ADD COLUMN ref_id BIGINT;

-- Legal answers to come, and the parts that units had in a time.
CREATE INDEX complaints_legal ON complaints (tenant_id, legal_due_at) WHERE state <> 'closed';
CREATE INDEX referrals_ended ON referrals (tenant_id, ended_at);
CREATE INDEX referrals_running ON referrals (tenant_id, id) WHERE ended_at IS NULL;

CREATE TABLE score_objections (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  score_id BIGINT NOT NULL,
  unit_id BIGINT NOT NULL,
  staff_id BIGINT NOT NULL,
  text TEXT NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  decision TEXT NOT NULL DEFAULT '' CHECK (decision IN ('','upheld','reversed')),
  decided_by BIGINT,
  decided_at TIMESTAMPTZ,
  reason TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, score_id),
  FOREIGN KEY (tenant_id, score_id) REFERENCES scores (tenant_id, id),
  FOREIGN KEY (tenant_id, unit_id) REFERENCES units (tenant_id, id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id),
  FOREIGN KEY (tenant_id, decided_by) REFERENCES staff (tenant_id, id),
  CHECK ((decision = '') = (decided_at IS NULL))
);
CREATE INDEX score_objections_open ON score_objections (tenant_id, id) WHERE decision = '';

-- Links sent by message; each opens once.
CREATE TABLE access_links (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id TEXT NOT NULL CHECK (length(id) = 64),
  subject_kind TEXT NOT NULL CHECK (subject_kind IN ('complaint','meeting')),
  subject_id BIGINT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL,
  used_at TIMESTAMPTZ,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX access_links_expiry ON access_links (tenant_id, expires_at);
CREATE INDEX access_links_subject ON access_links (tenant_id, subject_kind, subject_id) WHERE used_at IS NULL;

-- One visitor at a time is with the executive.
CREATE UNIQUE INDEX meetings_in_room ON meetings (tenant_id, session_id) WHERE state = 'called';
