-- A calendar feed is read by whoever knows its address: id is the hash of the
-- secret word in it. One that was revoked stays for its history.
CREATE TABLE calendar_feeds (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id TEXT NOT NULL CHECK (length(id) = 64),
  kind TEXT NOT NULL CHECK (kind IN ('executive','site','committee','citizen')),
  subject_id BIGINT NOT NULL DEFAULT 0,
  mobile TEXT NOT NULL DEFAULT '',
  staff_id BIGINT,
  lang TEXT NOT NULL CHECK (lang IN ('fa','en')),
  created_at TIMESTAMPTZ NOT NULL,
  read_at TIMESTAMPTZ,
  revoked_at TIMESTAMPTZ,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id),
  CHECK ((kind = 'citizen') = (mobile <> '') AND (kind = 'citizen') = (staff_id IS NULL) AND (kind = 'citizen') = (subject_id = 0))
);
CREATE UNIQUE INDEX calendar_feeds_live ON calendar_feeds (tenant_id, kind, subject_id, mobile, COALESCE(staff_id, 0)) WHERE revoked_at IS NULL;

-- When an executive is busy elsewhere, from a calendar of theirs: nobody is
-- given a place at that time.
CREATE TABLE busy_times (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  executive_id BIGINT NOT NULL,
  starts_at TIMESTAMPTZ NOT NULL,
  ends_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, executive_id) REFERENCES executives (tenant_id, id),
  CHECK (ends_at > starts_at)
);
CREATE INDEX busy_times_executive ON busy_times (tenant_id, executive_id, ends_at);

-- Where an executive's busy times are read again and again; none when they came
-- from a file.
CREATE TABLE busy_calendars (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  executive_id BIGINT NOT NULL,
  url TEXT NOT NULL DEFAULT '',
  read_at TIMESTAMPTZ,
  problem TEXT NOT NULL DEFAULT '',
  entries INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_id, executive_id),
  FOREIGN KEY (tenant_id, executive_id) REFERENCES executives (tenant_id, id)
);
