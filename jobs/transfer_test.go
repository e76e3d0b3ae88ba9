package jobs_test

import (
	"bytes"
	"context"
	"sync"
	"testing"
	"time"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/timeline"
	"pasokh/jobs"
	"pasokh/tenants"
)

// at runs a command at one of the organizations.
func (o *office) at(tenant *tenants.Tenant, a tenants.Actor, fn func(context.Context, *tenants.Tx) (*timeline.Event, error)) error {
	o.t.Helper()
	db := o.Root.For(tenant)
	defer db.Release()
	return db.Write(o.t.Context(), a, func(tx *tenants.Tx) error {
		_, err := fn(o.t.Context(), tx)
		return err
	})
}

// pr is somebody of the PR office of an organization.
func (o *office) pr(tenant *tenants.Tenant) tenants.Actor {
	o.t.Helper()
	db := o.Root.For(tenant)
	defer db.Release()
	unit, err := tenants.UnitOfKind(o.t.Context(), db, tenants.UnitPROffice)
	if err != nil {
		o.t.Fatal(err)
	}
	return tenants.Actor{Kind: tenants.Staff, ID: o.as("pr").ID, Name: "pr", UnitID: unit.ID, Roles: []string{"pr_officer"}, SeesAll: true}
}

func (o *office) send(id int64) error {
	return o.at(o.A, o.as("pr"), func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Send(ctx, tx, id, o.B, "شبکه این محله با سازمان شماست")
	})
}

func (o *office) refuse(id int64) error {
	return o.at(o.B, o.pr(o.B), func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Refuse(ctx, tx, id, "در محدوده ما نیست")
	})
}

// cases lists the cases of an organization that came from another.
func (o *office) cases(tenant *tenants.Tenant) []complaints.Complaint {
	o.t.Helper()
	db := o.Root.For(tenant)
	defer db.Release()
	var list []complaints.Complaint
	if err := db.Select(&list).Where("c.channel = 'api'").Order("c.id").Scan(o.t.Context()); err != nil {
		o.t.Fatal(err)
	}
	return list
}

func (o *office) caseAt(tenant *tenants.Tenant, id int64) *complaints.Complaint {
	o.t.Helper()
	db := o.Root.For(tenant)
	defer db.Release()
	c, err := complaints.Plain(o.t.Context(), db, id)
	if err != nil {
		o.t.Fatal(err)
	}
	return c
}

func (o *office) transfers(tenant *tenants.Tenant, id int64) []complaints.Transfer {
	o.t.Helper()
	db := o.Root.For(tenant)
	defer db.Release()
	list, err := complaints.Transfers(o.t.Context(), db, id)
	if err != nil {
		o.t.Fatal(err)
	}
	return list
}

func (o *office) drain() {
	o.t.Helper()
	if err := jobs.Drain(o.t.Context(), o.Deps); err != nil {
		o.t.Fatal(err)
	}
}

// store gives the reactions a store of files and the case a file that the citizen
// sees and one that is internal.
func (o *office) store(id int64) {
	o.t.Helper()
	store, err := files.OpenStore(o.t.TempDir())
	if err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { _ = store.Close() })
	o.Deps.Files = store
	pdf := []byte("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
	for name, public := range map[string]bool{"نامه.pdf": true, "داخلی.pdf": false} {
		db := o.Root.For(o.A)
		got, err := store.Receive(db, files.Upload{Name: name, Body: bytes.NewReader(pdf)})
		db.Release()
		if err != nil {
			o.t.Fatal(err)
		}
		o.write(o.as("pr"), func(ctx context.Context, tx *tenants.Tx) error {
			_, err := files.Save(ctx, tx, got, files.Place{Subject: files.Subject{Kind: "complaint", ID: id}, Public: public})
			return err
		})
	}
}

