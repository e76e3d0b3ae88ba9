package citizens_test

import (
	"testing"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/citizens"
	"pasokh/tenants"
)

func TestElsewhereFindsTheSameNationalIDUnderAnotherNumberOrName(t *testing.T) {
	w := dbtest.New(t)
	const id = "0499370899"
	w.Write(t, anybody, func(tx *tenants.Tx) error {
		_, err := citizens.Ensure(t.Context(), tx, citizens.Identity{Mobile: "09121112233", NationalID: id, Name: "سارا محمدی"})
		return err
	})
	for name, c := range map[string]struct {
		in   citizens.Identity
		want int
	}{
		"the same person":  {citizens.Identity{Mobile: "09121112233", NationalID: "۰۴۹۹۳۷۰۸۹۹", Name: "سارا محمدي"}, 0},
		"another number":   {citizens.Identity{Mobile: "09350000000", NationalID: id, Name: "سارا محمدی"}, 1},
		"another name":     {citizens.Identity{Mobile: "09121112233", NationalID: id, Name: "رضا کاظمی"}, 1},
		"no national ID":   {citizens.Identity{Mobile: "09350000000"}, 0},
		"no number so far": {citizens.Identity{NationalID: id}, 0},
	} {
		db := w.Root.For(w.A)
		list, err := citizens.Elsewhere(t.Context(), db, c.in)
		db.Release()
		if err != nil || len(list) != c.want {
			t.Errorf("%s: %v %v", name, list, err)
		}
	}
}
