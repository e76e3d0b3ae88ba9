package committees_test

import (
	"context"
	"testing"
	"time"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/committees"
	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
)

// TestACommitteeMeetsAndDecides walks a sitting from its plan to its decisions.
func TestACommitteeMeetsAndDecides(t *testing.T) {
	w, ctx := dbtest.New(t), t.Context()
	spec, err := tenants.Sector(tenants.Gas)
	if err != nil {
		t.Fatal(err)
	}
	var c *committees.Committee
	var chair, secretary *staff.Staff
	save := func(tx *tenants.Tx, list ...committees.Member) error {
		return committees.Save(ctx, tx, c, list)
	}
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		if err := staff.Seed(ctx, tx, staff.Cheap(), spec.Staff, func(string) string { return "secret word" }); err != nil {
			return err
		}
		executives, err := directives.Seed(ctx, tx, spec.Executives, nil)
		if err != nil {
			return err
		}
		if chair, err = staff.ByUserName(ctx, tx, "manager"); err != nil {
			return err
		}
		if secretary, err = staff.ByUserName(ctx, tx, "pr"); err != nil {
			return err
		}
		c = &committees.Committee{NameFA: "تکریم", Place: "اتاق", Weekday: 1, FromMinute: 600, MinutesLong: 60, ExecutiveID: executives[0].ID, Active: true}
		if err := save(tx, committees.Member{StaffID: chair.ID, Role: committees.Chair}); fault.As(err).Fields["members"] != "committee.error.roles" {
			t.Fatalf("without a secretary: %v", err)
		}
		return save(tx, committees.Member{StaffID: chair.ID, Role: committees.Chair}, committees.Member{StaffID: secretary.ID, Role: committees.Secretary})
	})
	do := func(fn func(context.Context, *tenants.Tx) error) {
		t.Helper()
		w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error { return fn(ctx, tx) })
	}
	refuse := func(key string, fn func(context.Context, *tenants.Tx) error) {
		t.Helper()
		err := w.Try(t, tenants.SystemActor(), func(tx *tenants.Tx) error { return fn(ctx, tx) })
		if !fault.Is(err, fault.Conflict) || fault.As(err).Key != key {
			t.Fatalf("%v, want %s", err, key)
		}
	}
	read := func(fn func(r tenants.Reader) error) {
		t.Helper()
		db := w.Root.For(w.A)
		defer db.Release()
		if err := fn(db); err != nil {
			t.Fatal(err)
		}
	}
	do(committees.Generate) // again: nothing doubles
	var s committees.ListedSitting
	read(func(r tenants.Reader) error {
		list, err := committees.Coming(ctx, r, tenants.SystemActor(), c.ID)
		if err != nil || len(list) < 3 {
			t.Fatalf("%d sittings: %v", len(list), err)
		}
		s = list[0]
		if fault.Of(committees.Sees(ctx, r, committees.Viewer{StaffID: 1}, c.ID)) != fault.NotFound {
			t.Fatal("a stranger sees the committee")
		}
		return committees.Sees(ctx, r, committees.Viewer{StaffID: chair.ID}, c.ID)
	})
	invite := func(ctx context.Context, tx *tenants.Tx) error { return committees.Invite(ctx, tx, s.ID) }
	refuse("committee.conflict.no_agenda", invite)
	for _, title := range []string{"یکم", "دوم"} {
		do(func(ctx context.Context, tx *tenants.Tx) error {
			return committees.Add(ctx, tx, s.ID, []committees.Item{{Reason: committees.Free, Title: title}})
		})
	}
	read(func(r tenants.Reader) error {
		items, err := committees.Agenda(ctx, r, s.ID)
		if err != nil {
			return err
		}
		do(func(ctx context.Context, tx *tenants.Tx) error {
			return committees.Move(ctx, tx, s.ID, items[1].ID, true)
		})
		return nil
	})
	read(func(r tenants.Reader) error {
		items, err := committees.Agenda(ctx, r, s.ID)
		if err != nil || items[0].Title != "دوم" {
			t.Fatalf("order %+v: %v", items, err)
		}
		return nil
	})
	do(invite)
	do(invite)
	order := func(ctx context.Context, tx *tenants.Tx) error {
		_, err := committees.Decide(ctx, tx, s.ID, directives.Issuance{UnitID: *chair.UnitID, Text: "انجام شود"})
		return err
	}
	refuse("committee.conflict.early", order)
	w.Clock.Set(s.StartsAt.Add(time.Minute))
	conclude := func(ctx context.Context, tx *tenants.Tx) error {
		return committees.Conclude(ctx, tx, s.ID, "گفت‌وگو شد")
	}
	refuse("committee.conflict.nobody", conclude)
	do(func(ctx context.Context, tx *tenants.Tx) error {
		return committees.Attend(ctx, tx, s.ID, []committees.Attendance{{StaffID: chair.ID, State: committees.Present}, {StaffID: secretary.ID, State: committees.Represented, Deputy: "همکار"}})
	})
	do(order)
	do(conclude)
	refuse("committee.conflict.state", invite)
	read(func(r tenants.Reader) error {
		list, _, err := committees.Earlier(ctx, r, tenants.SystemActor(), c.ID, w.Clock.Now())
		if err != nil || len(list) != 1 || list[0].Decisions != 1 || list[0].Done != 0 || list[0].Items != 2 || list[0].State != committees.Held || list[0].CalendarSequence != 1 {
			t.Fatalf("%+v: %v", list, err)
		}
		return nil
	})
}
