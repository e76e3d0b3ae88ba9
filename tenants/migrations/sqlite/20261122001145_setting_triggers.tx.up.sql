-- What grants.sql does on PostgreSQL: changes of settings stay as they are.
CREATE TRIGGER setting_changes_no_update BEFORE UPDATE ON setting_changes BEGIN SELECT RAISE(ABORT, 'append only'); END;
--bun:split
CREATE TRIGGER setting_changes_no_delete BEFORE DELETE ON setting_changes WHEN (SELECT deleted_at FROM tenants WHERE id = OLD.tenant_id) IS NULL BEGIN SELECT RAISE(ABORT, 'append only'); END;
