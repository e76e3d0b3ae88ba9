-- Personal data lie sealed. The keys of an organization's data, sealed by the
-- key outside the database: number 0 makes the blind indexes, the newest of the
-- others seals. sealed_at of number 0 says that nothing is left in clear.
CREATE TABLE tenant_keys (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  number INTEGER NOT NULL CHECK (number BETWEEN 0 AND 255),
  wrapped TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  retired_at TIMESTAMPTZ,
  sealed_at TIMESTAMPTZ,
  PRIMARY KEY (tenant_id, number)
);
--bun:split
-- mobile, national_id and email hold blind indexes; what they stand for is in
-- the sealed columns, under the person's own key.
ALTER TABLE citizens ADD COLUMN subject_key TEXT NOT NULL DEFAULT '';
--bun:split
ALTER TABLE citizens ADD COLUMN mobile_sealed TEXT NOT NULL DEFAULT '';
--bun:split
ALTER TABLE citizens ADD COLUMN national_id_sealed TEXT NOT NULL DEFAULT '';
--bun:split
ALTER TABLE citizens ADD COLUMN email_sealed TEXT NOT NULL DEFAULT '';
--bun:split
ALTER TABLE citizens ADD COLUMN erased_at TIMESTAMPTZ;
--bun:split
ALTER TABLE otp_codes ADD COLUMN mobile_sealed TEXT NOT NULL DEFAULT '';
--bun:split
ALTER TABLE sessions ADD COLUMN mobile_sealed TEXT NOT NULL DEFAULT '';
--bun:split
ALTER TABLE calendar_feeds ADD COLUMN mobile_sealed TEXT NOT NULL DEFAULT '';
--bun:split
ALTER TABLE inbound_messages ADD COLUMN sender_sealed TEXT NOT NULL DEFAULT '';
--bun:split
ALTER TABLE inbound_calls ADD COLUMN caller_sealed TEXT NOT NULL DEFAULT '';
--bun:split
-- Who was erased, so that a backup that is older can be made to forget again.
CREATE TABLE erasures (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  citizen_id BIGINT NOT NULL,
  reason TEXT NOT NULL,
  actor_id BIGINT NOT NULL DEFAULT 0,
  at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, citizen_id)
);
