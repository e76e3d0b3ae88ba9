-- What watches over the work: daily counts and the warnings that come of them,
-- and cases that a higher office took over.

-- How many cases came in on a day, by what they are about and who got them.
-- The row of dimension 'all' says that the day was counted.
CREATE TABLE quality_days (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  dimension TEXT NOT NULL CHECK (dimension IN ('all','topic','district','unit')),
  subject_id BIGINT NOT NULL,
  day TEXT NOT NULL CHECK (length(day) = 10),
  n INTEGER NOT NULL CHECK (n >= 0),
  PRIMARY KEY (tenant_id, dimension, subject_id, day)
);
CREATE INDEX quality_days_day ON quality_days (tenant_id, day, dimension, n);

CREATE TABLE warnings (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('spike','repeat','ageing','reopened','dissatisfied')),
  dimension TEXT NOT NULL CHECK (dimension IN ('all','topic','district','unit','citizen')),
  subject_id BIGINT NOT NULL,
  other_id BIGINT NOT NULL DEFAULT 0,
  observed INTEGER NOT NULL,
  expected INTEGER NOT NULL,
  strong BOOLEAN NOT NULL,
  from_at TIMESTAMPTZ NOT NULL,
  until_at TIMESTAMPTZ NOT NULL,
  series JSONB NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open','acknowledged','closed')),
  raised_at TIMESTAMPTZ NOT NULL,
  seen_at TIMESTAMPTZ NOT NULL,
  ended_at TIMESTAMPTZ,
  assigned_to BIGINT,
  version INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, assigned_to) REFERENCES staff (tenant_id, id),
  CHECK (until_at > from_at)
);
CREATE UNIQUE INDEX warnings_standing ON warnings (tenant_id, kind, dimension, subject_id, other_id) WHERE ended_at IS NULL OR state <> 'closed';
CREATE INDEX warnings_list ON warnings (tenant_id, state, id);

CREATE TABLE warning_acts (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  warning_id BIGINT NOT NULL,
  act TEXT NOT NULL CHECK (act IN ('acknowledged','assigned','closed')),
  staff_id BIGINT NOT NULL,
  to_id BIGINT,
  note TEXT NOT NULL DEFAULT '',
  at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, warning_id) REFERENCES warnings (tenant_id, id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id),
  FOREIGN KEY (tenant_id, to_id) REFERENCES staff (tenant_id, id)
);
CREATE INDEX warning_acts_warning ON warning_acts (tenant_id, warning_id, id);

CREATE INDEX referrals_time ON referrals (tenant_id, referred_at, unit_id);
CREATE INDEX feedback_calls_at ON feedback_calls (tenant_id, at, outcome);

-- A case that a higher office answers in the place of the unit.
ALTER TABLE complaints ADD COLUMN taken_over_by BIGINT;
CREATE TABLE takeovers (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  complaint_id BIGINT NOT NULL,
  cycle INTEGER NOT NULL,
  unit_id BIGINT NOT NULL,
  office_id BIGINT NOT NULL,
  staff_id BIGINT NOT NULL,
  reason TEXT NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  ended_at TIMESTAMPTZ,
  ended_by BIGINT,
  ending TEXT NOT NULL DEFAULT '' CHECK (ending IN ('','decided','given_back','moved_on')),
  outcome TEXT NOT NULL DEFAULT '' CHECK (outcome IN ('','citizen_right','partly_right','unit_right','agreement')),
  ending_note TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, complaint_id) REFERENCES complaints (tenant_id, id),
  FOREIGN KEY (tenant_id, unit_id) REFERENCES units (tenant_id, id),
  FOREIGN KEY (tenant_id, office_id) REFERENCES units (tenant_id, id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id),
  CHECK (unit_id <> office_id),
  CHECK ((ended_at IS NULL) = (ending = '')),
  CHECK ((ending = 'decided') = (outcome <> ''))
);
CREATE UNIQUE INDEX takeovers_one ON takeovers (tenant_id, complaint_id) WHERE ended_at IS NULL;
CREATE INDEX takeovers_complaint ON takeovers (tenant_id, complaint_id, id);
