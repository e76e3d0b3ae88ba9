package tenants

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestWhatDiffersFromCallToCallBecomesAParameter(t *testing.T) {
	for _, c := range []struct {
		query, text string
		args        []string
	}{
		{`SELECT c.id FROM (SELECT * FROM "complaints" WHERE tenant_id = 250180395489208861) AS "c" WHERE (c.state <> 'closed') LIMIT 51`,
			`SELECT c.id FROM (SELECT * FROM "complaints" WHERE tenant_id = $1::bigint) AS "c" WHERE (c.state <> 'closed') LIMIT 51`, []string{"250180395489208861"}},
		{`SELECT 1 WHERE at < '2026-11-22 08:48:09.928666+00:00' AND code = 'K7M2Q9TBX0' AND kind IN ('a', 'b_c')`,
			`SELECT 1 WHERE at < $1::timestamptz AND code = $2::text AND kind IN ('a', 'b_c')`, []string{"2026-11-22 08:48:09.928666+00:00", "K7M2Q9TBX0"}},
		{`SELECT "x123456789012".p123456789012 WHERE a = 'it''s 7' AND b = '' AND c = 'زنجان'`,
			`SELECT "x123456789012".p123456789012 WHERE a = $1::text AND b = '' AND c = $2::text`, []string{"it's 7", "زنجان"}},
		{`SELECT '2026-11-22' || '2026-11-22 08:48:09'`, `SELECT $1::text || $2::text`, []string{"2026-11-22", "2026-11-22 08:48:09"}},
	} {
		text, args, ok := Prepared(c.query)
		if !ok || text != c.text || !reflect.DeepEqual(args, c.args) {
			t.Errorf("%s\n became %s\n %q", c.query, text, args)
		}
	}
}

func TestSomeStatementsAreSentAsTheyAre(t *testing.T) {
	list := make([]string, manyParameters+1)
	for i := range list {
		list[i] = fmt.Sprint(250180395489208861 + i)
	}
	for _, query := range []string{
		`UPDATE x SET a = 'K7'`, `SELECT 1 WHERE key LIKE '%زنجان%' ESCAPE '\'`, `SELECT 1 WHERE id IN (` + strings.Join(list, ", ") + `)`,
	} {
		if text, _, ok := Prepared(query); ok {
			t.Errorf("%s became %s", query, text)
		}
	}
}

// Whatever somebody typed, putting the parameters back gives the statement.
func TestParametersLoseNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		typed := rapid.String().Draw(t, "typed")
		id := rapid.Int64Range(1e11, 1<<62).Draw(t, "id")
		literal := "'" + strings.ReplaceAll(typed, "'", "''") + "'"
		query := fmt.Sprintf(`SELECT * FROM "t" WHERE name = %s AND id = %d AND state = 'open'`, literal, id)
		text, args, ok := Prepared(query)
		if !ok {
			if !strings.Contains(typed, " LIKE ") {
				t.Fatalf("%s was left", query)
			}
			return
		}
		for i := len(args); i > 0; i-- {
			mark, value := fmt.Sprintf("$%d::", i), args[i-1]
			before, after, _ := strings.Cut(text, mark)
			cast, rest, _ := strings.Cut(after, " ")
			if cast != "bigint" {
				value = "'" + strings.ReplaceAll(value, "'", "''") + "'"
			}
			text = strings.TrimSuffix(before+value+" "+rest, " ")
		}
		if text != query {
			t.Fatalf("%s\nbecame %s", query, text)
		}
	})
}
