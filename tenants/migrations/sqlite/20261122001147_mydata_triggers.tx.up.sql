-- What grants.sql and retention.sql do on PostgreSQL: rules and certificates stay
-- as they are.
CREATE TRIGGER retention_rules_no_update BEFORE UPDATE ON retention_rules BEGIN SELECT RAISE(ABORT, 'append only'); END;
--bun:split
CREATE TRIGGER retention_rules_no_delete BEFORE DELETE ON retention_rules WHEN (SELECT deleted_at FROM tenants WHERE id = OLD.tenant_id) IS NULL BEGIN SELECT RAISE(ABORT, 'append only'); END;
--bun:split
CREATE TRIGGER retention_runs_no_update BEFORE UPDATE ON retention_runs WHEN OLD.ended_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'append only'); END;
--bun:split
CREATE TRIGGER retention_runs_no_delete BEFORE DELETE ON retention_runs WHEN (SELECT deleted_at FROM tenants WHERE id = OLD.tenant_id) IS NULL BEGIN SELECT RAISE(ABORT, 'append only'); END;
--bun:split
-- The words of an event go with the case or meeting that they tell of, once its
-- time to be kept has passed; nothing else of an event ever changes.
DROP TRIGGER events_no_update;
--bun:split
CREATE TRIGGER events_no_update BEFORE UPDATE ON events WHEN NOT (
  NEW.text = '' AND (NEW.actor_name = '' OR NEW.actor_name = OLD.actor_name)
  AND NEW.id = OLD.id AND NEW.tenant_id = OLD.tenant_id AND NEW.subject_kind = OLD.subject_kind AND NEW.subject_id = OLD.subject_id
  AND NEW.kind = OLD.kind AND NEW.at = OLD.at AND NEW.cycle = OLD.cycle AND NEW.actor_kind = OLD.actor_kind AND NEW.actor_id = OLD.actor_id
  AND NEW.unit_id IS OLD.unit_id AND NEW.due_at IS OLD.due_at AND NEW.ref_id IS OLD.ref_id
  AND NEW.from_state = OLD.from_state AND NEW.to_state = OLD.to_state AND NEW.public = OLD.public
  AND (OLD.subject_kind = 'complaint' AND EXISTS (SELECT 1 FROM complaints c WHERE c.tenant_id = OLD.tenant_id AND c.id = OLD.subject_id AND c.purged_at IS NOT NULL)
    OR OLD.subject_kind = 'meeting' AND EXISTS (SELECT 1 FROM meetings m WHERE m.tenant_id = OLD.tenant_id AND m.id = OLD.subject_id AND m.purged_at IS NOT NULL)))
BEGIN SELECT RAISE(ABORT, 'append only'); END;
--bun:split
DROP TRIGGER meetings_minutes_locked;
--bun:split
CREATE TRIGGER meetings_minutes_locked BEFORE UPDATE OF minutes, people_met ON meetings
WHEN OLD.minutes <> '' AND (NEW.minutes <> OLD.minutes OR NEW.people_met <> OLD.people_met)
  AND NOT (NEW.minutes = '' AND NEW.people_met = OLD.people_met AND NEW.purged_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'the minutes are locked'); END;
