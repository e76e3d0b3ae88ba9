package complaints_test

import (
	"context"
	"testing"

	"pasokh/app/audit"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// A head whose role has the scope of the subtree sees what is below at every
// depth, and nothing beside: alike in the list, its counts, the search, the
// case itself and its folder.
func TestAHeadIsShownTheUnitsBelow(t *testing.T) {
	o := newOffice(t)
	o.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		for child, parent := range map[string]string{"service": "network", "pressure": "service"} {
			u := o.units[child]
			id := o.units[parent].ID
			u.ParentID = &id
			if err := tx.Update(t.Context(), &u, "parent_id"); err != nil {
				return err
			}
		}
		return nil
	})
	cases := map[string]int64{}
	for _, unit := range []string{"network", "service", "pressure", "safety"} {
		c := o.register()
		o.do(o.as("pr", "pr_officer"), func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
			return complaints.Refer(ctx, tx, c.ID, complaints.Order{UnitID: o.units[unit].ID})
		})
		cases[unit] = c.ID
	}
	db := o.DB(t)
	units, err := tenants.AllUnits(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string][]string{ // whose head → what is shown
		"network": {"network", "service", "pressure"}, "service": {"service", "pressure"}, "pressure": {"pressure"}, "safety": {"safety"},
	}
	for unit, want := range seen {
		head := o.as(unit, "unit_head")
		head.Below = tenants.Below(units, head.UnitID)
		rows, _, err := complaints.List(t.Context(), db, head, complaints.Filter{Tab: complaints.TabOpen})
		if err != nil || len(rows) != len(want) {
			t.Errorf("the head of %s is listed %d cases, want %d, %v", unit, len(rows), len(want), err)
		}
		if found, _, err := complaints.List(t.Context(), db, head, complaints.Filter{Tab: complaints.TabOpen, Text: "فشار گاز"}); err != nil || len(found) != len(want) {
			t.Errorf("the head of %s finds %d, %v", unit, len(found), err)
		}
		counts, err := complaints.Counts(t.Context(), db, head, complaints.TabOpen, complaints.TabUnit)
		if err != nil || counts[complaints.TabOpen] != len(want) || counts[complaints.TabUnit] != 1 {
			t.Errorf("the head of %s counts %v, %v", unit, counts, err)
		}
		for code, id := range cases {
			shown := false
			for _, w := range want {
				shown = shown || w == code
			}
			_, byID := complaints.ByID(t.Context(), db, head, id)
			_, folder := complaints.FolderByID(t.Context(), db, head, id)
			_, note := o.try(head, func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
				return complaints.Note(ctx, tx, id, "یادداشت آزمون")
			})
			for what, err := range map[string]error{"page": byID, "folder": folder, "act": note} {
				if shown && err != nil || !shown && !fault.Is(err, fault.NotFound) {
					t.Errorf("the head of %s, a case of %s, %s: %v", unit, code, what, err)
				}
			}
		}
	}
	// Without the scope, a head sees the own unit's only.
	if rows, _, err := complaints.List(t.Context(), db, o.as("network", "unit_head"), complaints.Filter{Tab: complaints.TabOpen}); err != nil || len(rows) != 1 {
		t.Errorf("%d rows, %v", len(rows), err)
	}
}

// What is masked is shown to who asked, for ten minutes, and to nobody else.
func TestUnmaskingLastsTenMinutesForOnePerson(t *testing.T) {
	o := newOffice(t)
	c := o.register()
	asks, other := o.as("pr", "operator"), o.as("feedback", "feedback_agent")
	unmask := func(reason string) step {
		return func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
			return complaints.Unmask(ctx, tx, c.ID, reason)
		}
	}
	o.refuse(fault.Invalid, asks, unmask("کوتاه"))
	o.do(asks, unmask("تطبیق هویت با پرونده کاغذی"))
	shown := func(a tenants.Actor) bool {
		db := o.Root.For(o.A)
		defer db.Release()
		f, err := complaints.FolderByID(t.Context(), db, a, c.ID)
		if err != nil {
			t.Fatal(err)
		}
		w := f.ShownTo(func(string) bool { return false })
		return w.Mobile && w.NationalID
	}
	if !shown(asks) || shown(other) {
		t.Error("shown to the wrong person")
	}
	o.Clock.Advance(complaints.UnmaskedFor - 1)
	if !shown(asks) {
		t.Error("gone too early")
	}
	o.Clock.Advance(2)
	if shown(asks) {
		t.Error("shown for longer than ten minutes")
	}
	var lines []audit.Entry
	if err := o.DB(t).Select(&lines).Where("entry.act = 'citizen:unmask'").Scan(t.Context()); err != nil || len(lines) != 1 || lines[0].Detail != "fields=mobile national_id" {
		t.Errorf("audit %+v, %v", lines, err)
	}
}
