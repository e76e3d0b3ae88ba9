-- What the exclusion constraint of PostgreSQL does (see postgres/planning.sql):
-- no executive is in two open sessions at once.
CREATE TRIGGER meeting_sessions_overlap_insert BEFORE INSERT ON meeting_sessions WHEN NEW.state = 'open' AND EXISTS (
  SELECT 1 FROM meeting_sessions s WHERE s.tenant_id = NEW.tenant_id AND s.executive_id = NEW.executive_id AND s.state = 'open'
  AND s.starts_at < NEW.ends_at AND s.ends_at > NEW.starts_at AND s.starts_at <> NEW.starts_at)
BEGIN SELECT RAISE(ABORT, 'executive in two sessions'); END;
--bun:split
CREATE TRIGGER meeting_sessions_overlap_update BEFORE UPDATE OF starts_at, ends_at, executive_id, state ON meeting_sessions WHEN NEW.state = 'open' AND EXISTS (
  SELECT 1 FROM meeting_sessions s WHERE s.tenant_id = NEW.tenant_id AND s.executive_id = NEW.executive_id AND s.state = 'open'
  AND s.id <> NEW.id AND s.starts_at < NEW.ends_at AND s.ends_at > NEW.starts_at)
BEGIN SELECT RAISE(ABORT, 'executive in two sessions'); END;
