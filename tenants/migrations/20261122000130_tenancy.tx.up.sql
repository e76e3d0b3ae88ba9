-- How far an organization is on its way, whose child it is, what it may use,
-- the hosts of its own, and what the platform tells it.

ALTER TABLE tenants ADD COLUMN parent_id BIGINT REFERENCES tenants (id);
-- host is the organization's own, verified host that its links are made from.
ALTER TABLE tenants ADD COLUMN host TEXT NOT NULL DEFAULT '';
ALTER TABLE tenants ADD COLUMN staff_only BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE tenants ADD COLUMN status_at TIMESTAMPTZ;
-- The statuses of the first schema do not know a deleted one.
ALTER TABLE tenants ADD COLUMN deleted_at TIMESTAMPTZ;
ALTER TABLE tenants ADD COLUMN quotas JSONB NOT NULL DEFAULT '{}';
CREATE INDEX tenants_parent ON tenants (parent_id) WHERE parent_id IS NOT NULL;

-- A host belongs to one organization of all, so this table stands above them.
CREATE TABLE tenant_domains (
  host TEXT NOT NULL PRIMARY KEY CHECK (length(host) BETWEEN 4 AND 253),
  organization_id BIGINT NOT NULL REFERENCES tenants (id),
  token TEXT NOT NULL,
  verified_at TIMESTAMPTZ,
  checked_at TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX tenant_domains_organization ON tenant_domains (organization_id);

-- What an organization used in a month of the Solar Hijri calendar (1405-09),
-- counted by a clock.
CREATE TABLE tallies (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  month TEXT NOT NULL CHECK (length(month) = 7),
  cases BIGINT NOT NULL,
  open_cases BIGINT NOT NULL,
  messages BIGINT NOT NULL,
  storage_bytes BIGINT NOT NULL,
  last_at TIMESTAMPTZ,
  warned TEXT NOT NULL DEFAULT '',
  counted_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, month)
);

CREATE TABLE announcements (
  id BIGINT NOT NULL PRIMARY KEY,
  text_fa TEXT NOT NULL,
  text_en TEXT NOT NULL,
  from_at TIMESTAMPTZ NOT NULL,
  until_at TIMESTAMPTZ NOT NULL,
  -- Identifiers of organizations; an empty list is all of them.
  organizations JSONB NOT NULL DEFAULT '[]',
  withdrawn_at TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL,
  CHECK (until_at > from_at)
);
CREATE INDEX announcements_until ON announcements (until_at);

CREATE TABLE announcement_dismissals (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  staff_id BIGINT NOT NULL,
  announcement_id BIGINT NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, staff_id, announcement_id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id)
);

-- The messages of a month are counted every hour.
CREATE INDEX messages_created ON messages (tenant_id, created_at);
