-- Inspection: what a visit asks, the visits and what they found, the file of
-- violations with what they cost.
CREATE TABLE inspection_checklists (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  name_fa TEXT NOT NULL,
  name_en TEXT NOT NULL DEFAULT '',
  questions JSONB NOT NULL,
  active BOOLEAN NOT NULL DEFAULT TRUE,
  version INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, name_fa)
);

CREATE TABLE inspections (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  unit_id BIGINT NOT NULL,
  place TEXT NOT NULL DEFAULT '',
  day TEXT NOT NULL,
  confidential BOOLEAN NOT NULL,
  purpose TEXT NOT NULL DEFAULT '',
  inspector_id BIGINT NOT NULL,
  planned_by BIGINT NOT NULL,
  planned_at TIMESTAMPTZ NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('planned','done','cancelled')),
  finding TEXT NOT NULL DEFAULT '',
  result INTEGER CHECK (result BETWEEN 0 AND 100),
  done_at TIMESTAMPTZ,
  answer_due_at TIMESTAMPTZ,
  answer TEXT NOT NULL DEFAULT '',
  answered_by BIGINT,
  answered_at TIMESTAMPTZ,
  reason TEXT NOT NULL DEFAULT '',
  version INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, unit_id) REFERENCES units (tenant_id, id),
  FOREIGN KEY (tenant_id, inspector_id) REFERENCES staff (tenant_id, id),
  FOREIGN KEY (tenant_id, planned_by) REFERENCES staff (tenant_id, id),
  FOREIGN KEY (tenant_id, answered_by) REFERENCES staff (tenant_id, id),
  CHECK ((state = 'done') = (done_at IS NOT NULL)),
  CHECK (NOT confidential OR answered_at IS NULL)
);
CREATE INDEX inspections_list ON inspections (tenant_id, state, day, id);
CREATE INDEX inspections_unit ON inspections (tenant_id, unit_id, state, day, id);
CREATE INDEX inspections_done ON inspections (tenant_id, done_at) WHERE state = 'done';

CREATE TABLE inspection_items (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  inspection_id BIGINT NOT NULL,
  position INTEGER NOT NULL,
  section TEXT NOT NULL CHECK (section IN ('satisfaction','conduct','premises','boards','records')),
  text_fa TEXT NOT NULL,
  text_en TEXT NOT NULL DEFAULT '',
  weight INTEGER NOT NULL CHECK (weight BETWEEN 1 AND 10),
  answer TEXT NOT NULL DEFAULT '' CHECK (answer IN ('','yes','partly','no','na')),
  note TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, inspection_id, position),
  FOREIGN KEY (tenant_id, inspection_id) REFERENCES inspections (tenant_id, id)
);

CREATE TABLE violations (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  unit_id BIGINT NOT NULL,
  staff_id BIGINT,
  kind TEXT NOT NULL CHECK (kind IN ('conduct','money','neglect','absence','false_report','secrecy','other')),
  severity TEXT NOT NULL CHECK (severity IN ('minor','serious','grave')),
  inspection_id BIGINT,
  complaint_id BIGINT,
  text TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('reported','heard','decided')),
  reported_by BIGINT NOT NULL,
  reported_at TIMESTAMPTZ NOT NULL,
  due_at TIMESTAMPTZ NOT NULL,
  hearing TEXT NOT NULL DEFAULT '',
  heard_by BIGINT,
  heard_at TIMESTAMPTZ,
  decision TEXT NOT NULL DEFAULT '' CHECK (decision IN ('','upheld','dismissed')),
  measure TEXT NOT NULL DEFAULT '',
  decided_by BIGINT,
  decided_at TIMESTAMPTZ,
  overturned_at TIMESTAMPTZ,
  overturned_by BIGINT,
  overturn_reason TEXT NOT NULL DEFAULT '',
  version INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, unit_id) REFERENCES units (tenant_id, id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id),
  FOREIGN KEY (tenant_id, inspection_id) REFERENCES inspections (tenant_id, id),
  FOREIGN KEY (tenant_id, complaint_id) REFERENCES complaints (tenant_id, id),
  FOREIGN KEY (tenant_id, reported_by) REFERENCES staff (tenant_id, id),
  CHECK ((state = 'reported') = (heard_at IS NULL)),
  CHECK ((state = 'decided') = (decided_at IS NOT NULL)),
  CHECK ((decision = '') = (decided_at IS NULL)),
  CHECK (overturned_at IS NULL OR decision = 'upheld')
);
CREATE INDEX violations_list ON violations (tenant_id, state, id);
CREATE INDEX violations_unit ON violations (tenant_id, unit_id, id);

-- What upheld violations cost their units: append-only like scores, which only
-- knows cases; a line is undone by another one.
CREATE TABLE violation_scores (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  unit_id BIGINT NOT NULL,
  violation_id BIGINT NOT NULL,
  points INTEGER NOT NULL,
  rule_version INTEGER NOT NULL,
  reverses_id BIGINT,
  reason TEXT NOT NULL DEFAULT '',
  at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, unit_id) REFERENCES units (tenant_id, id),
  FOREIGN KEY (tenant_id, violation_id) REFERENCES violations (tenant_id, id),
  FOREIGN KEY (tenant_id, reverses_id) REFERENCES violation_scores (tenant_id, id)
);
CREATE UNIQUE INDEX violation_scores_once ON violation_scores (tenant_id, violation_id) WHERE reverses_id IS NULL;
CREATE UNIQUE INDEX violation_scores_reversed_once ON violation_scores (tenant_id, reverses_id) WHERE reverses_id IS NOT NULL;
CREATE INDEX violation_scores_file ON violation_scores (tenant_id, violation_id, id);
CREATE INDEX violation_scores_unit ON violation_scores (tenant_id, unit_id, at);
CREATE INDEX violation_scores_time ON violation_scores (tenant_id, at);

CREATE INDEX feedback_calls_time ON feedback_calls (tenant_id, at) WHERE conduct <> '';
