package tenants

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// pgSource reads in one REPEATABLE READ transaction, as the role that sees all
// rows and may change none.
type pgSource struct{ conn *pgx.Conn }

const backupBegin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL ROLE pasokh_backup"

func ownerConn(ctx context.Context, rawURL string) (*pgx.Conn, error) {
	cfg, err := pgx.ParseConfig(rawURL)
	if err != nil {
		return nil, errors.New("the database address cannot be read")
	}
	cfg.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
	// What COPY writes depends on these.
	for name, value := range map[string]string{
		"application_name": "pasokh backup", "timezone": "UTC", "datestyle": "ISO", "extra_float_digits": "1",
		"bytea_output": "hex", "intervalstyle": "postgres", "statement_timeout": "0",
	} {
		cfg.RuntimeParams[name] = value
	}
	return pgx.ConnectConfig(ctx, cfg)
}

func postgresSnapshot(ctx context.Context, rawURL string) (*Snapshot, error) {
	conn, err := ownerConn(ctx, rawURL)
	if err != nil {
		return nil, err
	}
	s := &Snapshot{Postgres: true, source: &pgSource{conn}}
	if err := s.beginPostgres(ctx, conn); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Snapshot) beginPostgres(ctx context.Context, conn *pgx.Conn) (err error) {
	if _, err := conn.Exec(ctx, backupBegin); err != nil {
		return fmt.Errorf("the role of backups: %w (run `pasokh migrate` with the role that owns the tables, and back up with it)", err)
	}
	if s.tables, err = pgTables(ctx, conn); err != nil {
		return err
	}
	for _, t := range s.tables {
		s.Streams = append(s.Streams, t.name)
	}
	rows, err := conn.Query(ctx, "SELECT name FROM bun_migrations ORDER BY name")
	if err != nil {
		return err
	}
	s.Migrations, err = pgx.CollectRows(rows, pgx.RowTo[string])
	return err
}

func pgTables(ctx context.Context, conn *pgx.Conn) ([]dumped, error) {
	rows, err := conn.Query(ctx, `SELECT c.relname, string_agg(a.attname, ',' ORDER BY a.attname COLLATE "C")
		FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
		WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace GROUP BY c.relname ORDER BY c.relname COLLATE "C"`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []dumped
	for rows.Next() {
		var name, columns string
		if err := rows.Scan(&name, &columns); err != nil {
			return nil, err
		}
		if !slices.Contains(notDumped, name) {
			list = append(list, dumped{name, strings.Split(columns, ","), slices.Contains(strings.Split(columns, ","), "blob")})
		}
	}
	return list, rows.Err()
}

// spelled is the table with its columns, as COPY wants it.
func (d *dumped) spelled() string {
	quoted := make([]string, len(d.columns))
	for i, c := range d.columns {
		quoted[i] = pgx.Identifier{c}.Sanitize()
	}
	return pgx.Identifier{"public", d.name}.Sanitize() + " (" + strings.Join(quoted, ", ") + ")"
}

func (p *pgSource) copy(ctx context.Context, s *Snapshot, stream string, w io.Writer) (map[string]Sum, error) {
	i := slices.IndexFunc(s.tables, func(d dumped) bool { return d.name == stream })
	if i < 0 {
		return nil, fmt.Errorf("no table %q", stream)
	}
	sum := new(Summer)
	_, err := p.conn.PgConn().CopyTo(ctx, io.MultiWriter(sum, w), "COPY "+s.tables[i].spelled()+" TO STDOUT")
	return map[string]Sum{stream: sum.Sum()}, err
}

func (p *pgSource) blobs(ctx context.Context, tables []dumped, fn func(int64, string) error) error {
	query := blobQuery(tables)
	if query == "" {
		return nil
	}
	rows, err := p.conn.Query(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var tenant int64
		var key string
		if err := rows.Scan(&tenant, &key); err != nil {
			return err
		}
		if err := fn(tenant, key); err != nil {
			return err
		}
	}
	return rows.Err()
}

// blobQuery finds every file that a row of any table names, each once.
func blobQuery(tables []dumped) string {
	var parts []string
	for _, t := range tables {
		if t.blobs {
			parts = append(parts, fmt.Sprintf(`SELECT tenant_id, blob FROM %q WHERE blob <> ''`, t.name)) //nolint:gosec // from the catalog
		}
	}
	return strings.Join(parts, " UNION ")
}

func (p *pgSource) close() error { return p.conn.Close(context.Background()) }
