-- What grants.sql and minutes.sql do on PostgreSQL: minutes that are finalised
-- stay as they are, and what was added to them stays, too.
CREATE TRIGGER meetings_minutes_locked BEFORE UPDATE OF minutes, people_met ON meetings
WHEN OLD.minutes <> '' AND (NEW.minutes <> OLD.minutes OR NEW.people_met <> OLD.people_met)
BEGIN SELECT RAISE(ABORT, 'the minutes are locked'); END;
--bun:split
CREATE TRIGGER meeting_minutes_notes_no_update BEFORE UPDATE ON meeting_minutes_notes BEGIN SELECT RAISE(ABORT, 'append only'); END;
--bun:split
CREATE TRIGGER meeting_minutes_notes_no_delete BEFORE DELETE ON meeting_minutes_notes BEGIN SELECT RAISE(ABORT, 'append only'); END;
--bun:split
CREATE TRIGGER scan_redactions_no_update BEFORE UPDATE ON scan_redactions BEGIN SELECT RAISE(ABORT, 'append only'); END;
--bun:split
CREATE TRIGGER scan_redactions_no_delete BEFORE DELETE ON scan_redactions BEGIN SELECT RAISE(ABORT, 'append only'); END;
