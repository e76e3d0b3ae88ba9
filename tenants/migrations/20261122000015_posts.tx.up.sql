-- Who holds a post and who stands in for the holder, over time. The executives
-- row keeps the first holder, who is in office until the first term of another;
-- a term is from from_at until until_at, which is empty while nobody follows.
CREATE TABLE executive_terms (
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  id BIGINT NOT NULL,
  executive_id BIGINT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('holder','deputy')),
  staff_id BIGINT,
  name_fa TEXT NOT NULL CHECK (length(name_fa) > 0),
  name_en TEXT NOT NULL CHECK (length(name_en) > 0),
  from_at TIMESTAMPTZ NOT NULL,
  until_at TIMESTAMPTZ,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, executive_id) REFERENCES executives (tenant_id, id),
  FOREIGN KEY (tenant_id, staff_id) REFERENCES staff (tenant_id, id),
  CHECK (kind = 'holder' OR (until_at IS NOT NULL AND staff_id IS NOT NULL)),
  CHECK (until_at IS NULL OR until_at > from_at)
);
CREATE INDEX executive_terms_post ON executive_terms (tenant_id, executive_id, from_at);
CREATE INDEX executive_terms_staff ON executive_terms (tenant_id, staff_id, from_at);
-- A post has one holder at a time: one open term, and no two that begin at once.
CREATE UNIQUE INDEX executive_terms_open ON executive_terms (tenant_id, executive_id) WHERE kind = 'holder' AND until_at IS NULL;
CREATE UNIQUE INDEX executive_terms_start ON executive_terms (tenant_id, executive_id, from_at) WHERE kind = 'holder';
-- The revision of a session in the calendars that show it: it rises with every
-- change of time, place and state.
ALTER TABLE meeting_sessions ADD COLUMN calendar_sequence INTEGER NOT NULL DEFAULT 0;
CREATE INDEX meeting_sessions_site ON meeting_sessions (tenant_id, site_id, starts_at);
