package tenants_test

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/citizens"
	"pasokh/app/vault"
	"pasokh/tenants"
)

var person = citizens.Identity{Mobile: "+989121234567", NationalID: "0012345679", Name: "کاناری زردپر", Verified: true}

func ensure(t *testing.T, w *dbtest.World, in citizens.Identity) (c *citizens.Citizen) {
	t.Helper()
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) (err error) {
		c, err = citizens.Ensure(t.Context(), tx, in)
		return err
	})
	return c
}

// stored is a row as it lies in the database.
type stored struct {
	tenants.BaseModel `bun:"table:citizens,alias:citizen"`
	tenants.Owned
	ID           int64 `bun:",pk"`
	Mobile, Name string
	SubjectKey   string
	MobileSealed string
	CreatedAt    time.Time
}

func lies(t *testing.T, w *dbtest.World, id int64) *stored {
	t.Helper()
	s := new(stored)
	if err := w.Root.For(w.A).Select(s).Column("id", "mobile", "name", "subject_key", "mobile_sealed", "created_at").Where("citizen.id = ?", id).Scan(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAPersonLiesSealedAndOpensInTheirOwnRowOnly(t *testing.T) {
	w := dbtest.New(t)
	c, other := ensure(t, w, person), ensure(t, w, citizens.Identity{Mobile: "+989120000001", Name: "دیگری"})
	if c.Mobile != person.Mobile || c.Name != person.Name {
		t.Fatalf("in memory: %+v", c)
	}
	row := lies(t, w, c.ID)
	for _, text := range []string{row.Mobile, row.Name, row.MobileSealed, row.SubjectKey} {
		if text == "" || bytes.Contains([]byte(text), []byte("9121234567")) || bytes.Contains([]byte(text), []byte("کاناری")) {
			t.Fatalf("in clear: %+v", row)
		}
	}
	if again := ensure(t, w, person); again.ID != c.ID || again.Name != person.Name {
		t.Fatalf("not found again: %+v", again)
	}
	// Moved to another row, with or without its key, it is a dash and no error.
	for _, set := range []string{"name = ?", "name = ?, subject_key = '" + row.SubjectKey + "'"} {
		w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
			_, err := tx.Set(t.Context(), (*stored)(nil), set, []any{row.Name}, "id = ?", other.ID)
			return err
		})
		moved, err := citizens.ByID(t.Context(), w.Root.For(w.A), other.ID)
		if err != nil || moved.Name != "—" {
			t.Fatalf("%+v, %v", moved, err)
		}
	}
	// And in another organization.
	db := w.Root.For(w.B)
	defer db.Release()
	err := db.Write(t.Context(), tenants.SystemActor(), func(tx *tenants.Tx) error {
		return tx.Insert(t.Context(), row)
	})
	if err != nil {
		t.Fatal(err)
	}
	if moved, err := citizens.ByID(t.Context(), db, c.ID); err != nil || moved.Name != "—" || moved.Mobile != "—" {
		t.Fatalf("%+v, %v", moved, err)
	}
	if w.Root.For(w.A).Blind("mobile", person.Mobile) == db.Blind("mobile", person.Mobile) {
		t.Error("two organizations share an index")
	}
}

// An older program left everything in clear; what it left is sealed once.
func TestWhatAnOlderProgramLeftIsSealed(t *testing.T) {
	w := dbtest.New(t)
	ids := make([]int64, 1203)
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		rows := make([]stored, len(ids))
		for i := range rows {
			ids[i] = tenants.NewID()
			rows[i] = stored{ID: ids[i], Mobile: fmt.Sprintf("+98912%07d", i), Name: "علی احمدی", CreatedAt: tx.Now()}
		}
		if err := tx.Insert(t.Context(), &rows); err != nil {
			return err
		}
		return tenants.Unsealed(t.Context(), tx)
	})
	for range 2 {
		sealed := 0
		if err := w.Root.SealExisting(t.Context(), func(_, _ string, n int) { sealed += n }); err != nil {
			t.Fatal(err)
		}
		if sealed != 0 && sealed != len(ids) {
			t.Fatal(sealed)
		}
	}
	db := w.Root.For(w.A)
	defer db.Release()
	for _, i := range []int{0, 700, 1202} {
		if row := lies(t, w, ids[i]); row.Name == "علی احمدی" || row.MobileSealed == "" {
			t.Fatalf("in clear: %+v", row)
		}
		found, err := citizens.Find(t.Context(), db, fmt.Sprintf("0912%07d", i))
		if err != nil || len(found) != 1 || found[0].ID != ids[i] || found[0].Name != "علی احمدی" {
			t.Fatalf("%+v, %v", found, err)
		}
	}
}

