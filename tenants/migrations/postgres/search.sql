-- Run after grants.sql. LIKE is not leakproof, so under row-level security the
-- planner may not use a trigram index for it, and a rare word would cost a look
-- at every case of the organization. This function looks in the index as the
-- role of the cross-tenant statements, and binds itself to the tenant that the
-- transaction was opened for; its caller reads the rows as the tenant does.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gin;
CREATE INDEX IF NOT EXISTS complaints_search ON complaints USING gin (tenant_id, search_key gin_trgm_ops);

-- search_statement writes the statement that search_complaints runs. Each
-- pattern is a condition of its own: LIKE ALL (…) would not use the index.
CREATE OR REPLACE FUNCTION search_statement(patterns text[], at_most integer) RETURNS text
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT format('SELECT id FROM complaints WHERE tenant_id = %s AND %s LIMIT %s',
    coalesce(nullif(current_setting('app.tenant_id', true), ''), '0')::bigint,
    (SELECT string_agg(format('search_key LIKE %L', pattern), ' AND ') FROM unnest(patterns) AS pattern), at_most)
$$;

CREATE OR REPLACE FUNCTION search_complaints(patterns text[], at_most integer) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
BEGIN
  -- EXECUTE, because the best plan depends on the words.
  RETURN QUERY EXECUTE search_statement(patterns, at_most);
END $$;
GRANT CREATE ON SCHEMA public TO pasokh_unscoped;
ALTER FUNCTION search_complaints(text[], integer) OWNER TO pasokh_unscoped;
REVOKE CREATE ON SCHEMA public FROM pasokh_unscoped;
REVOKE ALL ON FUNCTION search_complaints(text[], integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION search_statement(text[], integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_statement(text[], integer) TO pasokh_app, pasokh_unscoped;
GRANT EXECUTE ON FUNCTION search_complaints(text[], integer) TO pasokh_app;
