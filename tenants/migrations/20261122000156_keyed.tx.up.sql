-- Lines of the audit are made with a key of the organization; which one, and in
-- which form, stands beside each. Lines of before have none.
ALTER TABLE audit_entries ADD COLUMN key_id TEXT NOT NULL DEFAULT '';

-- Events that name a citizen: there are none any more, and the index stays empty.
CREATE INDEX events_named ON events (tenant_id, id) WHERE actor_kind = 'citizen' AND actor_name <> '';
