-- How urgent a task is, kept with it, so that what is due is found fairly by an
-- index however much of it there is: 1 sign-in codes, 2 urgent, 3 usual, 4 bulk.
ALTER TABLE outbox ADD COLUMN urgency INTEGER NOT NULL DEFAULT 3 CHECK (urgency BETWEEN 1 AND 4);
-- Of a task that failed: the class of its last error, and when it was given up.
ALTER TABLE outbox ADD COLUMN failure TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN dead_at TIMESTAMPTZ;
CREATE INDEX outbox_turn ON outbox (urgency, (COALESCE(retry_at, run_at)), id) WHERE done_at IS NULL AND dead = FALSE;
CREATE INDEX outbox_fair ON outbox (urgency, tenant_id, (COALESCE(retry_at, run_at)), id) WHERE done_at IS NULL AND dead = FALSE;
CREATE INDEX outbox_dead ON outbox (id) WHERE dead = TRUE;
UPDATE outbox SET urgency = 1 WHERE kind = 'citizen.code_requested' AND done_at IS NULL;
UPDATE outbox SET urgency = 4 WHERE done_at IS NULL AND (kind LIKE '%reminder' OR kind LIKE '%overdue' OR kind = 'complaint.escalated');
UPDATE outbox SET dead_at = run_at WHERE dead = TRUE;

-- Since when a clock's run goes on; NULL when none does.
ALTER TABLE clocks ADD COLUMN running_since TIMESTAMPTZ;

-- What meetings.booking looks for, of all organizations at once.
CREATE INDEX meeting_draws_next ON meeting_draws (closes_at) WHERE drawn_at IS NULL;
CREATE INDEX meetings_asked_next ON meetings (asked_until) WHERE asked_until IS NOT NULL;
