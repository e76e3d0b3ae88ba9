-- The roles that an organization made itself. The code is o: and the id: never
-- a built-in role, never the id of a person.
CREATE TABLE roles (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  code TEXT NOT NULL CHECK (substr(code, 1, 2) = 'o:'),
  name_fa TEXT NOT NULL CHECK (name_fa <> ''),
  name_en TEXT NOT NULL CHECK (name_en <> ''),
  description TEXT NOT NULL DEFAULT '',
  based_on TEXT NOT NULL DEFAULT '',
  created_at TIMESTAMPTZ NOT NULL,
  retired_at TIMESTAMPTZ,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, code)
);

-- Whose cases a role is shown, where the organization chose it.
CREATE TABLE role_scopes (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  role TEXT NOT NULL,
  scope TEXT NOT NULL CHECK (scope IN ('unit','subtree','tenant')),
  changed_by BIGINT,
  changed_at TIMESTAMPTZ NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, role)
);

-- Who changed what a role may do, when and why; empty for what stood before.
ALTER TABLE policy_rules ADD COLUMN changed_by BIGINT;
ALTER TABLE policy_rules ADD COLUMN changed_at TIMESTAMPTZ;
ALTER TABLE policy_rules ADD COLUMN reason TEXT NOT NULL DEFAULT '';
