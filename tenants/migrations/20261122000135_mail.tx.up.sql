-- When a mailbox was last looked through, whatever came of it.
ALTER TABLE inbound_doors ADD COLUMN looked_at TIMESTAMPTZ;

-- The meeting that a mail belongs to.
ALTER TABLE inbound_messages ADD COLUMN meeting_id BIGINT;
-- What it became in the story of its case; its files hang there.
ALTER TABLE inbound_messages ADD COLUMN event_id BIGINT;
CREATE INDEX inbound_messages_meeting ON inbound_messages (tenant_id, meeting_id, id) WHERE meeting_id IS NOT NULL;

-- Answers and bounces name the mail that they follow by the name we gave it.
CREATE INDEX messages_mail ON messages (tenant_id, provider_id) WHERE via = 'mail' AND provider_id <> '';

-- A second number of a person, a landline as a rule: calls are known by it.
ALTER TABLE citizens ADD COLUMN phone TEXT NOT NULL DEFAULT '';
--bun:split
ALTER TABLE citizens ADD COLUMN phone_sealed TEXT NOT NULL DEFAULT '';
--bun:split
CREATE INDEX citizens_phone ON citizens (tenant_id, phone) WHERE phone <> '';
