-- Run after search.sql. No executive is in two open sessions at once: the
-- database refuses it, whoever writes.
CREATE EXTENSION IF NOT EXISTS btree_gist;
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = 'meeting_sessions_overlap' AND conrelid = 'meeting_sessions'::regclass) THEN
    BEGIN
      ALTER TABLE meeting_sessions ADD CONSTRAINT meeting_sessions_overlap
        EXCLUDE USING gist (tenant_id WITH =, executive_id WITH =, tstzrange(starts_at, ends_at) WITH &&) WHERE (state = 'open');
    EXCEPTION WHEN exclusion_violation THEN
      -- Written before the rule was there: the program still refuses new ones,
      -- and the constraint comes with the first start after they are mended.
      RAISE WARNING 'meeting_sessions of one executive overlap; cancel one of each pair and migrate again: %', SQLERRM;
    END;
  END IF;
END $$;
