-- A helping unit's request for more time for its part, decided by the unit that
-- leads; at most one waits.
CREATE TABLE directive_part_extensions (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  part_id BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('asked','granted','refused','lapsed')),
  old_due_at TIMESTAMPTZ NOT NULL,
  new_due_at TIMESTAMPTZ NOT NULL,
  reason TEXT NOT NULL,
  asked_by BIGINT NOT NULL,
  asked_at TIMESTAMPTZ NOT NULL,
  answer TEXT NOT NULL DEFAULT '',
  decided_by BIGINT,
  decided_at TIMESTAMPTZ,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, part_id) REFERENCES directive_parts (tenant_id, id),
  CHECK ((state = 'asked') = (decided_at IS NULL))
);
CREATE UNIQUE INDEX directive_part_extensions_one ON directive_part_extensions (tenant_id, part_id) WHERE state = 'asked';
CREATE INDEX directive_part_extensions_part ON directive_part_extensions (tenant_id, part_id, id);

-- An invitation to book a public meeting about a case: open until it is taken or
-- its time is over.
CREATE TABLE case_invitations (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  complaint_id BIGINT NOT NULL,
  sent_by BIGINT NOT NULL,
  sent_at TIMESTAMPTZ NOT NULL,
  until_at TIMESTAMPTZ NOT NULL,
  taken_at TIMESTAMPTZ,
  meeting_id BIGINT,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, complaint_id) REFERENCES complaints (tenant_id, id),
  CHECK ((taken_at IS NULL) = (meeting_id IS NULL))
);
CREATE INDEX case_invitations_case ON case_invitations (tenant_id, complaint_id, id);

-- When each committee meets next.
CREATE INDEX committee_sittings_next ON committee_sittings (tenant_id, starts_at, id) WHERE state IN ('planned','invited');

-- What was held when, whoever held it.
CREATE INDEX meetings_when ON meetings (tenant_id, starts_at, id);
