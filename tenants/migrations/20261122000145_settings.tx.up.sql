-- What was changed of an organization's settings, by whom, from what to what.
-- One row for each thing of each transaction; never changed afterwards.
CREATE TABLE setting_changes (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  area TEXT NOT NULL,
  thing TEXT NOT NULL,
  thing_key TEXT NOT NULL,
  name_fa TEXT NOT NULL DEFAULT '',
  name_en TEXT NOT NULL DEFAULT '',
  act TEXT NOT NULL CHECK (act IN ('added','changed','removed')),
  actor_kind TEXT NOT NULL,
  actor_id BIGINT NOT NULL,
  at TIMESTAMPTZ NOT NULL,
  fields JSONB NOT NULL,
  restores_id BIGINT,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, restores_id) REFERENCES setting_changes (tenant_id, id)
);
CREATE INDEX setting_changes_area ON setting_changes (tenant_id, area, id);
CREATE INDEX setting_changes_actor ON setting_changes (tenant_id, actor_kind, actor_id, id);
CREATE INDEX setting_changes_area_actor ON setting_changes (tenant_id, area, actor_kind, actor_id, id);

-- Who leads a unit.
ALTER TABLE units ADD COLUMN head_id BIGINT;
