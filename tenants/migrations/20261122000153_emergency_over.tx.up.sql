-- When it was put on record that the time of an emergency grant had run out;
-- empty while it runs, and where somebody ended it.
ALTER TABLE emergency_grants ADD COLUMN over_noted_at TIMESTAMPTZ;
CREATE INDEX emergency_grants_due ON emergency_grants (tenant_id, expires_at) WHERE ended_at IS NULL AND over_noted_at IS NULL;

-- All that was denied, newest first.
CREATE INDEX audit_entries_denied ON audit_entries (tenant_id, at, seq) WHERE act >= 'denied:' AND act < 'denied;';