func TestACaseGoesToAnotherOrganization(t *testing.T) {
	o := newOffice(t)
	c := o.register()
	o.store(c.ID)
	o.told()
	if err := o.send(c.ID); err != nil {
		t.Fatal(err)
	}
	if got := o.caseAt(o.A, c.ID); got.State != complaints.Closed || got.Fact != complaints.Transferred {
		t.Fatalf("at the sender: %+v", got)
	}
	told := map[string]int{}
	for _, m := range o.told() {
		if m.To != citizenMobile {
			t.Errorf("%s is told %s", m.To, m.Template)
		}
		told[m.Template]++
	}
	if told["sms.complaint.transferred"] != 1 || told["sms.complaint.registered"] != 1 || len(told) != 2 {
		t.Errorf("the citizen is told %v", told)
	}
	there := o.cases(o.B)
	if len(there) != 1 {
		t.Fatalf("%d cases there", len(there))
	}
	got := there[0]
	if got.State != complaints.Registered || got.Text != c.Text || got.ExternalNumber != c.Code || got.Source != "org-"+o.A.Slug || got.CitizenID == nil || got.NextClockAt == nil {
		t.Errorf("there: %+v", got)
	}
	db := o.Root.For(o.B)
	attached, err := files.Of(t.Context(), db, files.Subject{Kind: "complaint", ID: got.ID}, false)
	db.Release()
	if err != nil || len(attached) != 1 || attached[0].Name != "نامه.pdf" {
		t.Errorf("files there: %+v, %v", attached, err)
	}
	trail := o.transfers(o.A, c.ID)
	if len(trail) != 1 || trail[0].State != complaints.TransferArrived || trail[0].OtherCode != got.Code || trail[0].OtherState != complaints.Registered {
		t.Errorf("trail %+v", trail)
	}
	// The trail follows what happens there.
	if err := o.at(o.B, o.pr(o.B), func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		units, err := tenants.Units(ctx, tx, tenants.UnitExecutive)
		if err != nil {
			return nil, err
		}
		return complaints.Refer(ctx, tx, got.ID, complaints.Order{UnitID: units[0].ID})
	}); err != nil {
		t.Fatal(err)
	}
	o.drain()
	if trail := o.transfers(o.A, c.ID); trail[0].OtherState != complaints.Referred {
		t.Errorf("the trail says %s", trail[0].OtherState)
	}
}

func TestARefusedTransferComesBackAndMayGoAgain(t *testing.T) {
	o := newOffice(t)
	c := o.register()
	for round := 1; round <= 2; round++ {
		if err := o.send(c.ID); err != nil {
			t.Fatal(err)
		}
		o.drain()
		there := o.cases(o.B)
		if len(there) != round {
			t.Fatalf("round %d: %d cases there", round, len(there))
		}
		if err := o.refuse(there[round-1].ID); err != nil {
			t.Fatal(err)
		}
		o.drain()
		got := o.caseAt(o.A, c.ID)
		if got.State != complaints.Triage || got.Cycle != round+1 || got.Fact != "" || got.NextClockAt == nil || got.UnitID != o.as("pr").UnitID {
			t.Fatalf("round %d: back as %+v", round, got)
		}
		if again := o.caseAt(o.B, there[round-1].ID); again.State != complaints.Closed || again.Result != "در محدوده ما نیست" {
			t.Fatalf("there: %+v", again)
		}
	}
	for _, tr := range o.transfers(o.A, c.ID) {
		if tr.State != complaints.TransferRefused {
			t.Errorf("%+v", tr)
		}
	}
}

func TestATransferIsRefusedInTimeOnly(t *testing.T) {
	o := newOffice(t)
	c := o.register()
	if err := o.send(c.ID); err != nil {
		t.Fatal(err)
	}
	o.drain()
	id := o.cases(o.B)[0].ID
	o.Clock.Advance(time.Duration(o.B.Settings.TransferDays)*24*time.Hour + time.Hour)
	if err := o.refuse(id); !fault.Is(err, fault.Conflict) {
		t.Errorf("late: %v", err)
	}
	own := o.register()
	err := o.at(o.A, o.as("pr"), func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Refuse(ctx, tx, own.ID, "نه")
	})
	if !fault.Is(err, fault.Conflict) {
		t.Errorf("a case of our own: %v", err)
	}
}

func TestWhatStays(t *testing.T) {
	o := newOffice(t)
	pr := o.as("pr")
	a, b := o.register(), o.register()
	refused := func(kind fault.Kind, id int64, to *tenants.Tenant, reason string) {
		t.Helper()
		err := o.at(o.A, pr, func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
			return complaints.Send(ctx, tx, id, to, reason)
		})
		if !fault.Is(err, kind) {
			t.Errorf("%v, want %s", err, kind)
		}
	}
	refused(fault.Invalid, a.ID, o.A, "دلیل")
	refused(fault.Invalid, a.ID, nil, "دلیل")
	refused(fault.Invalid, a.ID, o.B, " ")
	closing := *o.B
	closing.Settings.RefuseTransfers = true
	refused(fault.Invalid, a.ID, &closing, "دلیل")
	if err := o.at(o.A, pr, func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Merge(ctx, tx, b.ID, a.ID)
	}); err != nil {
		t.Fatal(err)
	}
	refused(fault.Conflict, a.ID, o.B, "دلیل")
	refused(fault.Conflict, b.ID, o.B, "دلیل")
	secret := o.register()
	o.write(tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		_, err := tx.Set(ctx, (*complaints.Complaint)(nil), "confidential = TRUE", nil, "id = ?", secret.ID)
		return err
	})
	refused(fault.NotFound, secret.ID, o.B, "دلیل") // the office is not shown it
}

