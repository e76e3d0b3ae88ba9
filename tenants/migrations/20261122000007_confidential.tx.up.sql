-- Whom a confidential case is about: an account that is named here is not shown
-- the case, whatever role it holds.
CREATE TABLE named_staff (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  complaint_id BIGINT NOT NULL,
  staff_id BIGINT NOT NULL,
  named_by BIGINT NOT NULL,
  named_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, complaint_id, staff_id),
  FOREIGN KEY (tenant_id, complaint_id) REFERENCES complaints (tenant_id, id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id),
  FOREIGN KEY (tenant_id, named_by) REFERENCES staff (tenant_id, id)
);
CREATE INDEX complaints_confidential ON complaints (tenant_id, due_at, id) WHERE confidential;
