-- What the trail of a transfer says of the other organization, when it last
-- changed, and those that have not arrived yet.
ALTER TABLE transfers ADD COLUMN other_fa TEXT NOT NULL DEFAULT '';
ALTER TABLE transfers ADD COLUMN other_en TEXT NOT NULL DEFAULT '';
ALTER TABLE transfers ADD COLUMN changed_at TIMESTAMPTZ;
CREATE INDEX transfers_complaint ON transfers (tenant_id, complaint_id, id);
CREATE INDEX transfers_sent ON transfers (tenant_id, at) WHERE state = 'sent';
