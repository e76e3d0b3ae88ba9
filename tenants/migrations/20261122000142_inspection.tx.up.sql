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
