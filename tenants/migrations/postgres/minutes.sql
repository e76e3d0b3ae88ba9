
-- Run after grants.sql and search.sql. Minutes that are finalised stay as they
-- are: what follows goes into meeting_minutes_notes.
CREATE OR REPLACE FUNCTION minutes_locked() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  RAISE EXCEPTION 'the minutes are locked' USING ERRCODE = 'check_violation';
END $$;
CREATE OR REPLACE TRIGGER meetings_minutes_locked BEFORE UPDATE OF minutes, people_met ON meetings
FOR EACH ROW WHEN (OLD.minutes <> '' AND (NEW.minutes <> OLD.minutes OR NEW.people_met <> OLD.people_met))
EXECUTE FUNCTION minutes_locked();
