package staff_test

import (
	"testing"
	"time"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/tenants"
)

// admin is who may give every role of the organization.
func admin(t *testing.T, w *dbtest.World) tenants.Actor {
	t.Helper()
	return tenants.Actor{Kind: tenants.Staff, ID: byUser(t, w, "admin").ID, Roles: []string{"tenant_admin"}, Grants: []string{
		"operator", "pr_officer", "pr_manager", "unit_expert", "unit_head", "feedback_agent", "special_followup", "executive", "inspector", "tenant_admin",
	}}
}

func guest() staff.Invitation {
	return staff.Invitation{UserName: "Karimi", NameFA: "رضا کریمی", NameEN: "Reza Karimi", Mobile: "09120000999", Roles: []string{"operator"}}
}

func invite(t *testing.T, w *dbtest.World, in staff.Invitation) *staff.Staff {
	t.Helper()
	var s *staff.Staff
	w.Write(t, admin(t, w), func(tx *tenants.Tx) (err error) { s, err = staff.Invite(t.Context(), tx, in); return err })
	return s
}

// pass is the newest pass of somebody, as the job would read it.
func pass(t *testing.T, w *dbtest.World, id int64) *staff.Pass {
	t.Helper()
	p := new(staff.Pass)
	if err := w.DB(t).Select(p).Where("pass.staff_id = ?", id).Order("pass.id DESC").Limit(1).Scan(t.Context()); err != nil {
		t.Fatal(err)
	}
	return p
}

func word(t *testing.T, w *dbtest.World, passID int64) string {
	t.Helper()
	var word string
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) (err error) { word, err = staff.NewLink(t.Context(), tx, passID); return err })
	return word
}

func TestInviteMakesAnAccountThatNobodyCanOpenYet(t *testing.T) {
	w := seeded(t)
	s := invite(t, w, guest())
	if s.UserName != "karimi" || s.Mobile != "+989120000999" {
		t.Errorf("%+v", s)
	}
	if _, err := signIn(t, w, "karimi", ""); !fault.Is(err, fault.Forbidden) {
		t.Errorf("signed in without a password: %v", err)
	}
	p := pass(t, w, s.ID)
	first, second := word(t, w, p.ID), word(t, w, p.ID)
	for _, link := range []string{first, second} {
		if _, who, err := staff.PassOf(t.Context(), w.DB(t), staff.ByInvitation, link); err != nil || who.ID != s.ID {
			t.Errorf("%v, %v", who, err)
		}
	}
	for name, link := range map[string]string{"a stored hash": tenants.HashToken(first)[:43], "another": tenants.NewToken(), "nothing": ""} {
		if _, _, err := staff.PassOf(t.Context(), w.DB(t), staff.ByInvitation, link); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s opens: %v", name, err)
		}
	}
	if _, _, err := staff.PassOf(t.Context(), w.DB(t), staff.ByReset, first); !fault.Is(err, fault.NotFound) {
		t.Errorf("an invitation opens a reset: %v", err)
	}
	if _, _, err := staff.PassOf(t.Context(), w.For(t, w.B), staff.ByInvitation, first); !fault.Is(err, fault.NotFound) {
		t.Errorf("opens at another organization: %v", err)
	}
	w.Clock.Advance(staff.InvitationLife + time.Second)
	if _, _, err := staff.PassOf(t.Context(), w.DB(t), staff.ByInvitation, first); !fault.Is(err, fault.NotFound) {
		t.Errorf("outlives its time: %v", err)
	}
}

func TestInvitingAgainEndsTheLinkBefore(t *testing.T) {
	w := seeded(t)
	s := invite(t, w, guest())
	old := word(t, w, pass(t, w, s.ID).ID)
	w.Clock.Advance(time.Minute)
	w.Write(t, admin(t, w), func(tx *tenants.Tx) error { return staff.InviteAgain(t.Context(), tx, s.ID) })
	if _, _, err := staff.PassOf(t.Context(), w.DB(t), staff.ByInvitation, old); !fault.Is(err, fault.NotFound) {
		t.Errorf("the old link opens: %v", err)
	}
	err := w.Try(t, admin(t, w), func(tx *tenants.Tx) error { return staff.InviteAgain(t.Context(), tx, byUser(t, w, "pr").ID) })
	if fault.As(err).Key != "staff.has_password" {
		t.Errorf("somebody with a password: %v", err)
	}
}

func TestInviteRefuses(t *testing.T) {
	w := seeded(t)
	elsewhere := int64(1)
	for name, c := range map[string]struct {
		change func(*staff.Invitation)
		field  string
	}{
		"a user name that is taken": {func(in *staff.Invitation) { in.UserName = "PR " }, "user_name"},
		"no user name":              {func(in *staff.Invitation) { in.UserName = "ر" }, "user_name"},
		"no name":                   {func(in *staff.Invitation) { in.NameFA = " " }, "name_fa"},
		"a wrong number":            {func(in *staff.Invitation) { in.Mobile = "12" }, "mobile"},
		"nobody who can be reached": {func(in *staff.Invitation) { in.Mobile = "" }, "mobile"},
		"a wrong address":           {func(in *staff.Invitation) { in.Email = "x" }, "email"},
		"a foreign unit":            {func(in *staff.Invitation) { in.UnitID = &elsewhere }, "unit"},
		"no role":                   {func(in *staff.Invitation) { in.Roles = nil }, "roles"},
		"both sides of a case":      {func(in *staff.Invitation) { in.Roles = []string{"unit_head", "feedback_agent"} }, "roles"},
		"the platform's role":       {func(in *staff.Invitation) { in.Roles = []string{"platform_admin"} }, "roles"},
	} {
		in := guest()
		c.change(&in)
		err := w.Try(t, admin(t, w), func(tx *tenants.Tx) error { _, err := staff.Invite(t.Context(), tx, in); return err })
		if fault.As(err) == nil || fault.As(err).Fields[c.field] == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	manager := tenants.Actor{Kind: tenants.Staff, ID: byUser(t, w, "manager").ID, Roles: []string{"pr_manager"}, Grants: []string{"pr_officer"}}
	err := w.Try(t, manager, func(tx *tenants.Tx) error { _, err := staff.Invite(t.Context(), tx, guest()); return err })
	if fault.As(err).Key != "staff.grant" {
		t.Errorf("a role that the actor lacks: %v", err)
	}
}
