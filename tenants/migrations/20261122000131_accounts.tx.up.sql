-- When somebody last signed in, and when the password was chosen. An account
-- without a password_hash waits for its invitation to be taken up.
ALTER TABLE staff ADD COLUMN signed_in_at TIMESTAMPTZ;
ALTER TABLE staff ADD COLUMN password_at TIMESTAMPTZ;

-- That somebody may choose a password, once: invited, or having forgotten it.
CREATE TABLE staff_invitations (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  staff_id BIGINT NOT NULL,
  purpose TEXT NOT NULL CHECK (purpose IN ('invitation','reset')),
  created_at TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL,
  used_at TIMESTAMPTZ,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id)
);
CREATE INDEX staff_invitations_staff ON staff_invitations (tenant_id, staff_id, id);
CREATE INDEX staff_invitations_expiry ON staff_invitations (tenant_id, expires_at);

-- The addresses that messages about an invitation carry, each its own. id is the
-- SHA-256 of the word in the address, which stands nowhere.
CREATE TABLE staff_links (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id TEXT NOT NULL CHECK (length(id) = 64),
  invitation_id BIGINT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, invitation_id) REFERENCES staff_invitations (tenant_id, id)
);
CREATE INDEX staff_links_invitation ON staff_links (tenant_id, invitation_id);

-- What people have to learn, and whether somebody whose record has run out is
-- warned or kept from registering.
CREATE TABLE training_courses (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  name_fa TEXT NOT NULL,
  name_en TEXT NOT NULL,
  role TEXT NOT NULL DEFAULT '',
  effect TEXT NOT NULL CHECK (effect IN ('warn','block')),
  months INTEGER NOT NULL CHECK (months BETWEEN 0 AND 120),
  ended_at TIMESTAMPTZ,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, id)
);

CREATE TABLE staff_trainings (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  staff_id BIGINT NOT NULL,
  course_id BIGINT NOT NULL,
  done_on TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ,
  recorded_by BIGINT,
  created_at TIMESTAMPTZ NOT NULL,
  removed_at TIMESTAMPTZ,
  warned_at TIMESTAMPTZ,
  told_at TIMESTAMPTZ,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id),
  FOREIGN KEY (tenant_id, course_id) REFERENCES training_courses (tenant_id, id),
  FOREIGN KEY (tenant_id, recorded_by) REFERENCES staff (tenant_id, id)
);
CREATE INDEX staff_trainings_staff ON staff_trainings (tenant_id, staff_id, course_id, id);
CREATE INDEX staff_trainings_expiry ON staff_trainings (tenant_id, expires_at, id) WHERE removed_at IS NULL;
