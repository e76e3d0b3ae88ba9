-- Append-only rows go with their organization, when it was deleted, and not
-- before; on PostgreSQL the role pasokh_eraser is bound to the same (grants.sql).
DROP TRIGGER events_no_delete;
--bun:split
CREATE TRIGGER events_no_delete BEFORE DELETE ON events WHEN (SELECT deleted_at FROM tenants WHERE id = OLD.tenant_id) IS NULL
BEGIN SELECT RAISE(ABORT, 'append only'); END;
--bun:split
DROP TRIGGER audit_no_delete;
--bun:split
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit_entries WHEN (SELECT deleted_at FROM tenants WHERE id = OLD.tenant_id) IS NULL
BEGIN SELECT RAISE(ABORT, 'append only'); END;
--bun:split
DROP TRIGGER scores_no_delete;
--bun:split
CREATE TRIGGER scores_no_delete BEFORE DELETE ON scores WHEN (SELECT deleted_at FROM tenants WHERE id = OLD.tenant_id) IS NULL
BEGIN SELECT RAISE(ABORT, 'append only'); END;
--bun:split
DROP TRIGGER meeting_minutes_notes_no_delete;
--bun:split
CREATE TRIGGER meeting_minutes_notes_no_delete BEFORE DELETE ON meeting_minutes_notes WHEN (SELECT deleted_at FROM tenants WHERE id = OLD.tenant_id) IS NULL
BEGIN SELECT RAISE(ABORT, 'append only'); END;
--bun:split
DROP TRIGGER scan_redactions_no_delete;
--bun:split
CREATE TRIGGER scan_redactions_no_delete BEFORE DELETE ON scan_redactions WHEN (SELECT deleted_at FROM tenants WHERE id = OLD.tenant_id) IS NULL
BEGIN SELECT RAISE(ABORT, 'append only'); END;
--bun:split
DROP TRIGGER violation_scores_no_delete;
--bun:split
CREATE TRIGGER violation_scores_no_delete BEFORE DELETE ON violation_scores WHEN (SELECT deleted_at FROM tenants WHERE id = OLD.tenant_id) IS NULL
BEGIN SELECT RAISE(ABORT, 'append only'); END;
--bun:split
DROP TRIGGER audit_anchors_no_delete;
--bun:split
CREATE TRIGGER audit_anchors_no_delete BEFORE DELETE ON audit_anchors WHEN (SELECT deleted_at FROM tenants WHERE id = OLD.tenant_id) IS NULL
BEGIN SELECT RAISE(ABORT, 'append only'); END;
