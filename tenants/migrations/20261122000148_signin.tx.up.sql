-- Emergency access: for some hours, one person of the platform may look at an
-- organization's pages. Its administrators see who, why, until when and every
-- page, and can end it.
CREATE TABLE emergency_grants (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  -- The account at the platform, another organization: no reference.
  holder_id BIGINT NOT NULL,
  holder_fa TEXT NOT NULL,
  holder_en TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (length(reason) > 0),
  ticket TEXT NOT NULL CHECK (length(ticket) > 0),
  created_at TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL,
  ended_at TIMESTAMPTZ,
  ended_by TEXT NOT NULL DEFAULT '' CHECK (ended_by IN ('','holder','organization')),
  ended_by_id BIGINT,
  -- The word that opens it once, for a minute, at the organization's host.
  entry_hash TEXT NOT NULL DEFAULT '',
  entry_until TIMESTAMPTZ,
  -- The browser that looks, by the hash of its token.
  session_hash TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, id),
  CHECK (expires_at > created_at),
  CHECK ((ended_at IS NULL) = (ended_by = ''))
);
CREATE INDEX emergency_grants_expiry ON emergency_grants (tenant_id, expires_at);
CREATE INDEX emergency_grants_session ON emergency_grants (tenant_id, session_hash) WHERE session_hash <> '';
CREATE INDEX emergency_grants_entry ON emergency_grants (tenant_id, entry_hash) WHERE entry_hash <> '';

-- Since when the account has a link to one of the same person elsewhere.
ALTER TABLE staff ADD COLUMN linked_at TIMESTAMPTZ;

-- Accounts of one person in two organizations. It stands above them, so that
-- neither keeps anything of the other. Until linked_at it is a link on its way:
-- word is shown to the second account, answer brings the consent back.
CREATE TABLE account_links (
  id BIGINT NOT NULL PRIMARY KEY,
  first_organization_id BIGINT NOT NULL REFERENCES tenants (id),
  first_staff_id BIGINT NOT NULL,
  second_organization_id BIGINT NOT NULL REFERENCES tenants (id),
  second_staff_id BIGINT,
  word_hash TEXT NOT NULL DEFAULT '',
  answer_hash TEXT NOT NULL DEFAULT '',
  expires_at TIMESTAMPTZ NOT NULL,
  linked_at TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL,
  CHECK (first_organization_id <> second_organization_id),
  CHECK (linked_at IS NULL OR second_staff_id IS NOT NULL)
);
CREATE INDEX account_links_first ON account_links (first_organization_id, first_staff_id);
CREATE INDEX account_links_second ON account_links (second_organization_id, second_staff_id);
CREATE INDEX account_links_word ON account_links (word_hash) WHERE word_hash <> '';
CREATE INDEX account_links_answer ON account_links (answer_hash) WHERE answer_hash <> '';
CREATE UNIQUE INDEX account_links_once ON account_links (first_organization_id, first_staff_id, second_organization_id, second_staff_id) WHERE linked_at IS NOT NULL;

-- A crossing from one of them to the other: once, for a minute, at one host.
CREATE TABLE account_crossings (
  id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 64),
  link_id BIGINT NOT NULL REFERENCES account_links (id) ON DELETE CASCADE,
  organization_id BIGINT NOT NULL REFERENCES tenants (id),
  staff_id BIGINT NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX account_crossings_link ON account_crossings (link_id);
CREATE INDEX account_crossings_expiry ON account_crossings (expires_at);

-- The organization's own sign-in service (OpenID Connect), one for its staff and
-- one for citizens. The secret is sealed with the key outside the database.
CREATE TABLE sign_in_services (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('staff','citizen')),
  label_fa TEXT NOT NULL,
  label_en TEXT NOT NULL,
  issuer TEXT NOT NULL,
  client_id TEXT NOT NULL,
  secret TEXT NOT NULL DEFAULT '',
  scopes TEXT NOT NULL,
  rules JSONB NOT NULL DEFAULT '{}',
  enabled BOOLEAN NOT NULL DEFAULT FALSE,
  tried_at TIMESTAMPTZ,
  updated_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, kind)
);

-- A sign-in that was sent to the service and is awaited back, by its state.
CREATE TABLE sign_in_attempts (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id TEXT NOT NULL CHECK (length(id) = 64),
  kind TEXT NOT NULL CHECK (kind IN ('staff','citizen')),
  holder TEXT NOT NULL CHECK (length(holder) = 64),
  nonce TEXT NOT NULL,
  verifier TEXT NOT NULL,
  next TEXT NOT NULL DEFAULT '',
  expires_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX sign_in_attempts_expiry ON sign_in_attempts (tenant_id, expires_at);

-- Who an account is at the service.
CREATE TABLE staff_identities (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  staff_id BIGINT NOT NULL,
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  -- The account was made at the first sign-in, so its roles follow the claims.
  provisioned BOOLEAN NOT NULL DEFAULT FALSE,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, issuer, subject),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id)
);
CREATE INDEX staff_identities_staff ON staff_identities (tenant_id, staff_id);
