package jobs_test

import (
	"context"
	"testing"
	"time"

	"pasokh/app/complaints"
	"pasokh/tenants"
)

// told counts the messages of a template.
func (o *office) toldOf(template string) (n int) {
	for _, m := range o.Sender.Sent() {
		if m.Template == template {
			n++
		}
	}
	return n
}

func TestACaseWithoutAClockIsGivenToTheManagerOnce(t *testing.T) {
	o := newOffice(t)
	c := o.register()
	runClock(t, o, "complaints.stuck")
	o.told()
	if n := o.toldOf("sms.complaint.stuck"); n != 0 {
		t.Fatalf("told %d times of a fresh case", n)
	}
	o.Clock.Advance(200 * time.Hour)
	runClock(t, o, "complaints.sweep")
	for range 3 {
		runClock(t, o, "complaints.stuck")
		o.told()
		o.Clock.Advance(24 * time.Hour)
	}
	if n := o.toldOf("sms.complaint.stuck"); n != 1 {
		t.Errorf("told %d times", n)
	}
	o.Clock.Set(c.LegalDueAt.Add(-time.Hour))
	for range 3 {
		runClock(t, o, "complaints.stuck")
		o.told()
		o.Clock.Advance(24 * time.Hour)
	}
	if near, passed := o.toldOf("sms.complaint.legal_near"), o.toldOf("sms.complaint.legal_passed"); near != 1 || passed != 1 {
		t.Errorf("told %d times before and %d times after the legal time", near, passed)
	}
}

func TestOpenCasesFollowTheCalendar(t *testing.T) {
	o := newOffice(t)
	o.write(tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		classes, err := tenants.SLAClasses(ctx, tx)
		for _, c := range classes {
			if err == nil {
				c.Hours = "working"
				_, err = tenants.Revise(ctx, tx, c.ID, c)
			}
		}
		return err
	})
	var list []*complaints.Complaint
	for range 3 {
		list = append(list, o.register())
	}
	o.write(tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		return tenants.Close(ctx, tx, &tenants.Closure{Day: "2026-11-22", UntilMinute: 1440, NameFA: "برف", Kind: tenants.ClosureAdHoc})
	})
	o.told()
	db := o.Root.For(o.A)
	defer db.Release()
	for _, c := range list {
		now, err := complaints.Plain(t.Context(), db, c.ID)
		if err != nil || !now.PromisedAt.After(c.PromisedAt) {
			t.Errorf("the promise stays at %s, %v", now.PromisedAt, err)
		}
	}
}
