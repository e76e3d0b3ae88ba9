-- What a directive is made of beside its lead unit, and what is asked and said
-- about it; committees, their sittings and what they speak about.
ALTER TABLE directives ADD COLUMN confidential BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE directives ADD COLUMN seen_by BIGINT;
ALTER TABLE directives ADD COLUMN seen_at TIMESTAMPTZ;
ALTER TABLE directives ADD COLUMN without_parts TEXT NOT NULL DEFAULT '';
CREATE INDEX directives_due ON directives (tenant_id, due_at, id) WHERE state <> 'done';

CREATE TABLE directive_parts (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  directive_id BIGINT NOT NULL,
  unit_id BIGINT NOT NULL,
  text TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('notified','in_progress','reported','returned','accepted')),
  report TEXT NOT NULL DEFAULT '',
  returns INTEGER NOT NULL DEFAULT 0,
  due_at TIMESTAMPTZ NOT NULL,
  next_clock_at TIMESTAMPTZ,
  reminded_level INTEGER NOT NULL DEFAULT 0,
  seen_by BIGINT,
  seen_at TIMESTAMPTZ,
  accepted_at TIMESTAMPTZ,
  version INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, directive_id, unit_id),
  FOREIGN KEY (tenant_id, directive_id) REFERENCES directives (tenant_id, id),
  FOREIGN KEY (tenant_id, unit_id) REFERENCES units (tenant_id, id),
  CHECK ((state = 'accepted') = (accepted_at IS NOT NULL))
);
CREATE INDEX directive_parts_unit ON directive_parts (tenant_id, unit_id, due_at, id) WHERE state IN ('notified','in_progress','returned');
CREATE INDEX directive_parts_clock ON directive_parts (next_clock_at) WHERE next_clock_at IS NOT NULL;

-- The case that a decision of a committee holds open.
CREATE TABLE directive_cases (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  directive_id BIGINT NOT NULL,
  complaint_id BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, directive_id),
  FOREIGN KEY (tenant_id, directive_id) REFERENCES directives (tenant_id, id),
  FOREIGN KEY (tenant_id, complaint_id) REFERENCES complaints (tenant_id, id)
);
CREATE INDEX directive_cases_complaint ON directive_cases (tenant_id, complaint_id, directive_id);

CREATE TABLE directive_extensions (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  directive_id BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('asked','granted','refused','lapsed')),
  old_due_at TIMESTAMPTZ NOT NULL,
  new_due_at TIMESTAMPTZ NOT NULL,
  reason TEXT NOT NULL,
  asked_by BIGINT NOT NULL,
  asked_at TIMESTAMPTZ NOT NULL,
  answer TEXT NOT NULL DEFAULT '',
  decided_by BIGINT,
  decided_at TIMESTAMPTZ,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, directive_id) REFERENCES directives (tenant_id, id),
  CHECK ((state = 'asked') = (decided_at IS NULL))
);
CREATE UNIQUE INDEX directive_extensions_one ON directive_extensions (tenant_id, directive_id) WHERE state = 'asked';
CREATE INDEX directive_extensions_directive ON directive_extensions (tenant_id, directive_id, id);

-- What the citizen says of the final result, once.
CREATE TABLE directive_surveys (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  directive_id BIGINT NOT NULL,
  score INTEGER NOT NULL CHECK (score BETWEEN 1 AND 5),
  text TEXT NOT NULL DEFAULT '',
  at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, directive_id),
  FOREIGN KEY (tenant_id, directive_id) REFERENCES directives (tenant_id, id)
);

-- Which weekly summaries have been sent.
CREATE TABLE executive_digests (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  executive_id BIGINT NOT NULL,
  week_at TIMESTAMPTZ NOT NULL,
  sent_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, executive_id, week_at),
  FOREIGN KEY (tenant_id, executive_id) REFERENCES executives (tenant_id, id)
);

CREATE TABLE committees (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  name_fa TEXT NOT NULL,
  name_en TEXT NOT NULL DEFAULT '',
  place TEXT NOT NULL,
  weekday INTEGER NOT NULL CHECK (weekday BETWEEN 0 AND 6),
  from_minute INTEGER NOT NULL CHECK (from_minute BETWEEN 0 AND 1439),
  minutes_long INTEGER NOT NULL CHECK (minutes_long BETWEEN 15 AND 600),
  executive_id BIGINT NOT NULL,
  active BOOLEAN NOT NULL DEFAULT TRUE,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, name_fa),
  FOREIGN KEY (tenant_id, executive_id) REFERENCES executives (tenant_id, id)
);

CREATE TABLE committee_members (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  committee_id BIGINT NOT NULL,
  staff_id BIGINT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('chair','secretary','member')),
  PRIMARY KEY (tenant_id, committee_id, staff_id),
  FOREIGN KEY (tenant_id, committee_id) REFERENCES committees (tenant_id, id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id)
);
CREATE INDEX committee_members_staff ON committee_members (tenant_id, staff_id, committee_id);

CREATE TABLE committee_sittings (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  committee_id BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('planned','invited','held','cancelled')),
  starts_at TIMESTAMPTZ NOT NULL,
  ends_at TIMESTAMPTZ NOT NULL,
  place TEXT NOT NULL,
  calendar_uid TEXT NOT NULL,
  calendar_sequence INTEGER NOT NULL DEFAULT 0,
  invited_at TIMESTAMPTZ,
  minutes TEXT NOT NULL DEFAULT '',
  held_at TIMESTAMPTZ,
  version INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, committee_id, starts_at),
  FOREIGN KEY (tenant_id, committee_id) REFERENCES committees (tenant_id, id),
  CHECK (ends_at > starts_at)
);

CREATE TABLE committee_attendances (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  sitting_id BIGINT NOT NULL,
  staff_id BIGINT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('chair','secretary','member')),
  state TEXT NOT NULL CHECK (state IN ('invited','present','absent','represented')),
  deputy TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, sitting_id, staff_id),
  FOREIGN KEY (tenant_id, sitting_id) REFERENCES committee_sittings (tenant_id, id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id)
);

CREATE TABLE committee_items (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  sitting_id BIGINT NOT NULL,
  position INTEGER NOT NULL,
  reason TEXT NOT NULL CHECK (reason IN ('overdue','reopened','repeated','source','directive','free')),
  complaint_id BIGINT,
  directive_id BIGINT,
  title TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, sitting_id) REFERENCES committee_sittings (tenant_id, id),
  FOREIGN KEY (tenant_id, complaint_id) REFERENCES complaints (tenant_id, id),
  FOREIGN KEY (tenant_id, directive_id) REFERENCES directives (tenant_id, id)
);
CREATE UNIQUE INDEX committee_items_complaint ON committee_items (tenant_id, sitting_id, complaint_id) WHERE complaint_id IS NOT NULL;
CREATE UNIQUE INDEX committee_items_directive ON committee_items (tenant_id, sitting_id, directive_id) WHERE directive_id IS NOT NULL;
CREATE INDEX committee_items_sitting ON committee_items (tenant_id, sitting_id, position, id);
