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
