-- Run after every migration, so that a new table cannot be forgotten: the
-- program works as a role that owns nothing and sees one tenant's rows only.
-- pasokh_app serves one tenant at a time, named by app.tenant_id.
-- pasokh_unscoped runs the few cross-tenant statements of unscoped.go.
-- pasokh_backup reads everything and changes nothing; only the owner of the
-- tables may become it, for `pasokh backup`.
-- pasokh_eraser deletes rows of organizations that were deleted, append-only
-- ones too, and sees no others.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'pasokh_app') THEN
    CREATE ROLE pasokh_app NOLOGIN NOSUPERUSER NOBYPASSRLS;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'pasokh_unscoped') THEN
    CREATE ROLE pasokh_unscoped NOLOGIN NOSUPERUSER NOBYPASSRLS;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'pasokh_backup') THEN
    CREATE ROLE pasokh_backup NOLOGIN NOSUPERUSER NOBYPASSRLS;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'pasokh_eraser') THEN
    CREATE ROLE pasokh_eraser NOLOGIN NOSUPERUSER NOBYPASSRLS;
  END IF;
  IF NOT pg_has_role(current_user, 'pasokh_eraser', 'MEMBER') THEN
    EXECUTE format('GRANT pasokh_eraser TO %I', current_user);
  END IF;
  IF NOT pg_has_role(current_user, 'pasokh_backup', 'MEMBER') THEN
    EXECUTE format('GRANT pasokh_backup TO %I', current_user);
  END IF;
  IF NOT pg_has_role(current_user, 'pasokh_app', 'MEMBER') THEN
    EXECUTE format('GRANT pasokh_app TO %I', current_user);
  END IF;
  IF NOT pg_has_role(current_user, 'pasokh_unscoped', 'MEMBER') THEN
    EXECUTE format('GRANT pasokh_unscoped TO %I', current_user);
  END IF;
END $$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO pasokh_app, pasokh_unscoped, pasokh_backup, pasokh_eraser;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO pasokh_backup;

DO $$
DECLARE
  t text;
  append_only text[] := ARRAY['events', 'audit_entries', 'scores', 'meeting_minutes_notes', 'scan_redactions', 'violation_scores', 'audit_anchors', 'setting_changes', 'retention_rules'];
BEGIN
  FOR t IN
    SELECT c.table_name FROM information_schema.columns c
    WHERE c.table_schema = 'public' AND c.column_name = 'tenant_id'
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    IF NOT EXISTS (SELECT FROM pg_policies WHERE tablename = t AND policyname = 'one_tenant') THEN
      EXECUTE format('CREATE POLICY one_tenant ON %I TO pasokh_app
        USING (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::bigint)
        WITH CHECK (tenant_id = nullif(current_setting(''app.tenant_id'', true), '''')::bigint)', t);
    END IF;
    IF NOT EXISTS (SELECT FROM pg_policies WHERE tablename = t AND policyname = 'whole') THEN
      EXECUTE format('CREATE POLICY whole ON %I FOR SELECT TO pasokh_backup USING (true)', t);
    END IF;
    IF NOT EXISTS (SELECT FROM pg_policies WHERE tablename = t AND policyname = 'deleted_tenant') THEN
      EXECUTE format('CREATE POLICY deleted_tenant ON %I TO pasokh_eraser
        USING (tenant_id IN (SELECT id FROM tenants WHERE deleted_at IS NOT NULL))', t);
    END IF;
    EXECUTE format('GRANT SELECT, DELETE ON %I TO pasokh_eraser', t);
    EXECUTE format('REVOKE ALL ON %I FROM pasokh_app, pasokh_unscoped', t);
    IF t = ANY (append_only) THEN
      EXECUTE format('GRANT SELECT, INSERT ON %I TO pasokh_app', t);
    ELSE
      EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO pasokh_app', t);
    END IF;
  END LOOP;

  -- What unscoped.go needs, and no more.
  GRANT SELECT ON tenants, holidays, bun_migrations TO pasokh_app; -- the last one to know whether a migration is missing
  GRANT UPDATE (policy_version, settings, status, status_at, deleted_at, staff_only, name_fa, name_en, accent, closes_at) ON tenants TO pasokh_app;
  GRANT SELECT ON tenants TO pasokh_eraser;
  GRANT SELECT, INSERT, UPDATE ON tenants, holidays, clocks, announcements, tenant_removals TO pasokh_unscoped;
  GRANT SELECT ON announcements TO pasokh_app;
  GRANT SELECT, INSERT, UPDATE, DELETE ON tenant_domains TO pasokh_unscoped;
  GRANT SELECT, INSERT, UPDATE, DELETE ON account_links, account_crossings TO pasokh_unscoped;
  FOREACH t IN ARRAY ARRAY['outbox', 'complaints', 'directives', 'directive_parts', 'meeting_windows', 'sessions', 'meeting_draws', 'meetings', 'meeting_waits', 'tallies'] LOOP
    IF NOT EXISTS (SELECT FROM pg_policies WHERE tablename = t AND policyname = 'every_tenant') THEN
      EXECUTE format('CREATE POLICY every_tenant ON %I TO pasokh_unscoped USING (true) WITH CHECK (true)', t);
    END IF;
    EXECUTE format('GRANT SELECT ON %I TO pasokh_unscoped', t);
  END LOOP;
  GRANT UPDATE ON outbox TO pasokh_unscoped;
  -- Whether an organization has work for a clock: those columns and no others.
  FOREACH t IN ARRAY ARRAY['messages', 'inbound_doors', 'gateways', 'busy_calendars', 'boxes', 'emergency_grants'] LOOP
    IF NOT EXISTS (SELECT FROM pg_policies WHERE tablename = t AND policyname = 'every_tenant') THEN
      EXECUTE format('CREATE POLICY every_tenant ON %I FOR SELECT TO pasokh_unscoped USING (true)', t);
    END IF;
  END LOOP;
  GRANT SELECT (tenant_id, delivery, check_at) ON messages TO pasokh_unscoped;
  GRANT SELECT (tenant_id, kind, enabled) ON inbound_doors TO pasokh_unscoped;
  GRANT SELECT (tenant_id, enabled, channel) ON gateways TO pasokh_unscoped;
  GRANT SELECT (tenant_id, url) ON busy_calendars TO pasokh_unscoped;
  GRANT SELECT (tenant_id, active, next_on) ON boxes TO pasokh_unscoped;
  GRANT SELECT (tenant_id, ended_at, over_noted_at, expires_at) ON emergency_grants TO pasokh_unscoped;
END $$;
