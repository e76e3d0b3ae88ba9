package staff_test

import (
	"testing"

	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/tenants"
)

// Whoever edits the staff without ruling the organization becomes nobody above.
func TestNobodyBecomesSomebodyAbove(t *testing.T) {
	w := seeded(t)
	ruler, pr := byUser(t, w, "admin"), byUser(t, w, "pr")
	editor := tenants.Actor{Kind: tenants.Staff, ID: byUser(t, w, "manager").ID, Roles: []string{"pr_manager", "own_1"}, Grants: []string{"operator", "pr_officer"}}
	person := func(s *staff.Staff, mobile string) staff.Person {
		return staff.Person{NameFA: s.NameFA, NameEN: s.NameEN, Mobile: mobile, UnitID: s.UnitID}
	}
	for name, act := range map[string]func(tx *tenants.Tx, s *staff.Staff) error{
		"address": func(tx *tenants.Tx, s *staff.Staff) error {
			return staff.Edit(t.Context(), tx, s.ID, person(s, "09121110099"))
		},
		"email": func(tx *tenants.Tx, s *staff.Staff) error {
			return staff.SetEmail(t.Context(), tx, s.ID, "me@example.ir")
		},
		"reset":      func(tx *tenants.Tx, s *staff.Staff) error { return staff.StartReset(t.Context(), tx, s.ID) },
		"factors":    func(tx *tenants.Tx, s *staff.Staff) error { return staff.ResetFactors(t.Context(), tx, s.ID) },
		"invitation": func(tx *tenants.Tx, s *staff.Staff) error { return staff.InviteAgain(t.Context(), tx, s.ID) },
		"disable":    func(tx *tenants.Tx, s *staff.Staff) error { return staff.Disable(t.Context(), tx, s.ID) },
		"enable":     func(tx *tenants.Tx, s *staff.Staff) error { return staff.Enable(t.Context(), tx, s.ID) },
	} {
		if err := w.Try(t, editor, func(tx *tenants.Tx) error { return act(tx, ruler) }); fault.As(err).Key != "staff.above" {
			t.Errorf("%s of the administrator: %v", name, err)
		}
		err := w.Try(t, editor, func(tx *tenants.Tx) error { return act(tx, pr) })
		if err != nil && (name != "invitation" || fault.As(err).Key != "staff.has_password") {
			t.Errorf("%s of somebody below: %v", name, err)
		}
	}
	w.Write(t, editor, func(tx *tenants.Tx) error { return staff.Rename(t.Context(), tx, "مدیر", "Manager") })

	// The address that was left is told, with the one that stayed.
	var left []staff.Left
	if err := w.DB(t).Select(&left).Scan(t.Context()); err != nil || len(left) == 0 || left[0].StaffID != pr.ID {
		t.Errorf("%+v, %v", left, err)
	}
	w.Clock.Advance(32 * 24 * 60 * 60 * 1e9)
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error { _, err := staff.PurgeLeft(t.Context(), tx); return err })
	if n, err := w.DB(t).Select((*staff.Left)(nil)).Count(t.Context()); err != nil || n != 0 {
		t.Errorf("%d addresses outlive the month, %v", n, err)
	}
}
