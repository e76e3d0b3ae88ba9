package staff_test

import (
	"slices"
	"testing"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/staff"
	"pasokh/tenants"
)

func TestRosterListsAccountsWithTheirRoles(t *testing.T) {
	w := dbtest.New(t)
	spec, err := tenants.Sector(tenants.Gas)
	if err != nil {
		t.Fatal(err)
	}
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		return staff.Seed(t.Context(), tx, staff.Cheap(), spec.Staff, func(user string) string { return "secret of " + user })
	})
	members, err := staff.Roster(t.Context(), w.DB(t))
	if err != nil || len(members) != len(spec.Staff) {
		t.Fatalf("%d members of %d, %v", len(members), len(spec.Staff), err)
	}
	var ids []int64
	for _, m := range members {
		ids = append(ids, m.ID)
		if m.UserName == "expert.service" && !slices.Equal(m.Roles, []string{"unit_expert", "unit_head"}) {
			t.Errorf("roles %v", m.Roles)
		}
		if m.PasswordHash != "" {
			t.Errorf("the password hash of %s is read", m.UserName)
		}
	}
	known, err := staff.Colleagues(t.Context(), w.DB(t), append(ids[:2:2], 1))
	if err != nil || len(known) != 2 || known[ids[0]].UserName != members[0].UserName {
		t.Errorf("%d colleagues, %v", len(known), err)
	}
	if foreign, err := staff.Roster(t.Context(), w.For(t, w.B)); err != nil || len(foreign) != 0 {
		t.Errorf("%d members at the other organization, %v", len(foreign), err)
	}
}
