-- How far the set-up of an organization is, as the clock counted it last: lines of
-- the checklist that are done, all of them, and the keys of those that are not.
ALTER TABLE tallies ADD COLUMN setup_done INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tallies ADD COLUMN setup_all INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tallies ADD COLUMN setup_missing TEXT NOT NULL DEFAULT '';

-- What people say does not work while an organization is on trial. The text is
-- sealed; of citizens nothing is kept.
CREATE TABLE problem_reports (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  page TEXT NOT NULL DEFAULT '',
  text TEXT NOT NULL,
  staff_id BIGINT,
  created_at TIMESTAMPTZ NOT NULL,
  closed_at TIMESTAMPTZ,
  closed_by BIGINT,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id),
  FOREIGN KEY (tenant_id, closed_by) REFERENCES staff (tenant_id, id),
  CHECK ((closed_at IS NULL) = (closed_by IS NULL))
);
CREATE INDEX problem_reports_open ON problem_reports (tenant_id, id) WHERE closed_at IS NULL;
CREATE INDEX problem_reports_closed ON problem_reports (tenant_id, id) WHERE closed_at IS NOT NULL;
