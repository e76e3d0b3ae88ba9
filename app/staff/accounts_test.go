package staff_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/tenants"
)

const good = "vk7 nmq2 pzhe"

func key(err error) string {
	if err == nil {
		return ""
	}
	return fault.As(err).Key
}

func TestRolesAreGivenByRule(t *testing.T) {
	w := seeded(t)
	a, pr := admin(t, w), byUser(t, w, "pr")
	set := func(who tenants.Actor, id int64, roles ...string) error {
		return w.Try(t, who, func(tx *tenants.Tx) error { return staff.SetRoles(t.Context(), tx, id, roles) })
	}
	if err := set(a, pr.ID, "operator", "pr_officer"); err != nil {
		t.Fatal(err)
	}
	if roles, _ := staff.Roles(t.Context(), w.DB(t), pr.ID); !slices.Equal(roles, []string{"operator", "pr_officer"}) {
		t.Errorf("%v", roles)
	}
	if err := set(a, a.ID, "tenant_admin", "operator"); key(err) != "staff.own_roles" {
		t.Errorf("own roles: %v", err)
	}
	manager := tenants.Actor{Kind: tenants.Staff, ID: byUser(t, w, "manager").ID, Roles: []string{"pr_manager"}, Grants: []string{"operator", "pr_officer"}}
	if err := set(manager, pr.ID, "tenant_admin", "pr_officer", "operator"); key(err) != "staff.grant" {
		t.Errorf("gives what is not theirs: %v", err)
	}
	if err := set(manager, byUser(t, w, "ceo").ID, "operator"); key(err) != "staff.grant" {
		t.Errorf("takes what is not theirs: %v", err)
	}
	if err := set(a, byUser(t, w, "head").ID, "unit_head", "feedback_agent"); fault.As(err).Fields["roles"] != "staff.error.duties" {
		t.Errorf("both sides of a case: %v", err)
	}
	system := tenants.SystemActor()
	if err := set(system, a.ID, "operator"); key(err) != "staff.last_admin" {
		t.Errorf("the last administrator loses the role: %v", err)
	}
	err := w.Try(t, system, func(tx *tenants.Tx) error { return staff.Disable(t.Context(), tx, a.ID) })
	if key(err) != "staff.last_admin" {
		t.Errorf("the last administrator is disabled: %v", err)
	}
	invited := guest()
	invited.Roles = []string{"tenant_admin"}
	invite(t, w, invited)
	if err := set(system, a.ID, "operator"); key(err) != "staff.last_admin" {
		t.Errorf("somebody who never signed in counts: %v", err)
	}
}

func TestTwoAdministratorsCannotRemoveEachOther(t *testing.T) {
	w := seeded(t)
	first, second := byUser(t, w, "admin").ID, byUser(t, w, "manager").ID
	w.Write(t, admin(t, w), func(tx *tenants.Tx) error {
		return staff.SetRoles(t.Context(), tx, second, []string{"pr_manager", "tenant_admin"})
	})
	for round, remove := range []func(tx *tenants.Tx, id int64) error{
		func(tx *tenants.Tx, id int64) error { return staff.SetRoles(t.Context(), tx, id, []string{"operator"}) },
		func(tx *tenants.Tx, id int64) error { return staff.Disable(t.Context(), tx, id) },
	} {
		var wait sync.WaitGroup
		failed := make([]error, 2)
		for i, pair := range [][2]int64{{first, second}, {second, first}} {
			wait.Add(1)
			go func() {
				defer wait.Done()
				db := w.Root.For(w.A)
				defer db.Release()
				actor := admin(t, w)
				actor.ID = pair[0]
				failed[i] = db.Write(t.Context(), actor, func(tx *tenants.Tx) error { return remove(tx, pair[1]) })
			}()
		}
		wait.Wait()
		if (failed[0] == nil) == (failed[1] == nil) {
			t.Fatalf("round %d: %v, %v", round, failed[0], failed[1])
		}
		for _, id := range []int64{first, second} { // both are back for the next round
			w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
				if err := staff.SetRoles(t.Context(), tx, id, []string{"tenant_admin"}); err != nil {
					return err
				}
				return staff.Enable(t.Context(), tx, id)
			})
		}
	}
}

func TestALinkIsUsedOnce(t *testing.T) {
	w := seeded(t)
	s := invite(t, w, guest())
	link := word(t, w, pass(t, w, s.ID).ID)
	choose := func(password string) error {
		db := w.Root.For(w.A)
		defer db.Release()
		_, err := staff.ChoosePassword(t.Context(), db, staff.Cheap(), staff.ByInvitation, link, password)
		return err
	}
	if err := choose("karimi12345"); fault.As(err).Fields["password"] == "" {
		t.Errorf("a weak password: %v", err)
	}
	var wait sync.WaitGroup
	failed := make([]error, 4)
	for i := range failed {
		wait.Add(1)
		go func() { defer wait.Done(); failed[i] = choose(good) }()
	}
	wait.Wait()
	if n := len(slices.DeleteFunc(slices.Clone(failed), func(err error) bool { return err != nil })); n != 1 {
		t.Fatalf("opened %d times: %v", n, failed)
	}
	if _, err := signIn(t, w, "karimi", good); err != nil {
		t.Error(err)
	}
	if err := choose(good + "x"); key(err) != "staff.link_over" {
		t.Errorf("a second time: %v", err)
	}
}

