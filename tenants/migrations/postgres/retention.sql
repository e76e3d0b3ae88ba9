-- Run after grants.sql. The words of an event go with the case that they tell of,
-- once its time to be kept has passed; nothing else of an event ever changes.
GRANT UPDATE (text, actor_name) ON events TO pasokh_app;
CREATE OR REPLACE FUNCTION events_keep() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  IF NEW.text = '' AND NEW.actor_name = '' AND OLD.subject_kind = 'complaint'
    AND EXISTS (SELECT FROM complaints c WHERE c.tenant_id = OLD.tenant_id AND c.id = OLD.subject_id AND c.purged_at IS NOT NULL) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'append only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE OR REPLACE TRIGGER events_keep BEFORE UPDATE ON events FOR EACH ROW EXECUTE FUNCTION events_keep();
