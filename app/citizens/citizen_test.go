package citizens_test

import (
	"strings"
	"sync"
	"testing"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/tenants"
)

var (
	anybody = tenants.Actor{Kind: tenants.Citizen}
	clerk   = tenants.Actor{Kind: tenants.Staff, ID: 1}
)

const (
	mobile     = "+989121234567"
	nationalID = "0499370899"
)

// read runs fn on a fresh snapshot of organization A, as one request would.
func read(w *dbtest.World, fn func(db *tenants.DB)) {
	db := w.Root.For(w.A)
	defer db.Release()
	fn(db)
}

func TestIdentityIsReadAsPeopleTypeIt(t *testing.T) {
	got, err := citizens.Identity{Mobile: "۰۹۱۲ ۱۲۳ ۴۵۶۷", NationalID: "٠٤٩٩٣٧٠٨٩٩", Name: "  علي  كريمي "}.Check(citizens.NeedIdentified)
	if err != nil {
		t.Fatal(err)
	}
	if want := (citizens.Identity{Mobile: mobile, NationalID: nationalID, Name: "علی کریمی"}); got != want {
		t.Errorf("got %+v", got)
	}
}

func TestIdentityNeeds(t *testing.T) {
	whole := citizens.Identity{Mobile: mobile, NationalID: nationalID, Name: "علی"}
	for name, c := range map[string]struct {
		in   citizens.Identity
		need citizens.Need
		want map[string]string
	}{
		"nothing for nothing":        {citizens.Identity{}, citizens.NeedNothing, nil},
		"mobile is enough":           {citizens.Identity{Mobile: mobile}, citizens.NeedMobile, nil},
		"mobile is missing":          {citizens.Identity{Name: "علی"}, citizens.NeedMobile, map[string]string{"mobile": "citizen.mobile.missing"}},
		"all are missing":            {citizens.Identity{}, citizens.NeedIdentified, map[string]string{"mobile": "citizen.mobile.missing", "national_id": "citizen.national_id.missing", "name": "citizen.name.missing"}},
		"all are there":              {whole, citizens.NeedIdentified, nil},
		"wrong though not needed":    {citizens.Identity{Mobile: "12", NationalID: "1111111111"}, citizens.NeedNothing, map[string]string{"mobile": "citizen.mobile.wrong", "national_id": "citizen.national_id.wrong"}},
		"landline":                   {citizens.Identity{Mobile: "02188991234"}, citizens.NeedMobile, map[string]string{"mobile": "citizen.mobile.wrong"}},
		"name of nothing but spaces": {citizens.Identity{Mobile: mobile, NationalID: nationalID, Name: " \u200f "}, citizens.NeedIdentified, map[string]string{"name": "citizen.name.missing"}},
		"endless name":               {citizens.Identity{Mobile: mobile, Name: strings.Repeat("ع", 121)}, citizens.NeedMobile, map[string]string{"name": "citizen.name.long"}},
	} {
		_, err := c.in.Check(c.need)
		if c.want == nil {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		got := fault.As(err).Fields
		if len(got) != len(c.want) {
			t.Errorf("%s: %v", name, got)
		}
		for field, key := range c.want {
			if got[field] != key {
				t.Errorf("%s: %s is %q, want %q", name, field, got[field], key)
			}
		}
	}
}

func ensure(t *testing.T, w *dbtest.World, actor tenants.Actor, in citizens.Identity) *citizens.Citizen {
	t.Helper()
	var c *citizens.Citizen
	w.Write(t, actor, func(tx *tenants.Tx) (err error) {
		c, err = citizens.Ensure(t.Context(), tx, in)
		return err
	})
	return c
}

func TestEnsureFindsTheSamePersonAgain(t *testing.T) {
	w := dbtest.New(t)
	first := ensure(t, w, anybody, citizens.Identity{Mobile: "09121234567", NationalID: nationalID, Name: "علی"})
	again := ensure(t, w, anybody, citizens.Identity{Mobile: "+98 912 123 4567", NationalID: "0499370899"})
	if first.ID != again.ID || again.Name != "علی" {
		t.Errorf("%+v became %+v", first, again)
	}
	relative := ensure(t, w, anybody, citizens.Identity{Mobile: mobile, NationalID: "0790419904"})
	if relative.ID == first.ID {
		t.Error("two people who share a telephone are one")
	}
}

func TestNameIsChangedOnlyByWhoMay(t *testing.T) {
	w := dbtest.New(t)
	ensure(t, w, anybody, citizens.Identity{Mobile: mobile})
	for _, c := range []struct {
		what     string
		actor    tenants.Actor
		name     string
		verified bool
		want     string
	}{
		{"first name", anybody, "علی", false, "علی"},
		{"stranger", anybody, "دروغ", false, "علی"},
		{"verified", anybody, "علی کریمی", true, "علی کریمی"},
		{"staff", clerk, "علی کریمی‌پور", false, "علی کریمی‌پور"},
		{"nothing given", clerk, "", false, "علی کریمی‌پور"},
	} {
		ensure(t, w, c.actor, citizens.Identity{Mobile: mobile, Name: c.name, Verified: c.verified})
		if got := ensure(t, w, anybody, citizens.Identity{Mobile: mobile}); got.Name != c.want {
			t.Errorf("%s: name is %q, want %q", c.what, got.Name, c.want)
		}
	}
}

func TestVerificationIsRemembered(t *testing.T) {
	w := dbtest.New(t)
	if c := ensure(t, w, anybody, citizens.Identity{Mobile: mobile}); c.VerifiedAt != nil {
		t.Error("verified by nothing")
	}
	ensure(t, w, anybody, citizens.Identity{Mobile: mobile, Verified: true})
	if c := ensure(t, w, anybody, citizens.Identity{Mobile: mobile}); c.VerifiedAt == nil || !c.VerifiedAt.Equal(dbtest.Start) {
		t.Errorf("verified at %v", c.VerifiedAt)
	}
}

func TestEnsureOnceFromManySides(t *testing.T) {
	w := dbtest.New(t)
	var wait sync.WaitGroup
	ids := make([]int64, 8)
	for i := range ids {
		wait.Go(func() {
			db := w.Root.For(w.A)
			defer db.Release()
			if err := db.Write(t.Context(), anybody, func(tx *tenants.Tx) error {
				c, err := citizens.Ensure(t.Context(), tx, citizens.Identity{Mobile: mobile, NationalID: nationalID, Name: "علی"})
				if err == nil {
					ids[i] = c.ID
				}
				return err
			}); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	for _, id := range ids {
		if id == 0 || id != ids[0] {
			t.Fatalf("several citizens: %v", ids)
		}
	}
}

func TestFindByMobileOrNationalID(t *testing.T) {
	w := dbtest.New(t)
	a := ensure(t, w, clerk, citizens.Identity{Mobile: mobile, NationalID: nationalID})
	b := ensure(t, w, clerk, citizens.Identity{Mobile: mobile})
	read(w, func(db *tenants.DB) {
		for typed, want := range map[string][]int64{
			"۰۹۱۲۱۲۳۴۵۶۷":  {b.ID, a.ID},
			"049-937089-9": {a.ID},
			"0790419904":   {},
			"علی":          {},
		} {
			list, err := citizens.Find(t.Context(), db, typed)
			if err != nil || len(list) != len(want) {
				t.Errorf("%q: %+v, %v", typed, list, err)
				continue
			}
			for i := range want {
				if list[i].ID != want[i] {
					t.Errorf("%q: %+v", typed, list)
				}
			}
		}
		byIDs, err := citizens.ByIDs(t.Context(), db, []int64{a.ID, 1})
		if err != nil || len(byIDs) != 1 || byIDs[a.ID].NationalID != nationalID {
			t.Errorf("by ids: %+v, %v", byIDs, err)
		}
		if c, err := citizens.ByID(t.Context(), db, a.ID); err != nil || c.MaskedNationalID() != "••••••••99" {
			t.Errorf("masked: %+v, %v", c, err)
		}
	})
	if _, err := citizens.ByID(t.Context(), w.For(t, w.B), a.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("another organization reads: %v", err)
	}
}
