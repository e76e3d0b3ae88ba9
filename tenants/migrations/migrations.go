// Package migrations holds the schema of both databases as plain SQL, portable
// or with a part for one of them, never edited once merged.
package migrations

import "embed"

// Portable are the migrations that both databases run.
//
//go:embed *.sql
var Portable embed.FS

// SQLite are the migrations that only SQLite runs, in the folder sqlite.
//
//go:embed sqlite/*.sql
var SQLite embed.FS

// Grants is run on PostgreSQL after every migration: roles, rights and
// row-level security of all tenant tables.
//
//go:embed postgres/grants.sql
var Grants string

// Search is run on PostgreSQL after Grants: the index and the function that
// find words in cases.
//
//go:embed postgres/search.sql
var Search string

// Planning is run on PostgreSQL after Search: the constraint that keeps an
// executive out of two sessions at once.
//
//go:embed postgres/planning.sql
var Planning string

// Minutes is run on PostgreSQL after Search: the lock of finalised minutes.
//
//go:embed postgres/minutes.sql
var Minutes string

// Retention is run on PostgreSQL after Minutes: what of events and minutes may go
// when its time has passed, and the lock of certificates.
//
//go:embed postgres/retention.sql
var Retention string

// Nameless is run on PostgreSQL after Retention: citizens' names that stand in
// events.
//
//go:embed postgres/nameless.sql
var Nameless string
