-- Through whom an organization reaches people: the first of a channel that works
-- carries the message, the others stand in for it. secrets is sealed with a key
-- that is kept outside the database.
CREATE TABLE gateways (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  channel TEXT NOT NULL CHECK (channel IN ('sms','mail','bale')),
  provider TEXT NOT NULL,
  position INTEGER NOT NULL,
  line TEXT NOT NULL DEFAULT '',
  settings JSONB NOT NULL,
  templates JSONB NOT NULL,
  secrets TEXT NOT NULL DEFAULT '',
  enabled BOOLEAN NOT NULL DEFAULT FALSE,
  credit DOUBLE PRECISION,
  credit_at TIMESTAMPTZ,
  warn_below BIGINT,
  warned_at TIMESTAMPTZ,
  problem TEXT NOT NULL DEFAULT '',
  problem_code TEXT NOT NULL DEFAULT '',
  problem_at TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, id)
);
CREATE INDEX gateways_order ON gateways (tenant_id, channel, position, id);

-- channel says 'sms' of every row; via is the channel that the message took.
ALTER TABLE messages ADD COLUMN via TEXT NOT NULL DEFAULT 'sms' CHECK (via IN ('sms','mail','bale','inbox'));
ALTER TABLE messages ADD COLUMN gateway_id BIGINT;
ALTER TABLE messages ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE messages ADD COLUMN code TEXT NOT NULL DEFAULT '';
ALTER TABLE messages ADD COLUMN fallback_of BIGINT;

-- What the provider said after it had accepted the message.
ALTER TABLE messages ADD COLUMN delivery TEXT NOT NULL DEFAULT '' CHECK (delivery IN ('','pending','delivered','failed','unknown'));
ALTER TABLE messages ADD COLUMN delivered_at TIMESTAMPTZ;
ALTER TABLE messages ADD COLUMN check_at TIMESTAMPTZ;
ALTER TABLE messages ADD COLUMN checked_at TIMESTAMPTZ;
ALTER TABLE messages ADD COLUMN checks INTEGER NOT NULL DEFAULT 0;
CREATE INDEX messages_check ON messages (tenant_id, check_at, id) WHERE delivery = 'pending';

-- Where mail reaches a person; empty when they have given none.
ALTER TABLE citizens ADD COLUMN email TEXT NOT NULL DEFAULT '';
ALTER TABLE staff ADD COLUMN email TEXT NOT NULL DEFAULT '';
