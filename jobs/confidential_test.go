package jobs_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"pasokh/app/complaints"
	"pasokh/tenants"
)

// The number of the inspector of the gas template.
const inspectorsNumber = "+989120000113"

// Whatever would be told of a confidential case to a unit, its head or the PR
// manager is told to inspection, and never what the citizen wrote.
func TestAConfidentialCaseIsToldToInspectionAlone(t *testing.T) {
	o := newOffice(t)
	c := o.register()
	manager := o.as("manager")
	o.told()
	o.write(manager, func(ctx context.Context, tx *tenants.Tx) error {
		_, err := complaints.Seal(ctx, tx, c.ID, "درباره کارمند")
		return err
	})
	sent := o.told()
	if len(sent) != 1 || sent[0].Template != "sms.complaint.referred" || sent[0].To != inspectorsNumber {
		t.Fatalf("%+v", sent)
	}
	for range 20 {
		o.Clock.Advance(36 * time.Hour)
		runClock(t, o, "complaints.sweep")
		runClock(t, o, "complaints.stuck")
		sent = append(sent, o.told()...)
	}
	if len(sent) < 3 {
		t.Errorf("nobody was told that it is late: %+v", sent)
	}
	for _, m := range sent {
		if m.To != inspectorsNumber || strings.Contains(m.Text, c.Text) {
			t.Errorf("%s was told %s", m.To, m.Text)
		}
	}
}

func TestAUnitIsToldThatItsCaseWasTakenBack(t *testing.T) {
	o := newOffice(t)
	c := o.register()
	pr := o.as("pr")
	db := o.Root.For(o.A)
	units, err := tenants.Units(t.Context(), db, tenants.UnitExecutive)
	db.Release()
	if err != nil {
		t.Fatal(err)
	}
	o.write(pr, func(ctx context.Context, tx *tenants.Tx) error {
		_, err := complaints.Refer(ctx, tx, c.ID, complaints.Order{UnitID: units[0].ID})
		return err
	})
	referred := o.told()
	o.write(pr, func(ctx context.Context, tx *tenants.Tx) error {
		_, err := complaints.Recall(ctx, tx, c.ID, "به واحد دیگری مربوط است")
		return err
	})
	back := o.told()
	if len(back) != 1 || back[0].Template != "sms.complaint.recalled" || back[0].To != referred[len(referred)-1].To {
		t.Errorf("%+v", back)
	}
}
