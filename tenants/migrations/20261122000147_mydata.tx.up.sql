-- What people may ask about their own data, and how long an organization keeps
-- what. When a person asked to be forgotten, and what the office decided; mobile
-- is kept only until they were told.
CREATE TABLE erasure_requests (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  citizen_id BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open','erased','refused','withdrawn')),
  ground TEXT NOT NULL DEFAULT '' CHECK (ground IN ('','open_case','hold','duty','identity','other')),
  reason TEXT NOT NULL DEFAULT '',
  asked_at TIMESTAMPTZ NOT NULL,
  due_at TIMESTAMPTZ NOT NULL,
  decided_at TIMESTAMPTZ,
  decided_by BIGINT,
  mobile TEXT NOT NULL DEFAULT '',
  mobile_sealed TEXT NOT NULL DEFAULT '',
  language TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, citizen_id) REFERENCES citizens (tenant_id, id),
  FOREIGN KEY (tenant_id, decided_by) REFERENCES staff (tenant_id, id),
  CHECK ((state = 'open') = (decided_at IS NULL))
);
--bun:split
CREATE UNIQUE INDEX erasure_requests_one ON erasure_requests (tenant_id, citizen_id) WHERE state = 'open';
--bun:split
CREATE INDEX erasure_requests_due ON erasure_requests (tenant_id, due_at, id) WHERE state = 'open';
--bun:split
CREATE INDEX erasure_requests_over ON erasure_requests (tenant_id, decided_at, id) WHERE state <> 'open';
--bun:split
CREATE INDEX erasure_requests_of ON erasure_requests (tenant_id, citizen_id, id);
--bun:split
-- A change of mobile number: done by the person, who proved both numbers, or
-- judged by the office. A number is won by one person on a day.
CREATE TABLE mobile_changes (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open','done','refused')),
  by_office BOOLEAN NOT NULL,
  citizen_id BIGINT,
  old_mobile TEXT NOT NULL,
  old_mobile_sealed TEXT NOT NULL DEFAULT '',
  new_mobile TEXT NOT NULL,
  new_mobile_sealed TEXT NOT NULL DEFAULT '',
  people INTEGER NOT NULL DEFAULT 0,
  won_on TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL DEFAULT '',
  asked_at TIMESTAMPTZ NOT NULL,
  due_at TIMESTAMPTZ NOT NULL,
  decided_at TIMESTAMPTZ,
  decided_by BIGINT,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, citizen_id) REFERENCES citizens (tenant_id, id),
  FOREIGN KEY (tenant_id, decided_by) REFERENCES staff (tenant_id, id)
);
--bun:split
CREATE UNIQUE INDEX mobile_changes_won ON mobile_changes (tenant_id, new_mobile, won_on) WHERE state = 'done' AND new_mobile <> '';
--bun:split
CREATE UNIQUE INDEX mobile_changes_one ON mobile_changes (tenant_id, new_mobile) WHERE state = 'open';
--bun:split
CREATE INDEX mobile_changes_due ON mobile_changes (tenant_id, due_at, id) WHERE state = 'open';
--bun:split
CREATE INDEX mobile_changes_new ON mobile_changes (tenant_id, new_mobile, id);
--bun:split
CREATE INDEX mobile_changes_old ON mobile_changes (tenant_id, old_mobile, id);
--bun:split
-- What nothing is taken from, however old, until it is lifted.
CREATE TABLE legal_holds (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  subject_kind TEXT NOT NULL CHECK (subject_kind IN ('complaint','citizen')),
  subject_id BIGINT NOT NULL,
  reason TEXT NOT NULL,
  placed_by BIGINT NOT NULL,
  placed_at TIMESTAMPTZ NOT NULL,
  lifted_by BIGINT,
  lifted_at TIMESTAMPTZ,
  lifted_reason TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, placed_by) REFERENCES staff (tenant_id, id),
  FOREIGN KEY (tenant_id, lifted_by) REFERENCES staff (tenant_id, id)
);
--bun:split
CREATE UNIQUE INDEX legal_holds_open ON legal_holds (tenant_id, subject_kind, subject_id) WHERE lifted_at IS NULL;
--bun:split
-- How long an organization keeps what: one line for each time that it changed.
CREATE TABLE retention_rules (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  version INTEGER NOT NULL CHECK (version > 0),
  periods JSONB NOT NULL,
  staff_id BIGINT,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, version),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id)
);
--bun:split
-- The certificate of a run: what was taken away by which rule, and what was left
-- because it is held. It grows while the run goes on, and never changes after.
CREATE TABLE retention_runs (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  number INTEGER NOT NULL CHECK (number > 0),
  rule_version INTEGER NOT NULL,
  periods JSONB NOT NULL,
  counts JSONB NOT NULL,
  held JSONB NOT NULL,
  started_at TIMESTAMPTZ NOT NULL,
  ended_at TIMESTAMPTZ,
  hash TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, number)
);
--bun:split
CREATE UNIQUE INDEX retention_runs_open ON retention_runs (tenant_id) WHERE ended_at IS NULL;
--bun:split
ALTER TABLE complaints ADD COLUMN purged_at TIMESTAMPTZ;
--bun:split
ALTER TABLE complaints ADD COLUMN files_purged_at TIMESTAMPTZ;
--bun:split
ALTER TABLE meetings ADD COLUMN purged_at TIMESTAMPTZ;
--bun:split
ALTER TABLE meetings ADD COLUMN files_purged_at TIMESTAMPTZ;
--bun:split
ALTER TABLE inbound_messages ADD COLUMN purged_at TIMESTAMPTZ;
--bun:split
CREATE INDEX complaints_kept ON complaints (tenant_id, closed_at, id) WHERE state = 'closed' AND purged_at IS NULL;
--bun:split
CREATE INDEX complaints_files_kept ON complaints (tenant_id, closed_at, id) WHERE state = 'closed' AND files_purged_at IS NULL;
--bun:split
CREATE INDEX meetings_kept ON meetings (tenant_id, starts_at, id) WHERE purged_at IS NULL;
--bun:split
CREATE INDEX meetings_files_kept ON meetings (tenant_id, starts_at, id) WHERE files_purged_at IS NULL;
--bun:split
CREATE INDEX messages_kept ON messages (tenant_id, created_at, id) WHERE text <> '';
--bun:split
CREATE INDEX messages_citizen ON messages (tenant_id, citizen_id, id) WHERE citizen_id IS NOT NULL;
--bun:split
CREATE INDEX inbound_messages_kept ON inbound_messages (tenant_id, created_at, id) WHERE purged_at IS NULL;
--bun:split
CREATE INDEX inbound_calls_kept ON inbound_calls (tenant_id, at, id) WHERE caller <> '';
--bun:split
CREATE INDEX sessions_mobile ON sessions (tenant_id, mobile) WHERE mobile <> '';
