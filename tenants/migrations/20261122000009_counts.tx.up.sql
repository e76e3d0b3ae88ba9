-- The counts of the desk's tabs are read from an index alone, so the indexes
-- that they run over carry what decides who is shown a case and which cases
-- rest with another.
DROP INDEX complaints_state;
CREATE INDEX complaints_state ON complaints (tenant_id, state, due_at, id, confidential, lead_id, parent_id);
DROP INDEX complaints_due;
CREATE INDEX complaints_due ON complaints (tenant_id, due_at, id, state, confidential, lead_id, parent_id) WHERE state <> 'closed';
DROP INDEX complaints_unit;
CREATE INDEX complaints_unit ON complaints (tenant_id, unit_id, due_at, id, state, confidential, lead_id, parent_id) WHERE state <> 'closed';
