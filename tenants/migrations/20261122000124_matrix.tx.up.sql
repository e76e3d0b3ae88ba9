-- What an organization sends to whom by which channel, where it differs from
-- the program's own table.
CREATE TABLE message_rules (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  event TEXT NOT NULL,
  audience TEXT NOT NULL CHECK (audience IN ('citizen','unit','officer','executive','committee','admin')),
  channel TEXT NOT NULL CHECK (channel IN ('sms','mail','bale')),
  enabled BOOLEAN NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, event, audience, channel)
);

-- How it says it, in place of the catalogue's text.
CREATE TABLE message_texts (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  event TEXT NOT NULL,
  channel TEXT NOT NULL CHECK (channel IN ('sms','mail','bale')),
  language TEXT NOT NULL CHECK (language IN ('fa','en')),
  subject TEXT NOT NULL DEFAULT '',
  text TEXT NOT NULL CHECK (text <> ''),
  updated_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, event, channel, language)
);

-- What a member of staff was told, as it stands behind the bell.
CREATE TABLE notifications (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  key TEXT NOT NULL,
  staff_id BIGINT NOT NULL,
  event TEXT NOT NULL,
  subject_kind TEXT NOT NULL DEFAULT '',
  subject_id BIGINT NOT NULL DEFAULT 0,
  link TEXT NOT NULL DEFAULT '',
  text TEXT NOT NULL,
  digest TEXT NOT NULL DEFAULT '' CHECK (digest IN ('','waiting','sent')),
  created_at TIMESTAMPTZ NOT NULL,
  read_at TIMESTAMPTZ,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, key),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id)
);
CREATE INDEX notifications_list ON notifications (tenant_id, staff_id, id);
CREATE INDEX notifications_unread ON notifications (tenant_id, staff_id, id) WHERE read_at IS NULL;
CREATE INDEX notifications_digest ON notifications (tenant_id, staff_id) WHERE digest = 'waiting';
CREATE INDEX notifications_age ON notifications (tenant_id, created_at);

-- How people want to be told.
ALTER TABLE citizens ADD COLUMN language TEXT NOT NULL DEFAULT '' CHECK (language IN ('','fa','en'));
ALTER TABLE citizens ADD COLUMN courtesy_off BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE staff ADD COLUMN language TEXT NOT NULL DEFAULT '' CHECK (language IN ('','fa','en'));
ALTER TABLE staff ADD COLUMN digest BOOLEAN NOT NULL DEFAULT FALSE;
