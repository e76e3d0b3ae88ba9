package boot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"pasokh/app/backup"
	"pasokh/app/files"
	"pasokh/tenants"
)

// Backup is the command line of `pasokh backup`.
type Backup struct {
	To     string // a file, a folder, or - for the standard output
	Verify bool   // read the archive back
}

// Restore is the command line of `pasokh restore`.
type Restore struct {
	From     string
	Verify   bool   // only read the archive
	Erasures string // the list of who was erased since; empty: that of the configuration
}

// stampName is the file in PASOKH_DATA that remembers the last backup, for the
// metrics.
const stampName = "backup.json"

// stamp is what it holds.
type stamp struct {
	Ended time.Time `json:"ended"`
	Bytes int64     `json:"bytes"` // of the archive
}

// WriteBackup backs database and files up while others serve.
func WriteBackup(ctx context.Context, c Config, o Backup, out io.Writer) error {
	root, err := openDatabase(ctx, c)
	if err != nil {
		return err
	}
	defer root.Close() //nolint:errcheck // only read
	done, err := tenants.Migrated(ctx, root)
	if err != nil || !done {
		return errors.Join(errors.New("the schema is not this program's: back up with the program that serves, or run `pasokh migrate` first"), err)
	}
	store, err := files.OpenStore(filepath.Join(c.Data, "files"))
	if err != nil {
		return err
	}
	defer store.Close() //nolint:errcheck // only read
	clock := root.Clock()
	source := backup.Source{
		Root: root, URL: c.DatabaseURL, Files: store, Program: Version(), Clock: clock, Scratch: os.TempDir(),
		Say: func(text string) { fmt.Fprintln(os.Stderr, text) }, //nolint:errcheck // a terminal
	}
	began := clock()
	if o.To == "-" {
		m, err := backup.Write(ctx, source, out)
		if err != nil {
			return err
		}
		summary(os.Stderr, "backed up", m, clock().Sub(began))
		return c.noteBackup(clock(), 0)
	}
	name := archiveName(o.To, began)
	source.Scratch = filepath.Dir(name)
	m, err := backup.ToFile(ctx, source, name)
	if err != nil {
		return err
	}
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s, %.1f MB\n", name, float64(info.Size())/1e6) //nolint:errcheck // a terminal
	summary(out, "backed up", m, clock().Sub(began))
	if o.Verify {
		if err := VerifyBackup(ctx, name, clock, out); err != nil {
			return err
		}
	}
	return c.noteBackup(clock(), info.Size())
}

// archiveName is where the archive goes: a folder gets a name with the time.
func archiveName(to string, at time.Time) string {
	if info, err := os.Stat(to); err == nil && info.IsDir() {
		return filepath.Join(to, at.UTC().Format("pasokh-20060102T150405Z")+".tar.zst")
	}
	return to
}

func (c *Config) noteBackup(at time.Time, size int64) error {
	raw, err := json.Marshal(stamp{at.UTC(), size})
	if err != nil {
		return err
	}
	half := filepath.Join(c.Data, stampName+".part")
	if err := os.WriteFile(half, raw, 0o600); err != nil {
		return fmt.Errorf("the backup is whole, but its time could not be noted: %w", err)
	}
	return os.Rename(half, filepath.Join(c.Data, stampName))
}

// lastBackup is what the last backup left; zero when there was none.
func (c *Config) lastBackup() (s stamp) {
	raw, err := os.ReadFile(filepath.Join(c.Data, stampName))
	if err == nil {
		_ = json.Unmarshal(raw, &s) // an unreadable note is none
	}
	return s
}

// VerifyBackup reads an archive from end to end and writes nothing.
func VerifyBackup(_ context.Context, name string, clock tenants.Clock, out io.Writer) error {
	f, err := os.Open(name) //nolint:gosec // named by the operator
	if err != nil {
		return err
	}
	defer f.Close() //nolint:errcheck // only read
	began := clock()
	m, err := backup.Verify(f, clock, func(text string) { fmt.Fprintln(os.Stderr, text) }) //nolint:errcheck // a terminal
	if err != nil {
		return err
	}
	summary(out, "verified", m, clock().Sub(began))
	return nil
}

// RestoreBackup fills an empty installation from an archive.
func RestoreBackup(ctx context.Context, c Config, o Restore, out io.Writer) error {
	if o.Verify {
		return VerifyBackup(ctx, o.From, tenants.SystemClock, out)
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return err
	}
	store, err := files.OpenStore(filepath.Join(c.Data, "files"))
	if err != nil {
		return err
	}
	defer store.Close() //nolint:errcheck // every file was written whole
	schema, err := tenants.Schema(c.DatabaseURL != "")
	if err != nil {
		return err
	}
	began := tenants.SystemClock()
	m, err := backup.Restore(ctx, backup.Target{
		URL: c.DatabaseURL, Dir: c.Data, Files: store, Schema: schema, Clock: tenants.SystemClock,
		Migrate: func(ctx context.Context) error { return Migrate(ctx, c, io.Discard) },
		Say:     func(text string) { fmt.Fprintln(os.Stderr, text) }, //nolint:errcheck // a terminal
	}, o.From)
	if err != nil {
		return err
	}
	summary(out, "restored", m, tenants.SystemClock().Sub(began))
	return replayErasures(ctx, c, o.Erasures, store, out)
}

func summary(out io.Writer, verb string, m *backup.Manifest, took time.Duration) {
	fmt.Fprintf(out, "%s: %s, schema %s, taken %s; %d tables, %d rows, %d files, %.1f MB in %s\n", //nolint:errcheck // a terminal
		verb, m.Database, m.Schema(), m.Taken.Format(time.RFC3339), len(m.Tables), m.Rows(), m.Files,
		float64(m.Bytes())/1e6, took.Round(time.Millisecond))
	if m.Missing > 0 {
		fmt.Fprintf(out, "note: %d files that rows name were not in the store\n", m.Missing) //nolint:errcheck // a terminal
	}
}
