
-- Run after grants.sql and minutes.sql. The words of an event go with the case or
-- meeting that they tell of, once its time to be kept has passed, what a citizen
-- said of a directive with where it came from or with the citizen; nothing else of
-- an event ever changes.
GRANT UPDATE (text, actor_name) ON events TO pasokh_app;
CREATE OR REPLACE FUNCTION events_keep() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.text = '' AND (NEW.actor_name = '' OR NEW.actor_name = OLD.actor_name) AND (
    OLD.subject_kind = 'complaint' AND EXISTS (SELECT FROM complaints c WHERE c.tenant_id = OLD.tenant_id AND c.id = OLD.subject_id AND c.purged_at IS NOT NULL)
    OR OLD.subject_kind = 'directive' AND OLD.actor_kind = 'citizen' AND EXISTS (SELECT FROM directives d WHERE d.tenant_id = OLD.tenant_id AND d.id = OLD.subject_id AND (
      EXISTS (SELECT FROM citizens p WHERE p.tenant_id = d.tenant_id AND p.id = d.citizen_id AND p.erased_at IS NOT NULL)
      OR d.origin_kind = 'complaint' AND EXISTS (SELECT FROM complaints c WHERE c.tenant_id = d.tenant_id AND c.id = d.origin_id AND c.purged_at IS NOT NULL)
      OR d.origin_kind = 'meeting' AND EXISTS (SELECT FROM meetings m WHERE m.tenant_id = d.tenant_id AND m.id = d.origin_id AND m.purged_at IS NOT NULL)))
    OR OLD.subject_kind = 'meeting' AND EXISTS (SELECT FROM meetings m WHERE m.tenant_id = OLD.tenant_id AND m.id = OLD.subject_id AND m.purged_at IS NOT NULL)) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'append only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE OR REPLACE TRIGGER events_keep BEFORE UPDATE ON events FOR EACH ROW EXECUTE FUNCTION events_keep();
CREATE OR REPLACE TRIGGER meetings_minutes_locked BEFORE UPDATE OF minutes, people_met ON meetings
FOR EACH ROW WHEN (OLD.minutes <> '' AND (NEW.minutes <> OLD.minutes OR NEW.people_met <> OLD.people_met)
  AND NOT (NEW.minutes = '' AND NEW.people_met = OLD.people_met AND NEW.purged_at IS NOT NULL))
EXECUTE FUNCTION minutes_locked();
-- A certificate grows while its run goes on, and never changes after.
CREATE OR REPLACE FUNCTION retention_runs_keep() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'append only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE OR REPLACE TRIGGER retention_runs_keep BEFORE UPDATE ON retention_runs
FOR EACH ROW WHEN (OLD.ended_at IS NOT NULL) EXECUTE FUNCTION retention_runs_keep();
REVOKE DELETE ON retention_runs FROM pasokh_app;
