-- What the audit's page looks for: by time, person, act and object, newest first.
CREATE INDEX audit_entries_at ON audit_entries (tenant_id, at, seq);
--bun:split
CREATE INDEX audit_entries_actor ON audit_entries (tenant_id, actor_kind, actor_id, at, seq);
--bun:split
CREATE INDEX audit_entries_act ON audit_entries (tenant_id, act, at, seq);
--bun:split
CREATE INDEX audit_entries_object ON audit_entries (tenant_id, object_kind, object_id, at, seq);
--bun:split
-- Where an organization's chain ended on a day; also written outside the database.
CREATE TABLE audit_anchors (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  day TEXT NOT NULL,
  seq BIGINT NOT NULL,
  hash TEXT NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, day)
);
--bun:split
-- What the last walk over an organization's chain found.
CREATE TABLE audit_checks (
  tenant_id BIGINT NOT NULL PRIMARY KEY REFERENCES tenants (id),
  at TIMESTAMPTZ NOT NULL,
  good BIGINT NOT NULL,
  broken BIGINT NOT NULL DEFAULT 0,
  why TEXT NOT NULL DEFAULT ''
);
--bun:split
-- How long an organization keeps what: one line for each time that it changed.
CREATE TABLE retention_rules (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  version INTEGER NOT NULL,
  cases INTEGER NOT NULL CHECK (cases >= 0),
  messages INTEGER NOT NULL CHECK (messages >= 0),
  inbound INTEGER NOT NULL CHECK (inbound >= 0),
  staff_id BIGINT,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, version),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id)
);
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
-- Proof of what was taken away by which rule, and where the audit stood.
CREATE TABLE purge_certificates (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('cases','messages','inbound')),
  count INTEGER NOT NULL CHECK (count > 0),
  files INTEGER NOT NULL DEFAULT 0,
  rule_version INTEGER NOT NULL,
  months INTEGER NOT NULL,
  until TIMESTAMPTZ NOT NULL,
  audit_seq BIGINT NOT NULL,
  audit_hash TEXT NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
--bun:split
ALTER TABLE complaints ADD COLUMN purged_at TIMESTAMPTZ;
--bun:split
CREATE INDEX complaints_kept ON complaints (tenant_id, closed_at, id) WHERE purged_at IS NULL AND closed_at IS NOT NULL;
--bun:split
CREATE INDEX messages_kept ON messages (tenant_id, created_at, id) WHERE text <> '';
