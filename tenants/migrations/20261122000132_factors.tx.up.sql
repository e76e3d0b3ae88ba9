-- Where a session of the staff was begun, and when the person last proved anew
-- to be who they are.
ALTER TABLE sessions ADD COLUMN user_agent TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN ip TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN confirmed_at TIMESTAMPTZ;
CREATE INDEX sessions_staff ON sessions (tenant_id, staff_id, seen_at) WHERE staff_id IS NOT NULL;

-- Since when the account has a second factor; null while it has none.
ALTER TABLE staff ADD COLUMN factor_at TIMESTAMPTZ;

-- The authenticator app of an account (RFC 6238). Both secrets are sealed with
-- the key outside the database; pending is one that no code has confirmed yet.
-- Every time step opens once: last_step is the last that did.
CREATE TABLE staff_authenticators (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  staff_id BIGINT NOT NULL,
  secret TEXT NOT NULL DEFAULT '',
  pending TEXT NOT NULL DEFAULT '',
  pending_at TIMESTAMPTZ,
  last_step BIGINT NOT NULL DEFAULT 0,
  confirmed_at TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, staff_id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id)
);

-- Codes for the day on which the telephone is lost: each opens once.
CREATE TABLE staff_recovery_codes (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  staff_id BIGINT NOT NULL,
  code_hash TEXT NOT NULL CHECK (length(code_hash) = 64),
  created_at TIMESTAMPTZ NOT NULL,
  used_at TIMESTAMPTZ,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, staff_id, code_hash),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id)
);

CREATE TABLE staff_passkeys (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  staff_id BIGINT NOT NULL,
  credential_id TEXT NOT NULL,
  name TEXT NOT NULL,
  credential JSONB NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  used_at TIMESTAMPTZ,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, credential_id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id)
);
CREATE INDEX staff_passkeys_staff ON staff_passkeys (tenant_id, staff_id, id);

-- What a browser was asked to sign: used once, by that browser, for one purpose.
CREATE TABLE staff_challenges (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id TEXT NOT NULL CHECK (length(id) = 64),
  purpose TEXT NOT NULL CHECK (purpose IN ('register','sign_in','confirm')),
  holder TEXT NOT NULL CHECK (length(holder) = 64),
  staff_id BIGINT,
  data JSONB NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id)
);
CREATE INDEX staff_challenges_expiry ON staff_challenges (tenant_id, expires_at);

-- A sign-in whose password was right and whose second factor is awaited. It is
-- no session: it opens nothing but the question for the factor.
CREATE TABLE staff_sign_ins (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id TEXT NOT NULL CHECK (length(id) = 64),
  staff_id BIGINT NOT NULL,
  holder TEXT NOT NULL CHECK (length(holder) = 64),
  tries INTEGER NOT NULL DEFAULT 0,
  created_at TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id)
);
CREATE INDEX staff_sign_ins_expiry ON staff_sign_ins (tenant_id, expires_at);

-- The browsers that somebody has signed in with; another one is told to them.
CREATE TABLE staff_devices (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  staff_id BIGINT NOT NULL,
  token_hash TEXT NOT NULL CHECK (length(token_hash) = 64),
  user_agent TEXT NOT NULL,
  ip TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  seen_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, staff_id, token_hash),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id)
);
CREATE INDEX staff_devices_seen ON staff_devices (tenant_id, seen_at);
