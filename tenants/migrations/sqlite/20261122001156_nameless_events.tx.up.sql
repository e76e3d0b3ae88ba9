-- The story of a case does not name the citizen: their name lies sealed and is read
-- where it is shown. On PostgreSQL postgres/nameless.sql does the same.
DROP TRIGGER events_no_update;
--bun:split
UPDATE events SET actor_name = '' WHERE actor_kind = 'citizen' AND actor_name <> '';
--bun:split
CREATE TRIGGER events_no_update BEFORE UPDATE ON events WHEN NOT (
  NEW.text = '' AND (NEW.actor_name = '' OR NEW.actor_name = OLD.actor_name)
  AND NEW.id = OLD.id AND NEW.tenant_id = OLD.tenant_id AND NEW.subject_kind = OLD.subject_kind AND NEW.subject_id = OLD.subject_id
  AND NEW.kind = OLD.kind AND NEW.at = OLD.at AND NEW.cycle = OLD.cycle AND NEW.actor_kind = OLD.actor_kind AND NEW.actor_id = OLD.actor_id
  AND NEW.unit_id IS OLD.unit_id AND NEW.due_at IS OLD.due_at AND NEW.ref_id IS OLD.ref_id
  AND NEW.from_state = OLD.from_state AND NEW.to_state = OLD.to_state AND NEW.public = OLD.public
  AND (OLD.subject_kind = 'complaint' AND EXISTS (SELECT 1 FROM complaints c WHERE c.tenant_id = OLD.tenant_id AND c.id = OLD.subject_id AND c.purged_at IS NOT NULL)
    OR OLD.subject_kind = 'directive' AND OLD.actor_kind = 'citizen' AND EXISTS (SELECT 1 FROM directives d WHERE d.tenant_id = OLD.tenant_id AND d.id = OLD.subject_id AND (
      EXISTS (SELECT 1 FROM citizens p WHERE p.tenant_id = d.tenant_id AND p.id = d.citizen_id AND p.erased_at IS NOT NULL)
      OR d.origin_kind = 'complaint' AND EXISTS (SELECT 1 FROM complaints c WHERE c.tenant_id = d.tenant_id AND c.id = d.origin_id AND c.purged_at IS NOT NULL)
      OR d.origin_kind = 'meeting' AND EXISTS (SELECT 1 FROM meetings m WHERE m.tenant_id = d.tenant_id AND m.id = d.origin_id AND m.purged_at IS NOT NULL)))
    OR OLD.subject_kind = 'meeting' AND EXISTS (SELECT 1 FROM meetings m WHERE m.tenant_id = OLD.tenant_id AND m.id = OLD.subject_id AND m.purged_at IS NOT NULL)))
BEGIN SELECT RAISE(ABORT, 'append only'); END;