// While keys are turned others read and write; at the end nothing is under the
// key before.
func TestKeysTurnUnderLoad(t *testing.T) {
	w := dbtest.New(t)
	for i := range 60 {
		ensure(t, w, citizens.Identity{Mobile: fmt.Sprintf("+98913%07d", i), Name: "علی احمدی"})
	}
	ctx, stop := context.WithCancel(t.Context())
	var crowd sync.WaitGroup
	for n := range 3 {
		crowd.Go(func() {
			db := w.Root.For(w.A)
			defer db.Release()
			for i := 0; ctx.Err() == nil; i++ {
				mobile := fmt.Sprintf("+9891%d%07d", 4+n, i)
				err := db.Write(t.Context(), tenants.SystemActor(), func(tx *tenants.Tx) error {
					_, err := citizens.Ensure(t.Context(), tx, citizens.Identity{Mobile: mobile, Name: "نو"})
					return err
				})
				var all []citizens.Citizen
				if err == nil {
					err = db.Select(&all).Order("citizen.id DESC").Limit(50).Scan(t.Context())
				}
				db.Release()
				for _, c := range all {
					if err != nil || c.Name == "—" || len(c.Mobile) != 13 {
						t.Errorf("%+v, %v", c, err)
						return
					}
				}
			}
		})
	}
	if err := w.Root.Rotate(t.Context(), 300*time.Millisecond, nil); err != nil {
		t.Fatal(err)
	}
	stop()
	crowd.Wait()
	list, err := w.Root.KeyStatuses(t.Context())
	for _, s := range list {
		if s.Newest != 2 || s.Behind != 0 {
			t.Errorf("%+v", s)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	// A new key outside the database wraps all; the old one is of no use then.
	turned, err := vault.New(2, map[byte][]byte{1: bytes.Repeat([]byte{7}, 32), 2: bytes.Repeat([]byte{9}, 32)})
	if err != nil {
		t.Fatal(err)
	}
	w.Root.UseKeys(turned)
	if n, err := w.Root.Rewrap(t.Context()); err != nil || n != 6 { // two organizations, three keys each
		t.Fatal(n, err)
	}
	alone, _ := vault.New(2, map[byte][]byte{2: bytes.Repeat([]byte{9}, 32)})
	again, err := tenants.Open(t.Context(), w.URL, w.Dir, w.Clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close() //nolint:errcheck // read only
	again.UseKeys(alone)
	db := again.For(w.A)
	defer db.Release()
	if found, err := citizens.Find(t.Context(), db, "09130000001"); err != nil || len(found) != 1 || found[0].Name != "علی احمدی" {
		t.Fatalf("%+v, %v", found, err)
	}
}

func BenchmarkOpen50Rows(b *testing.B) {
	w := dbtest.New(b)
	db := w.For(b, w.A)
	err := db.Write(b.Context(), tenants.SystemActor(), func(tx *tenants.Tx) error {
		for i := range 50 {
			if _, err := citizens.Ensure(b.Context(), tx, citizens.Identity{Mobile: fmt.Sprintf("+98913%07d", i), Name: "علی احمدی"}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	var raw []citizens.Citizen
	if err := tenants.Unopened(b.Context(), db, &raw); err != nil || len(raw) != 50 {
		b.Fatal(err)
	}
	rows := make([]citizens.Citizen, len(raw))
	for b.Loop() {
		copy(rows, raw)
		tenants.Reveal(db, rows)
	}
	if rows[0].Name != "علی احمدی" {
		b.Fatal(rows[0])
	}
}
