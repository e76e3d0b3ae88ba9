-- Reviews of calls, what they come to with what citizens say of conduct, and
-- actions that mend what was found.

-- Who took a case in, the call it came by, and who answered a leg of it.
ALTER TABLE complaints ADD COLUMN registered_by BIGINT;
ALTER TABLE complaints ADD COLUMN call_reference TEXT NOT NULL DEFAULT '';
ALTER TABLE referrals ADD COLUMN answered_by BIGINT;
CREATE INDEX complaints_phone ON complaints (tenant_id, registered_at, registered_by) WHERE channel = 'phone' AND registered_by IS NOT NULL;

-- One call as a supervisor heard it. The operator may object once.
CREATE TABLE call_reviews (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  call_kind TEXT NOT NULL CHECK (call_kind IN ('feedback','intake')),
  call_id BIGINT NOT NULL,
  complaint_id BIGINT NOT NULL,
  operator_id BIGINT NOT NULL,
  unit_id BIGINT,
  called_at TIMESTAMPTZ NOT NULL,
  reviewer_id BIGINT NOT NULL,
  reviewed_at TIMESTAMPTZ NOT NULL,
  form_version INTEGER NOT NULL,
  percent INTEGER NOT NULL CHECK (percent BETWEEN 0 AND 100),
  first_percent INTEGER NOT NULL CHECK (first_percent BETWEEN 0 AND 100),
  remark TEXT NOT NULL DEFAULT '',
  objection TEXT NOT NULL DEFAULT '',
  objected_at TIMESTAMPTZ,
  decision TEXT NOT NULL DEFAULT '' CHECK (decision IN ('','kept','changed')),
  decision_note TEXT NOT NULL DEFAULT '',
  decided_by BIGINT,
  decided_at TIMESTAMPTZ,
  version INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, call_kind, call_id),
  FOREIGN KEY (tenant_id, complaint_id) REFERENCES complaints (tenant_id, id),
  FOREIGN KEY (tenant_id, operator_id) REFERENCES staff (tenant_id, id),
  FOREIGN KEY (tenant_id, unit_id) REFERENCES units (tenant_id, id),
  FOREIGN KEY (tenant_id, reviewer_id) REFERENCES staff (tenant_id, id),
  FOREIGN KEY (tenant_id, decided_by) REFERENCES staff (tenant_id, id),
  CHECK (operator_id <> reviewer_id),
  CHECK (decided_by IS NULL OR decided_by <> operator_id),
  CHECK ((objected_at IS NULL) = (objection = '')),
  CHECK (decision = '' OR objected_at IS NOT NULL),
  CHECK ((decision = '') = (decided_at IS NULL))
);
CREATE INDEX call_reviews_operator ON call_reviews (tenant_id, operator_id, called_at, id);
CREATE INDEX call_reviews_time ON call_reviews (tenant_id, called_at, operator_id);
CREATE INDEX call_reviews_objections ON call_reviews (tenant_id, objected_at, id) WHERE objected_at IS NOT NULL AND decision = '';

-- What was given for each criterion, with the criterion as it was then.
CREATE TABLE call_review_marks (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  review_id BIGINT NOT NULL,
  position INTEGER NOT NULL,
  criterion TEXT NOT NULL,
  text_fa TEXT NOT NULL,
  text_en TEXT NOT NULL DEFAULT '',
  weight INTEGER NOT NULL CHECK (weight BETWEEN 1 AND 10),
  score INTEGER NOT NULL CHECK (score BETWEEN 1 AND 5),
  remark TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, review_id, position),
  FOREIGN KEY (tenant_id, review_id) REFERENCES call_reviews (tenant_id, id)
);

-- What is done about a finding, by whom, until when. Overdue is derived.
CREATE TABLE improvements (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  source_kind TEXT NOT NULL CHECK (source_kind IN ('inspection','violation','warning','topic')),
  source_id BIGINT NOT NULL,
  topic_id BIGINT,
  unit_id BIGINT NOT NULL,
  owner_id BIGINT,
  title TEXT NOT NULL,
  text TEXT NOT NULL DEFAULT '',
  due_at TIMESTAMPTZ NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('planned','in_work','done','verified','dropped')),
  planned_by BIGINT NOT NULL,
  planned_at TIMESTAMPTZ NOT NULL,
  started_by BIGINT,
  started_at TIMESTAMPTZ,
  result TEXT NOT NULL DEFAULT '',
  done_by BIGINT,
  done_at TIMESTAMPTZ,
  verified_by BIGINT,
  verified_at TIMESTAMPTZ,
  verdict TEXT NOT NULL DEFAULT '',
  version INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, topic_id) REFERENCES topics (tenant_id, id),
  FOREIGN KEY (tenant_id, unit_id) REFERENCES units (tenant_id, id),
  FOREIGN KEY (tenant_id, owner_id) REFERENCES staff (tenant_id, id),
  FOREIGN KEY (tenant_id, planned_by) REFERENCES staff (tenant_id, id),
  FOREIGN KEY (tenant_id, started_by) REFERENCES staff (tenant_id, id),
  FOREIGN KEY (tenant_id, done_by) REFERENCES staff (tenant_id, id),
  FOREIGN KEY (tenant_id, verified_by) REFERENCES staff (tenant_id, id),
  CHECK ((state IN ('done','verified')) = (done_at IS NOT NULL)),
  CHECK ((state = 'verified') = (verified_at IS NOT NULL)),
  CHECK (verified_by IS NULL OR done_by IS NULL OR verified_by <> done_by)
);
CREATE INDEX improvements_list ON improvements (tenant_id, state, due_at, id);
CREATE INDEX improvements_unit ON improvements (tenant_id, unit_id, state, due_at, id);
CREATE INDEX improvements_source ON improvements (tenant_id, source_kind, source_id, id);

-- What was done with an action, and said of it.
CREATE TABLE improvement_acts (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  improvement_id BIGINT NOT NULL,
  act TEXT NOT NULL CHECK (act IN ('planned','started','done','returned','verified','dropped')),
  staff_id BIGINT NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, improvement_id) REFERENCES improvements (tenant_id, id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id)
);
CREATE INDEX improvement_acts_of ON improvement_acts (tenant_id, improvement_id, id);

CREATE INDEX violations_decided ON violations (tenant_id, decided_at, unit_id) WHERE state = 'decided';