// However often and from however many workers a task is run, there is one case.
func TestATransferArrivesOnce(t *testing.T) {
	o := newOffice(t)
	c := o.register()
	o.drain()
	if err := o.send(c.ID); err != nil {
		t.Fatal(err)
	}
	var task tenants.Task
	db := o.Root.For(o.A)
	err := db.Select(&task).Where("task.kind = ?", complaints.KindTransferSent).Scan(t.Context())
	db.Release()
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			_, _ = jobs.Run(context.Background(), o.Deps, o.A.ID, task.ID) // the losers are tried again
		})
	}
	wg.Wait()
	for range 3 { // and delivered once more after it was done
		o.Clock.Advance(time.Minute)
		o.write(tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
			_, err := tx.Set(ctx, (*tenants.Task)(nil), "done_at = NULL, dead = FALSE, retry_at = NULL", nil, "id = ?", task.ID)
			return err
		})
		o.drain()
	}
	if got := o.cases(o.B); len(got) != 1 {
		t.Errorf("%d cases there", len(got))
	}
	if trail := o.transfers(o.A, c.ID); trail[0].State != complaints.TransferArrived {
		t.Errorf("%+v", trail)
	}
}

// A worker dies between the two halves, and the receiver refuses before the sender
// knows that it arrived: the case comes back, once.
func TestAWorkerDiesBetweenTheTwoHalves(t *testing.T) {
	o := newOffice(t)
	c := o.register()
	o.drain()
	if err := o.send(c.ID); err != nil {
		t.Fatal(err)
	}
	trail := o.transfers(o.A, c.ID)[0]
	db := o.Root.For(o.A)
	p, err := complaints.ParcelOf(t.Context(), db, trail.ID)
	db.Release()
	if err != nil {
		t.Fatal(err)
	}
	if err := o.at(o.B, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		_, err := complaints.Arrive(ctx, tx, p, func(*complaints.Complaint) error { return nil })
		return nil, err
	}); err != nil {
		t.Fatal(err)
	}
	if err := o.refuse(o.cases(o.B)[0].ID); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		o.drain()
		o.Clock.Advance(time.Minute)
	}
	got := o.caseAt(o.A, c.ID)
	if got.State != complaints.Triage || got.Cycle != 2 || len(o.cases(o.B)) != 1 {
		t.Errorf("%+v", got)
	}
	if trail := o.transfers(o.A, c.ID); len(trail) != 1 || trail[0].State != complaints.TransferRefused {
		t.Errorf("%+v", trail)
	}
}

// Two officers send the same case at the same moment: it goes once.
func TestParallelSendsGoOnce(t *testing.T) {
	o := newOffice(t)
	for range 5 {
		c := o.register()
		errs := make([]error, 4)
		var wg sync.WaitGroup
		pr := o.as("pr")
		for i := range errs {
			wg.Go(func() {
				db := o.Root.For(o.A)
				defer db.Release()
				errs[i] = db.Write(context.Background(), pr, func(tx *tenants.Tx) error {
					_, err := complaints.Send(context.Background(), tx, c.ID, o.B, "دلیل")
					return err
				})
			})
		}
		wg.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
			} else if !fault.Is(err, fault.Conflict) {
				t.Errorf("the loser is told %v", err)
			}
		}
		if n := len(o.transfers(o.A, c.ID)); won != 1 || n != 1 {
			t.Fatalf("%d won, %d transfers", won, n)
		}
	}
}

// A case that never arrived because its task was given up is sent again by the
// daily clock; one whose receiver serves no more comes back.
func TestNoCaseIsLostBetweenOrganizations(t *testing.T) {
	o := newOffice(t)
	c := o.register()
	o.drain()
	if err := o.send(c.ID); err != nil {
		t.Fatal(err)
	}
	o.write(tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		_, err := tx.Set(ctx, (*tenants.Task)(nil), "dead = TRUE", nil, "kind = ?", complaints.KindTransferSent)
		return err
	})
	closed := *o.B
	closed.Settings.RefuseTransfers = true
	if err := o.Root.UnscopedSaveSettings(t.Context(), &closed); err != nil {
		t.Fatal(err)
	}
	o.Clock.Advance(13 * time.Hour)
	if err := jobs.RunClock(t.Context(), o.Deps, "complaints.stuck"); err != nil {
		t.Fatal(err)
	}
	o.drain()
	if got := o.caseAt(o.A, c.ID); got.State != complaints.Triage || got.Cycle != 2 {
		t.Errorf("%+v", got)
	}
}
