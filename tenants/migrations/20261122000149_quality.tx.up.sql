-- What watches over the work: daily counts and the warnings that come of them,
-- reviews of calls, cases that a higher office took over, notices of inspection.

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

-- Reviews of calls: what is judged (in versions), the samples that were drawn,
-- and each call of a sample with its scores.
CREATE TABLE review_lists (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  version INTEGER NOT NULL,
  questions JSONB NOT NULL,
  saved_by BIGINT NOT NULL,
  saved_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, version),
  FOREIGN KEY (tenant_id, saved_by) REFERENCES staff (tenant_id, id)
);

CREATE TABLE review_samples (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  agent_id BIGINT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('feedback','intake')),
  from_at TIMESTAMPTZ NOT NULL,
  until_at TIMESTAMPTZ NOT NULL,
  size INTEGER NOT NULL CHECK (size BETWEEN 1 AND 50),
  seed BIGINT NOT NULL,
  out_of INTEGER NOT NULL,
  list_version INTEGER NOT NULL,
  drawn_by BIGINT NOT NULL,
  drawn_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, agent_id) REFERENCES staff (tenant_id, id),
  FOREIGN KEY (tenant_id, drawn_by) REFERENCES staff (tenant_id, id),
  CHECK (drawn_by <> agent_id)
);

CREATE TABLE call_reviews (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  sample_id BIGINT NOT NULL,
  agent_id BIGINT NOT NULL,
  complaint_id BIGINT NOT NULL,
  call_id BIGINT,
  called_at TIMESTAMPTZ NOT NULL,
  questions JSONB NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting','done')),
  answers JSONB,
  result INTEGER CHECK (result BETWEEN 0 AND 100),
  note TEXT NOT NULL DEFAULT '',
  reviewer_id BIGINT,
  reviewed_at TIMESTAMPTZ,
  objection TEXT NOT NULL DEFAULT '',
  objected_at TIMESTAMPTZ,
  decision TEXT NOT NULL DEFAULT '' CHECK (decision IN ('','upheld','changed')),
  decision_note TEXT NOT NULL DEFAULT '',
  decided_by BIGINT,
  decided_at TIMESTAMPTZ,
  version INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, sample_id) REFERENCES review_samples (tenant_id, id),
  FOREIGN KEY (tenant_id, agent_id) REFERENCES staff (tenant_id, id),
  FOREIGN KEY (tenant_id, complaint_id) REFERENCES complaints (tenant_id, id),
  FOREIGN KEY (tenant_id, call_id) REFERENCES feedback_calls (tenant_id, id),
  FOREIGN KEY (tenant_id, reviewer_id) REFERENCES staff (tenant_id, id),
  FOREIGN KEY (tenant_id, decided_by) REFERENCES staff (tenant_id, id),
  CHECK ((state = 'done') = (reviewed_at IS NOT NULL)),
  CHECK (reviewer_id IS NULL OR reviewer_id <> agent_id),
  CHECK (decided_by IS NULL OR decided_by <> agent_id),
  CHECK (decided_at IS NULL OR objected_at IS NOT NULL),
  CHECK (objected_at IS NULL OR state = 'done')
);
CREATE UNIQUE INDEX call_reviews_call ON call_reviews (tenant_id, call_id) WHERE call_id IS NOT NULL;
CREATE UNIQUE INDEX call_reviews_intake ON call_reviews (tenant_id, complaint_id) WHERE call_id IS NULL;
CREATE INDEX call_reviews_list ON call_reviews (tenant_id, state, id);
CREATE INDEX call_reviews_agent ON call_reviews (tenant_id, agent_id, id);
CREATE INDEX call_reviews_done ON call_reviews (tenant_id, reviewed_at) WHERE state = 'done';
CREATE INDEX call_reviews_objected ON call_reviews (tenant_id, id) WHERE objected_at IS NOT NULL AND decided_at IS NULL;
CREATE INDEX call_reviews_sample ON call_reviews (tenant_id, sample_id, id);
CREATE INDEX feedback_calls_staff ON feedback_calls (tenant_id, staff_id, at) WHERE NOT by_citizen;

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

-- Corrective action that an inspection asks of a unit.
ALTER TABLE inspections ADD COLUMN corrective TEXT NOT NULL DEFAULT '';
ALTER TABLE inspections ADD COLUMN corrective_due_at TIMESTAMPTZ;
ALTER TABLE inspections ADD COLUMN corrective_done_at TIMESTAMPTZ;
ALTER TABLE inspections ADD COLUMN corrective_report TEXT NOT NULL DEFAULT '';
ALTER TABLE inspections ADD COLUMN corrective_reminded INTEGER NOT NULL DEFAULT 0;
CREATE INDEX inspections_corrective ON inspections (tenant_id, corrective_due_at) WHERE corrective_due_at IS NOT NULL AND corrective_done_at IS NULL;
