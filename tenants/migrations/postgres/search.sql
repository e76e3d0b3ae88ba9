-- Run after grants.sql. Matching a text search is not leakproof, so under
-- row-level security the planner may not use its index, and a rare word would
-- cost a look at every case of the organization. This function looks in the
-- index as the role of the cross-tenant statements, and binds itself to the
-- tenant that the transaction was opened for; its caller reads the rows as the
-- tenant does.
--
-- Every word in the index begins with its organization's number. Were a word's
-- list shared by all, looking it up would cost as much as all of them have.
DROP INDEX IF EXISTS complaints_search; -- of trigrams, five times the size
DROP INDEX IF EXISTS complaints_words;  -- of words that all organizations shared
CREATE INDEX IF NOT EXISTS complaints_own_words ON complaints
  USING gin (to_tsvector('simple', replace(' ' || search_key, ' ', ' t' || tenant_id::text || 'x')));

-- search_statement writes the statement that search_complaints runs: the cases
-- that hold, for each of the words, one that begins with it. The words are
-- letters and digits (persian.SearchKey); beside each stands, after a space, the
-- same as it is where it lies sealed.
DROP FUNCTION IF EXISTS search_complaints(text[], integer);
CREATE OR REPLACE FUNCTION search_statement(words text[], at_most integer) RETURNS text
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
  SELECT format('SELECT id FROM complaints WHERE tenant_id = %s AND to_tsvector(''simple'', replace('' '' || search_key, '' '', '' t'' || tenant_id::text || ''x'')) @@ to_tsquery(''simple'', %L) LIMIT %s',
    own.id, (SELECT string_agg('(' || (SELECT string_agg(quote_literal('t' || own.id || 'x' || way) || ':*', ' | ') FROM unnest(string_to_array(trim(word), ' ')) AS way) || ')', ' & ') FROM unnest(words) AS word), at_most)
  FROM (SELECT coalesce(nullif(current_setting('app.tenant_id', true), ''), '0')::bigint AS id) AS own
$$;

CREATE FUNCTION search_complaints(words text[], at_most integer) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = off AS $$
BEGIN
  -- EXECUTE, because the best plan depends on the words.
  RETURN QUERY EXECUTE search_statement(words, at_most);
END $$;
GRANT CREATE ON SCHEMA public TO pasokh_unscoped;
ALTER FUNCTION search_complaints(text[], integer) OWNER TO pasokh_unscoped;
REVOKE CREATE ON SCHEMA public FROM pasokh_unscoped;
REVOKE ALL ON FUNCTION search_complaints(text[], integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION search_statement(text[], integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_statement(text[], integer) TO pasokh_app, pasokh_unscoped;
GRANT EXECUTE ON FUNCTION search_complaints(text[], integer) TO pasokh_app;
