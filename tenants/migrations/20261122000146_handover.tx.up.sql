-- An organization is handed over whole, and ends.

-- From closes_at on a closing organization is only read, and may be deleted once
-- it has confirmed that it holds its data.
ALTER TABLE tenants ADD COLUMN closes_at TIMESTAMPTZ;
--bun:split
-- A legal hold keeps everything, whatever anybody asks.
ALTER TABLE tenants ADD COLUMN held_at TIMESTAMPTZ;
--bun:split
ALTER TABLE tenants ADD COLUMN hold_reason TEXT NOT NULL DEFAULT '';
--bun:split
-- The packages of an organization's data: asked for, made by a job, taken,
-- confirmed, removed.
CREATE TABLE tenant_exports (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting','running','ready','failed','removed')),
  origin TEXT NOT NULL CHECK (origin IN ('organization','platform','command')),
  staff_id BIGINT,
  asked_at TIMESTAMPTZ NOT NULL,
  done_rows BIGINT NOT NULL DEFAULT 0,
  total_rows BIGINT NOT NULL DEFAULT 0,
  files BIGINT NOT NULL DEFAULT 0,
  bytes BIGINT NOT NULL DEFAULT 0,
  sha256 TEXT NOT NULL DEFAULT '',
  taken_moment TIMESTAMPTZ,
  ready_at TIMESTAMPTZ,
  expires_at TIMESTAMPTZ,
  fetched_at TIMESTAMPTZ,
  confirmed_at TIMESTAMPTZ,
  confirmed_by BIGINT,
  problem TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id)
);
--bun:split
-- What was deleted, by whom and when: it outlives the organization, so it stands
-- above all of them.
CREATE TABLE tenant_removals (
  organization_id BIGINT NOT NULL PRIMARY KEY REFERENCES tenants (id),
  number TEXT NOT NULL UNIQUE,
  slug TEXT NOT NULL,
  name_fa TEXT NOT NULL,
  name_en TEXT NOT NULL,
  reason TEXT NOT NULL,
  asked_by TEXT NOT NULL,
  asked_at TIMESTAMPTZ NOT NULL,
  package_sha256 TEXT NOT NULL DEFAULT '',
  package_moment TIMESTAMPTZ,
  audit_seq BIGINT NOT NULL DEFAULT 0,
  audit_hash TEXT NOT NULL DEFAULT '',
  counts JSONB NOT NULL,
  total_rows BIGINT NOT NULL DEFAULT 0,
  files BIGINT NOT NULL DEFAULT 0,
  bytes BIGINT NOT NULL DEFAULT 0,
  finished_at TIMESTAMPTZ,
  seal TEXT NOT NULL DEFAULT ''
);
