-- What grants.sql does on PostgreSQL: anchors and certificates stay as they are.
CREATE TRIGGER audit_anchors_no_update BEFORE UPDATE ON audit_anchors BEGIN SELECT RAISE(ABORT, 'append only'); END;
--bun:split
CREATE TRIGGER audit_anchors_no_delete BEFORE DELETE ON audit_anchors BEGIN SELECT RAISE(ABORT, 'append only'); END;
--bun:split
CREATE TRIGGER purge_certificates_no_update BEFORE UPDATE ON purge_certificates BEGIN SELECT RAISE(ABORT, 'append only'); END;
--bun:split
CREATE TRIGGER purge_certificates_no_delete BEFORE DELETE ON purge_certificates BEGIN SELECT RAISE(ABORT, 'append only'); END;
--bun:split
CREATE TRIGGER retention_rules_no_update BEFORE UPDATE ON retention_rules BEGIN SELECT RAISE(ABORT, 'append only'); END;
--bun:split
CREATE TRIGGER retention_rules_no_delete BEFORE DELETE ON retention_rules BEGIN SELECT RAISE(ABORT, 'append only'); END;
--bun:split
-- The words of an event go with the case that they tell of, once its time to be
-- kept has passed; nothing else of an event ever changes.
DROP TRIGGER events_no_update;
--bun:split
CREATE TRIGGER events_no_update BEFORE UPDATE ON events WHEN NOT (
  NEW.text = '' AND NEW.actor_name = '' AND OLD.subject_kind = 'complaint'
  AND NEW.id = OLD.id AND NEW.tenant_id = OLD.tenant_id AND NEW.subject_kind = OLD.subject_kind AND NEW.subject_id = OLD.subject_id
  AND NEW.kind = OLD.kind AND NEW.at = OLD.at AND NEW.actor_kind = OLD.actor_kind AND NEW.actor_id = OLD.actor_id
  AND NEW.from_state = OLD.from_state AND NEW.to_state = OLD.to_state AND NEW.public = OLD.public
  AND EXISTS (SELECT 1 FROM complaints c WHERE c.tenant_id = OLD.tenant_id AND c.id = OLD.subject_id AND c.purged_at IS NOT NULL))
BEGIN SELECT RAISE(ABORT, 'append only'); END;
