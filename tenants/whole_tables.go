package tenants

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// WholeTable is a table with rows of organizations, as the database's own
// catalog tells: what is handed over, and what is deleted, is never a list that
// somebody keeps.
type WholeTable struct {
	Name    string
	Columns []WholeColumn // by name, without tenant_id
	Key     []string      // the primary key without tenant_id, in order
	Above   []string      // the tables its rows refer to, itself left out
	Own     []string      // its columns that refer to rows of itself
	Blobs   bool          // its rows name files of the store
}

// WholeColumn is a column with what its values are.
type WholeColumn struct {
	Name string
	Kind ColumnKind
}

// ColumnKind is what the values of a column are, the same on both databases.
type ColumnKind string

// The kinds that the schema uses.
const (
	IntegerColumn ColumnKind = "integer"
	NumberColumn  ColumnKind = "number"
	TextColumn    ColumnKind = "text"
	BoolColumn    ColumnKind = "boolean"
	TimeColumn    ColumnKind = "time"
	JSONColumn    ColumnKind = "json"
)

// columnKinds are the types of the portable schema, in the words of either
// catalog.
var columnKinds = map[string]ColumnKind{
	"BIGINT": IntegerColumn, "INTEGER": IntegerColumn, "DOUBLE PRECISION": NumberColumn, "TEXT": TextColumn,
	"BOOLEAN": BoolColumn, "TIMESTAMPTZ": TimeColumn, "TIMESTAMP WITH TIME ZONE": TimeColumn, "JSONB": JSONColumn,
}

// stays are the tables that no package holds, with the reason: what only this
// deployment can use, or what must not lie in a file.
var stays = map[string]string{
	"tenant_keys":             "the keys that seal the rows here; another deployment makes its own",
	"tenant_exports":          "the packages that were made here",
	"sessions":                "who is signed in at this moment",
	"otp_codes":               "codes that live for minutes",
	"staff_challenges":        "sign-ins that are under way",
	"staff_sign_ins":          "sign-ins that are under way",
	"staff_authenticators":    "secrets of second factors",
	"staff_recovery_codes":    "secrets of second factors",
	"staff_passkeys":          "keys that are bound to this host",
	"staff_devices":           "browsers that were seen here",
	"staff_invitations":       "links that are on their way",
	"staff_links":             "links that are on their way",
	"staff_left_addresses":    "addresses that were left within a month",
	"announcement_dismissals": "what the platform of this deployment has told",
	"sign_in_attempts":        "sign-ins that are under way",
	"audit_checks":            "what is found anew by walking the chain",
}

// blanked are the columns that a package leaves out, secrets all of them, with
// what stands there after an import.
var blanked = map[string]map[string]any{
	"staff":         {"password_hash": "", "factor_at": nil},
	"gateways":      {"secrets": ""},
	"inbound_doors": {"secrets": ""},
	// Without its secret a service lets nobody in: it waits until it is set up here.
	"sign_in_services": {"secret": "", "enabled": false, "tried_at": nil},
	"emergency_grants": {"entry_hash": "", "entry_until": nil, "session_hash": ""},
	"busy_calendars":   {"url": ""}, // whoever has it reads the calendar
}

// Stays lists the tables that no package holds, with the reason of each.
func Stays() map[string]string {
	all := make(map[string]string, len(stays))
	for table, why := range stays {
		all[table] = why
	}
	return all
}

// Blanked lists the columns that a package leaves out: table.column.
func Blanked() []string {
	var list []string
	for table, columns := range blanked {
		for column := range columns {
			list = append(list, table+"."+column)
		}
	}
	slices.Sort(list)
	return list
}

// UnscopedWholeTables lists every table with a tenant_id, those that others
// refer to first.
func UnscopedWholeTables(ctx context.Context, r *Root) ([]WholeTable, error) {
	query := wholeSQLite
	if r.postgres {
		query = wholePostgres
	}
	rows, err := r.catalog(ctx, query)
	if err != nil {
		return nil, err
	}
	byName := map[string]*WholeTable{}
	for _, row := range rows {
		t := byName[row[0]]
		if t == nil {
			t = &WholeTable{Name: row[0]}
			byName[t.Name] = t
		}
		if err := t.column(row[1], row[2], row[3] != "0"); err != nil {
			return nil, err
		}
	}
	tables, err := UnscopedSchema(ctx, r)
	if err != nil {
		return nil, err
	}
	for _, table := range tables {
		if t := byName[table.Name]; t != nil {
			t.refers(table.References)
		}
	}
	return ordered(byName)
}

const (
	wholeSQLite = `SELECT m.name, c.name, upper(c.type), CAST(c.pk AS TEXT) FROM sqlite_master m JOIN pragma_table_info(m.name) c
		WHERE m.type = 'table' AND EXISTS (SELECT 1 FROM pragma_table_info(m.name) o WHERE o.name = 'tenant_id') ORDER BY m.name, c.pk, c.name`
	wholePostgres = `SELECT t.relname, a.attname, upper(format_type(a.atttypid, NULL)), coalesce(array_position(i.indkey::int[], a.attnum::int) + 1, 0)::text
		FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped LEFT JOIN pg_index i ON i.indrelid = t.oid AND i.indisprimary
		WHERE t.relkind = 'r' AND t.relnamespace = 'public'::regnamespace
		AND EXISTS (SELECT 1 FROM pg_attribute o WHERE o.attrelid = t.oid AND o.attname = 'tenant_id' AND NOT o.attisdropped) ORDER BY 1, coalesce(array_position(i.indkey::int[], a.attnum::int) + 1, 0), a.attname COLLATE "C"`
)

// column adds one as the catalog spells it.
func (t *WholeTable) column(name, kind string, key bool) error {
	if name == "tenant_id" {
		return nil
	}
	k, ok := columnKinds[kind]
	if !ok {
		return fmt.Errorf("tenants: %s.%s has the type %s, which no package can hold", t.Name, name, kind)
	}
	t.Columns = append(t.Columns, WholeColumn{name, k})
	slices.SortFunc(t.Columns, func(a, b WholeColumn) int { return strings.Compare(a.Name, b.Name) })
	if key {
		t.Key = append(t.Key, name)
	}
	t.Blobs = t.Blobs || name == "blob"
	return nil
}

func (t *WholeTable) refers(list []Reference) {
	for _, ref := range list {
		switch ref.Table {
		case "tenants":
		case t.Name:
			t.Own = append(t.Own, ref.Columns[len(ref.Columns)-1])
		default:
			t.Above = append(t.Above, ref.Table)
		}
	}
	slices.Sort(t.Own)
}

// ordered puts tables after those they refer to. Two that refer to each other
// are a mistake of the schema: neither could be written first.
func ordered(byName map[string]*WholeTable) ([]WholeTable, error) {
	var names []string
	for name := range byName {
		names = append(names, name)
	}
	slices.Sort(names)
	list, done := make([]WholeTable, 0, len(names)), map[string]bool{}
	for len(list) < len(names) {
		before := len(list)
		for _, name := range names {
			t := byName[name]
			if done[name] || slices.ContainsFunc(t.Above, func(above string) bool { return !done[above] }) {
				continue
			}
			list, done[name] = append(list, *t), true
		}
		if len(list) == before {
			return nil, fmt.Errorf("tenants: tables refer to each other in a ring; %d of %d could be ordered", before, len(names))
		}
	}
	return list, nil
}
