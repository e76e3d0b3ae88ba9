-- Where somebody of the staff was reached before it was changed: what is told of
-- the change goes there too. Lines go after a month.
CREATE TABLE staff_left_addresses (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  staff_id BIGINT NOT NULL,
  mobile TEXT NOT NULL,
  email TEXT NOT NULL,
  left_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id)
);
CREATE INDEX staff_left_addresses_age ON staff_left_addresses (tenant_id, left_at);

-- The lines for a meeting that have had their time, and the directives about a person.
CREATE INDEX meeting_waits_ended ON meeting_waits (tenant_id, ended_at, id) WHERE ended_at IS NOT NULL;
CREATE INDEX directives_citizen ON directives (tenant_id, citizen_id, id) WHERE citizen_id IS NOT NULL;
