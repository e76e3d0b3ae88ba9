-- Cases from files: what a batch must remember beside its mapping, and what is
-- wrong in which line.

ALTER TABLE import_batches ADD COLUMN format TEXT NOT NULL DEFAULT 'csv';
ALTER TABLE import_batches ADD COLUMN sheet TEXT NOT NULL DEFAULT '';
-- The normalised headers, so that the next file of the same make is mapped alike.
ALTER TABLE import_batches ADD COLUMN headers TEXT NOT NULL DEFAULT '';
ALTER TABLE import_batches ADD COLUMN tell BOOLEAN NOT NULL DEFAULT FALSE;
-- Lines that cannot be registered; problems may be several to a line.
ALTER TABLE import_batches ADD COLUMN wrong INTEGER NOT NULL DEFAULT 0;
-- Message key of what keeps the whole file from being read.
ALTER TABLE import_batches ADD COLUMN refused TEXT NOT NULL DEFAULT '';
-- Counts the orders; a job of an older one does nothing.
ALTER TABLE import_batches ADD COLUMN turn INTEGER NOT NULL DEFAULT 0;
ALTER TABLE import_batches ADD COLUMN purged_at TIMESTAMPTZ;
CREATE INDEX import_batches_headers ON import_batches (tenant_id, headers, id);
CREATE INDEX import_batches_purge ON import_batches (tenant_id, created_at) WHERE purged_at IS NULL;

CREATE TABLE import_problems (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  batch_id BIGINT NOT NULL,
  line INTEGER NOT NULL,
  field TEXT NOT NULL,
  header TEXT NOT NULL DEFAULT '',
  value TEXT NOT NULL DEFAULT '',
  key TEXT NOT NULL,
  other INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, batch_id) REFERENCES import_batches (tenant_id, id)
);
CREATE INDEX import_problems_batch ON import_problems (tenant_id, batch_id, id);
DROP INDEX complaints_batch;
CREATE INDEX complaints_of_batch ON complaints (tenant_id, batch_id, id) WHERE batch_id IS NOT NULL;
