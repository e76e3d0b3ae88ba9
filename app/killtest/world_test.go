package killtest_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/citizens"
	"pasokh/app/notify"
	"pasokh/app/persian"
	"pasokh/app/vault"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// world is one organization with its database, its gateway, seats to book, and
// the processes of the program.
type world struct {
	ctx      context.Context //nolint:containedctx // the test's own
	url, dir string          // of the database
	org      *tenants.Tenant
	binary   string
	env      []string
	provider *provider
	seats    []seat
	tokens   []string // of citizens who have signed in
	pages    []*program
	workers  []*program
}

// seat is a place that can be booked.
type seat struct {
	executive, session int64
	slot               int
}

const (
	executives = 8
	seatsEach  = 20 // of a slot
)

// newWorld makes a world on PostgreSQL and Redis, or on SQLite without s.
func newWorld(ctx context.Context, t *testing.T, s *services, binary string, bookers int) *world {
	t.Helper()
	server := ""
	if s != nil {
		server = s.postgres.postgresURL()
	}
	t.Setenv("PASOKH_TEST_DATABASE_URL", server)
	made := dbtest.New(t)
	if err := made.Root.Close(); err != nil { // the program is alone with its database
		t.Fatal(err)
	}
	w := &world{ctx: ctx, url: made.URL, dir: made.Dir, org: made.A, binary: binary, provider: newProvider(t)}
	key := filepath.Join(w.dir, "key")
	// The key that the database was made with.
	if err := os.WriteFile(key, []byte("1:"+strings.Repeat("07", vault.KeySize)+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	w.env = []string{
		"PASOKH_DATABASE_URL=" + w.url, "PASOKH_DATA=" + w.dir, "PASOKH_LOG=json", "PASOKH_KEY_FILE=" + key,
		"PASOKH_FAKE_GATEWAYS=" + w.provider.URL, "PASOKH_BASE_URL=http://localhost",
		"PASOKH_TRUSTED_PROXIES=127.0.0.1", // every citizen has an address
	}
	if s != nil {
		w.env = append(w.env, "PASOKH_REDIS_URL="+s.redis.redisURL())
	}
	if err := w.furnish(key, bookers); err != nil {
		t.Fatal(err)
	}
	return w
}

// open opens the database beside the program.
func (w *world) open() (*tenants.Root, *tenants.DB, error) {
	root, err := tenants.Open(w.ctx, w.url, w.dir, tenants.SystemClock)
	if err != nil {
		return nil, nil, err
	}
	root.UseKeys(dbtest.Keys()) // those that made the database
	return root, root.For(w.org), nil
}

// furnish adds the gateway, the seats and the citizens who have signed in.
func (w *world) furnish(key string, bookers int) error {
	root, db, err := w.open()
	if err != nil {
		return err
	}
	defer root.Close() //nolint:errcheck // everything is committed
	keys, err := vault.Load(key)
	if err != nil {
		return err
	}
	// Whatever the hour of the run, everything is sent at once.
	w.org.Settings.Messages = tenants.Messaging{QuietFrom: 60, QuietUntil: 60}
	if err := root.UnscopedSaveSettings(w.ctx, w.org); err != nil {
		return err
	}
	err = db.Write(w.ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
		gateway := &notify.Gateway{Provider: "kavenegar", Line: "3000505", Enabled: true}
		return errors.Join((&notify.Opener{Keys: keys}).Save(w.ctx, tx, gateway, map[string]string{"api_key": "key"}), seed(w.ctx, tx))
	})
	if err != nil {
		return err
	}
	if err := w.arrange(db); err != nil {
		return err
	}
	if len(w.seats) < bookers {
		return fmt.Errorf("%d seats for %d people", len(w.seats), bookers)
	}
	for len(w.tokens) < bookers {
		err := db.Write(w.ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
			for range min(500, bookers-len(w.tokens)) {
				token, err := citizens.OpenSession(w.ctx, tx, booker(len(w.tokens)))
				if err != nil {
					return err
				}
				w.tokens = append(w.tokens, token)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	db.Release()
	return nil
}

// seed adds executives with large windows.
func seed(ctx context.Context, tx *tenants.Tx) error {
	specs := make([]tenants.ExecutiveSpec, executives)
	for i := range specs {
		specs[i] = tenants.ExecutiveSpec{Code: fmt.Sprintf("fault-%d", i), PostFA: "معاون", PostEN: "Deputy", NameFA: "نام", NameEN: "Name"}
	}
	list, err := directives.Seed(ctx, tx, specs, nil)
	if err != nil {
		return err
	}
	window := tenants.WindowSpec{From: 14 * 60, Until: 18 * 60, SlotMinutes: 30, Seats: seatsEach, SiteFA: "تالار", SiteEN: "Hall"}
	for _, e := range list {
		for _, window.Weekday = range []int{0, 2, 4} {
			if _, err := meetings.AddWindow(ctx, tx, e.ID, window); err != nil {
				return err
			}
		}
	}
	_, err = meetings.Generate(ctx, tx)
	return err
}

// arrange lists the seats, one of each slot after the other.
func (w *world) arrange(db *tenants.DB) error {
	list, err := directives.Executives(w.ctx, db)
	if err != nil {
		return err
	}
	var slots []seat
	for _, e := range list {
		open, err := meetings.OpenSessions(w.ctx, db, e.ID, 1)
		if err != nil {
			return err
		}
		for _, o := range open {
			for _, slot := range o.Slots {
				if slot.Seats == seatsEach {
					slots = append(slots, seat{e.ID, o.ID, slot.Number})
				}
			}
		}
	}
	for range seatsEach {
		w.seats = append(w.seats, slots...)
	}
	return nil
}

// start starts so many processes with pages and with a worker, and waits until
// they are up.
func (w *world) start(t *testing.T, pages, workers int) {
	t.Helper()
	for range pages {
		w.pages = append(w.pages, keep(t, w.binary, w.env, "serve", "--no-worker"))
	}
	for range workers {
		w.workers = append(w.workers, keep(t, w.binary, w.env, "worker"))
	}
	w.up(t)
}

// up waits until every process with pages is whole.
func (w *world) up(t *testing.T) {
	t.Helper()
	for _, p := range w.pages {
		if _, err := waited(w.ctx, 30*startLimit, func() bool { return p.whole(w.ctx) }); err != nil {
			t.Fatalf("%s does not come up: %s", p.address(), p.tail())
		}
	}
}

func (w *world) all() []*program { return append(append([]*program{}, w.pages...), w.workers...) }

func filer(n int) string  { return fmt.Sprintf("+98912%07d", n) }
func booker(n int) string { return fmt.Sprintf("+98914%07d", n) }

// nationalID makes a valid one of its own for everybody.
func nationalID(n int) string {
	for check := range 10 {
		if id, ok := persian.NationalID(fmt.Sprintf("%09d%d", 100_000_001+n, check)); ok {
			return id
		}
	}
	panic("no check digit fits")
}
