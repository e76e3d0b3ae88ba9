package staff_test

import (
	"testing"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/tenants"
)

func TestSeedWritesEveryAccountWithItsRoles(t *testing.T) {
	w := seeded(t)
	db := w.DB(t)
	for _, spec := range gasStaff(t) {
		s := byUser(t, w, spec.User)
		if s.NameFA != spec.NameFA || s.NameEN != spec.NameEN || s.Mobile != spec.Mobile {
			t.Errorf("%s is %+v", spec.User, s)
		}
		if s.PasswordHash != "" {
			t.Errorf("%s comes with its password hash", spec.User)
		}
		unit, err := tenants.UnitByID(t.Context(), db, *s.UnitID)
		if err != nil || unit.Code != spec.Unit {
			t.Errorf("%s is in unit %+v, %v", spec.User, unit, err)
		}
		roles, err := staff.Roles(t.Context(), db, s.ID)
		if err != nil || len(roles) != len(spec.Roles) {
			t.Errorf("%s has roles %v, %v", spec.User, roles, err)
		}
	}
}

func TestSeedRefusesWhatIsIncomplete(t *testing.T) {
	w := dbtest.New(t)
	whole := tenants.StaffSpec{User: "x", NameFA: "الف", NameEN: "A", Unit: "pr", Mobile: "09120000001", Roles: []string{"operator"}}
	for name, c := range map[string]struct {
		change func(*tenants.StaffSpec)
		key    string
	}{
		"unknown unit": {func(s *tenants.StaffSpec) { s.Unit = "nowhere" }, "staff.unit_unknown"},
		"no user name": {func(s *tenants.StaffSpec) { s.User = " " }, "staff.incomplete"},
		"no name":      {func(s *tenants.StaffSpec) { s.NameEN = "" }, "staff.incomplete"},
		"wrong mobile": {func(s *tenants.StaffSpec) { s.Mobile = "123" }, "staff.mobile_wrong"},
	} {
		spec := whole
		c.change(&spec)
		err := w.Try(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
			return staff.Seed(t.Context(), tx, staff.Cheap(), []tenants.StaffSpec{spec}, secret)
		})
		if fault.As(err).Key != c.key {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestUserNamesAreUniqueInOneOrganization(t *testing.T) {
	w := seeded(t)
	seed := func(tx *tenants.Tx) error {
		specs := []tenants.StaffSpec{{User: "PR", NameFA: "الف", NameEN: "A", Roles: []string{"operator"}}}
		return staff.Seed(t.Context(), tx, staff.Cheap(), specs, secret)
	}
	if err := w.Try(t, tenants.SystemActor(), seed); !fault.Is(err, fault.Conflict) {
		t.Errorf("a second pr: %v", err)
	}
	if err := w.For(t, w.B).Write(t.Context(), tenants.SystemActor(), seed); err != nil {
		t.Errorf("pr of another organization: %v", err)
	}
}

func TestReadsKnowUnitsAndRoles(t *testing.T) {
	w := seeded(t)
	db, ctx := w.DB(t), t.Context()
	unit := byUser(t, w, "expert").UnitID
	ofUnit, err := staff.OfUnit(ctx, db, *unit)
	if err != nil || len(ofUnit) != 2 || ofUnit[0].UserName != "expert" || ofUnit[1].UserName != "head" {
		t.Errorf("unit: %+v, %v", ofUnit, err)
	}
	heads, err := staff.WithRole(ctx, db, "unit_head", nil)
	if err != nil || len(heads) != 4 {
		t.Errorf("heads: %d, %v", len(heads), err)
	}
	heads, err = staff.WithRole(ctx, db, "unit_head", unit)
	if err != nil || len(heads) != 1 || heads[0].UserName != "head" {
		t.Errorf("heads of the unit: %+v, %v", heads, err)
	}
	names, err := staff.Names(ctx, db, []int64{heads[0].ID, 1})
	if err != nil || len(names) != 1 || names[heads[0].ID] != (staff.Name{FA: "مریم جعفری", EN: "Maryam Jafari"}) {
		t.Errorf("names: %v, %v", names, err)
	}
	if names, err = staff.Names(ctx, db, nil); err != nil || len(names) != 0 {
		t.Errorf("names of nobody: %v, %v", names, err)
	}
}

func TestDisabledStaffAreNotReached(t *testing.T) {
	w := seeded(t)
	head := byUser(t, w, "head")
	for range 2 { // the second time changes nothing
		w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error { return staff.Disable(t.Context(), tx, head.ID) })
	}
	db := w.DB(t)
	if list, err := staff.WithRole(t.Context(), db, "unit_head", head.UnitID); err != nil || len(list) != 0 {
		t.Errorf("role: %+v, %v", list, err)
	}
	if list, err := staff.OfUnit(t.Context(), db, *head.UnitID); err != nil || len(list) != 1 {
		t.Errorf("unit: %+v, %v", list, err)
	}
	if s, err := staff.ByID(t.Context(), db, head.ID); err != nil || s.DisabledAt == nil {
		t.Errorf("by id: %+v, %v", s, err)
	}
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error { return staff.Enable(t.Context(), tx, head.ID) })
	if _, err := signIn(t, w, "head", "secret head"); err != nil {
		t.Errorf("enabled again: %v", err)
	}
}

func TestNobodyDisablesThemselves(t *testing.T) {
	w := seeded(t)
	admin := byUser(t, w, "admin")
	err := w.Try(t, tenants.Actor{Kind: tenants.Staff, ID: admin.ID}, func(tx *tenants.Tx) error {
		return staff.Disable(t.Context(), tx, admin.ID)
	})
	if fault.As(err).Key != "staff.own_account" {
		t.Error(err)
	}
}

func TestAccountsOfAnotherOrganizationAreNotFound(t *testing.T) {
	w := seeded(t)
	id := byUser(t, w, "pr").ID
	b := w.For(t, w.B)
	if _, err := staff.ByID(t.Context(), b, id); !fault.Is(err, fault.NotFound) {
		t.Errorf("read: %v", err)
	}
	err := b.Write(t.Context(), tenants.SystemActor(), func(tx *tenants.Tx) error { return staff.Disable(t.Context(), tx, id) })
	if !fault.Is(err, fault.NotFound) {
		t.Errorf("disabled: %v", err)
	}
}
