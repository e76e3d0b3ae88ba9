-- On PostgreSQL the right is missing (grants.sql); see 20261122000002.
CREATE TRIGGER violation_scores_no_update BEFORE UPDATE ON violation_scores BEGIN SELECT RAISE(ABORT, 'append only'); END;
--bun:split
CREATE TRIGGER violation_scores_no_delete BEFORE DELETE ON violation_scores BEGIN SELECT RAISE(ABORT, 'append only'); END;
