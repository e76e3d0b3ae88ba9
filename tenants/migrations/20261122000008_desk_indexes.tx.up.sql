-- Corrections of what a case is about, and the indexes of lists that grow.

-- A case that was sorted anew: from which topic, class and kind to which. The
-- clocks of before are wound by the class of before.
CREATE TABLE reclassifications (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  complaint_id BIGINT NOT NULL,
  from_topic_id BIGINT NOT NULL,
  to_topic_id BIGINT NOT NULL,
  from_class_id BIGINT NOT NULL,
  to_class_id BIGINT NOT NULL,
  from_kind TEXT NOT NULL,
  to_kind TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, complaint_id) REFERENCES complaints (tenant_id, id),
  FOREIGN KEY (tenant_id, from_topic_id) REFERENCES topics (tenant_id, id),
  FOREIGN KEY (tenant_id, to_topic_id) REFERENCES topics (tenant_id, id),
  FOREIGN KEY (tenant_id, from_class_id) REFERENCES sla_classes (tenant_id, id),
  FOREIGN KEY (tenant_id, to_class_id) REFERENCES sla_classes (tenant_id, id)
);
CREATE INDEX reclassifications_complaint ON reclassifications (tenant_id, complaint_id, id);

-- Transfers are listed newest first, all of them or those of one direction.
CREATE INDEX transfers_newest ON transfers (tenant_id, id);
CREATE INDEX transfers_direction ON transfers (tenant_id, direction, id);

-- The totals of all units in a period.
CREATE INDEX scores_at ON scores (tenant_id, at, unit_id);
