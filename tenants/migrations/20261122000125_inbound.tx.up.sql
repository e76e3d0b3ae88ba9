-- What became of a message that did not reach the person: sent again, or put
-- aside by somebody. resent_of is the message that this one repeats; one repeats
-- another once.
ALTER TABLE messages ADD COLUMN handled_at TIMESTAMPTZ;
ALTER TABLE messages ADD COLUMN resent_of BIGINT;
CREATE UNIQUE INDEX messages_resent ON messages (tenant_id, resent_of) WHERE resent_of IS NOT NULL;
CREATE INDEX messages_trouble ON messages (tenant_id, id) WHERE (state IN ('failed','unknown') OR delivery IN ('failed','unknown'));
CREATE INDEX messages_unhandled ON messages (tenant_id, id) WHERE handled_at IS NULL AND (state IN ('failed','unknown') OR delivery IN ('failed','unknown'));

-- A file of the kind draft that no form holds but something that came in: it
-- outlives the drafts.
ALTER TABLE files ADD COLUMN held BOOLEAN NOT NULL DEFAULT FALSE;

CREATE INDEX citizens_email ON citizens (tenant_id, email) WHERE email <> '';

-- Where something comes in: the replies of a gateway, a mailbox, a telephone
-- exchange. A word that only the other side knows opens it; its hash stands here.
CREATE TABLE inbound_doors (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('sms','mail','calls','voicemail')),
  gateway_id BIGINT,
  enabled BOOLEAN NOT NULL DEFAULT FALSE,
  token_hash TEXT NOT NULL DEFAULT '',
  settings JSONB NOT NULL,
  secrets TEXT NOT NULL DEFAULT '',
  place TEXT NOT NULL DEFAULT '',
  last_at TIMESTAMPTZ,
  problem TEXT NOT NULL DEFAULT '',
  problem_at TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, gateway_id) REFERENCES gateways (tenant_id, id)
);
CREATE UNIQUE INDEX inbound_doors_gateway ON inbound_doors (tenant_id, kind, gateway_id) WHERE gateway_id IS NOT NULL;
CREATE UNIQUE INDEX inbound_doors_kind ON inbound_doors (tenant_id, kind) WHERE gateway_id IS NULL;
CREATE UNIQUE INDEX inbound_doors_token ON inbound_doors (tenant_id, token_hash) WHERE token_hash <> '';

-- What came in, kept whatever it meant. key is the other side's name for it.
CREATE TABLE inbound_messages (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  door_id BIGINT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('sms','mail','voicemail')),
  key TEXT NOT NULL,
  sender TEXT NOT NULL,
  line TEXT NOT NULL DEFAULT '',
  title TEXT NOT NULL DEFAULT '',
  text TEXT NOT NULL DEFAULT '',
  refs TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL CHECK (state IN ('new','waiting','attached','done','ignored')),
  outcome TEXT NOT NULL DEFAULT '',
  complaint_id BIGINT,
  note TEXT NOT NULL DEFAULT '',
  staff_id BIGINT,
  sent_at TIMESTAMPTZ NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  settled_at TIMESTAMPTZ,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, door_id, key),
  FOREIGN KEY (tenant_id, door_id) REFERENCES inbound_doors (tenant_id, id),
  FOREIGN KEY (tenant_id, complaint_id) REFERENCES complaints (tenant_id, id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id)
);
CREATE INDEX inbound_messages_state ON inbound_messages (tenant_id, state, id);
CREATE INDEX inbound_messages_sender ON inbound_messages (tenant_id, sender, id);
CREATE INDEX inbound_messages_case ON inbound_messages (tenant_id, complaint_id, id);

-- Calls that ring now, for the screen of whoever picks up.
CREATE TABLE inbound_calls (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  door_id BIGINT NOT NULL,
  key TEXT NOT NULL,
  caller TEXT NOT NULL,
  extension TEXT NOT NULL DEFAULT '',
  at TIMESTAMPTZ NOT NULL,
  staff_id BIGINT,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, door_id, key),
  FOREIGN KEY (tenant_id, door_id) REFERENCES inbound_doors (tenant_id, id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id)
);
CREATE INDEX inbound_calls_at ON inbound_calls (tenant_id, at, id);