func TestAResetEndsEverySessionAndIsTold(t *testing.T) {
	w := seeded(t)
	signed, id := mustSignIn(t, w, "pr"), byUser(t, w, "pr").ID
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		for range 5 { // the account is not flooded
			if _, err := staff.BeginReset(t.Context(), tx, id); err != nil {
				return err
			}
		}
		return nil
	})
	if n, err := w.DB(t).Select((*staff.Pass)(nil)).Where("pass.staff_id = ?", id).Count(t.Context()); err != nil || n != 3 {
		t.Errorf("%d resets, %v", n, err)
	}
	link := word(t, w, pass(t, w, id).ID)
	if _, err := staff.ChoosePassword(t.Context(), w.DB(t), staff.Cheap(), staff.ByReset, link, good); err != nil {
		t.Fatal(err)
	}
	if _, err := authenticate(t, w, signed.Token); !fault.Is(err, fault.NotFound) {
		t.Errorf("a session from before goes on: %v", err)
	}
	if n := tasks(t, w, staff.KindPasswordChanged); n != 1 {
		t.Errorf("told %d times", n)
	}
}

func tasks(t *testing.T, w *dbtest.World, kind string) int64 {
	t.Helper()
	n, err := w.DB(t).Select((*tenants.Task)(nil)).Where("task.kind = ?", kind).Count(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAskingForAResetLeavesTheSameTrace(t *testing.T) {
	w := seeded(t)
	count := map[string]int{}
	for _, user := range []string{"feedback", "pr", "nobody"} { // the first begins the record
		statements := 0
		w.Root.OnStatement = func(string) { statements++ }
		w.Write(t, tenants.Actor{Kind: tenants.Citizen}, func(tx *tenants.Tx) error { return staff.AskReset(t.Context(), tx, user) })
		w.Root.OnStatement = nil
		count[user] = statements
	}
	if count["pr"] != count["nobody"] || count["pr"] == 0 {
		t.Errorf("the work differs: %v", count)
	}
	if asked, sent := tasks(t, w, staff.KindResetAsked), tasks(t, w, staff.KindInvited); asked != 3 || sent != 0 {
		t.Errorf("%d asked, %d sent while somebody waits", asked, sent)
	}
}

func TestOwnPasswordEndsTheOtherSessions(t *testing.T) {
	w := seeded(t)
	here, there := mustSignIn(t, w, "pr"), mustSignIn(t, w, "pr")
	change := func(current, fresh string) error {
		return staff.ChangePassword(t.Context(), w.DB(t), staff.Cheap(), here.Actor, here.Token, current, fresh)
	}
	if err := change("wrong", good); fault.As(err).Fields["current"] == "" {
		t.Errorf("without the current one: %v", err)
	}
	if err := change(secret("pr"), secret("pr")); fault.As(err).Fields["password"] == "" {
		t.Errorf("the same again: %v", err)
	}
	if err := change(secret("pr"), good); err != nil {
		t.Fatal(err)
	}
	if _, err := authenticate(t, w, here.Token); err != nil {
		t.Errorf("this session ended: %v", err)
	}
	if _, err := authenticate(t, w, there.Token); !fault.Is(err, fault.NotFound) {
		t.Errorf("the other session goes on: %v", err)
	}
}

func TestDirectoryNarrows(t *testing.T) {
	w := seeded(t)
	invite(t, w, guest())
	db := w.DB(t)
	for name, c := range map[string]struct {
		filter staff.Filter
		want   []string
	}{
		"by state":          {staff.Filter{State: staff.StateInvited}, []string{"karimi"}},
		"by role":           {staff.Filter{Role: "feedback_agent"}, []string{"feedback"}},
		"by a Persian name": {staff.Filter{Search: "كریمی"}, []string{"karimi", "pr"}},
		"by user name":      {staff.Filter{Search: "EXPERT.s"}, []string{"expert.safety", "expert.service"}},
		"by unit":           {staff.Filter{UnitID: *byUser(t, w, "head").UnitID}, []string{"expert", "head"}},
		"after a row":       {staff.Filter{After: "pr"}, []string{"secretary"}},
	} {
		list, more, err := staff.Directory(t.Context(), db, c.filter)
		var got []string
		for i := range list {
			got = append(got, list[i].UserName)
		}
		if err != nil || more || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

func TestADeviceIsKnownForItsPersonOnly(t *testing.T) {
	w := seeded(t)
	device := tenants.NewToken()
	for range 2 {
		in := staff.Credentials{User: "pr", Password: secret("pr"), From: staff.Device{Agent: "browser", Token: device}}
		if _, err := staff.SignIn(t.Context(), w.DB(t), staff.Cheap(), in); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		word, user string
		want       bool
	}{{device, "PR ", true}, {device, "admin", false}, {tenants.NewToken(), "pr", false}} {
		if got, err := staff.KnownDevice(t.Context(), w.DB(t), c.word, c.user); err != nil || got != c.want {
			t.Errorf("%s: %v, %v", c.user, got, err)
		}
	}
	w.Clock.Advance(staff.DeviceLife + time.Hour)
	if got, _ := staff.KnownDevice(t.Context(), w.DB(t), device, "pr"); got {
		t.Error("known for ever")
	}
}
