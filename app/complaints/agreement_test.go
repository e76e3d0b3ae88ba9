package complaints_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// What clusters, parts, recall, confidential cases and paper owe each other.

func recall(id int64) step {
	return func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Recall(ctx, tx, id, "به واحد دیگری مربوط است")
	}
}

func seal(id int64) step {
	return func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Seal(ctx, tx, id, "درباره یکی از کارکنان است")
	}
}

func lift(id int64) step {
	return func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Lift(ctx, tx, id, "اشتباه بود")
	}
}

func adds(id int64, text string) step {
	return func(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Complete(ctx, tx, id, text)
	}
}

// A member is taken back with its lead, and never by itself; so is a part that
// has answered its parent.
func TestWhatRestsIsNotTakenBackByItself(t *testing.T) {
	o := newOffice(t)
	pr, manager := o.as("pr", "pr_officer"), o.as("pr", "pr_manager")
	lead, m := o.register(), o.register()
	o.do(pr, merge(m.ID, lead.ID))
	o.do(pr, o.refer(lead.ID, "network"))
	o.refuse(fault.Conflict, pr, recall(m.ID))
	o.refuse(fault.Conflict, manager, recall(m.ID))
	o.do(pr, recall(lead.ID))
	if got := o.want(m.ID, complaints.Triage); !got.Follows() || got.UnitID != o.units["pr"].ID {
		t.Errorf("the member did not come back with its lead: %+v", got)
	}
	p := o.register()
	o.do(pr, o.openChild(p.ID, "service"))
	part := o.children(p.ID)[0].ID
	o.do(o.as("service", "unit_head"), take(part))
	o.do(o.as("service", "unit_head"), answer(part, "بررسی شد"))
	o.refuse(fault.Conflict, manager, recall(part))
	if o.read(part).State != complaints.Feedback {
		t.Error("it left its parent")
	}
}

// What is taken out of the stages after the answer leaves its cluster: it would
// follow a lead for ever that nobody works on any more.
func TestAMemberThatIsTakenBackOrSealedLeavesItsCluster(t *testing.T) {
	o := newOffice(t)
	pr, manager, unit := o.as("pr", "pr_officer"), o.as("pr", "pr_manager"), o.as("network", "unit_expert")
	inspector := o.inspectors("insp.1", "insp.2")[0]
	answered := func() (lead, m int64) {
		l, x := o.register(), o.register()
		o.do(pr, merge(x.ID, l.ID))
		o.do(pr, o.refer(l.ID, "network"))
		o.do(unit, take(l.ID))
		o.do(unit, answer(l.ID, "انجام شد"))
		o.do(o.as("feedback", "feedback_agent"), hear(l.ID, "satisfied", ""))
		return l.ID, x.ID
	}
	lead, m := answered()
	o.refuse(fault.Conflict, inspector, seal(lead)) // closed
	o.do(inspector, seal(m))
	if got := o.want(m, complaints.Referred); got.LeadID != nil || got.Rests() || got.Cycle != 2 || got.NextClockAt == nil {
		t.Errorf("sealed: %+v", got)
	}
	db := o.DB(t)
	for _, a := range []tenants.Actor{pr, manager, unit} {
		list, err := complaints.Relatives(t.Context(), db, a, o.plain(lead))
		if err != nil || len(list) != 0 {
			t.Errorf("the page of the lead shows %d to %v %v", len(list), a.Roles, err)
		}
	}
	_, m = answered()
	o.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error { // the top of its ladder
		_, err := tx.Set(t.Context(), (*complaints.Complaint)(nil), "next_clock_at = NULL", nil, "id = ?", m)
		return err
	})
	o.do(manager, recall(m))
	if got := o.want(m, complaints.Triage); got.LeadID != nil || got.Cycle != 2 || got.NextClockAt == nil {
		t.Errorf("taken back: %+v", got)
	}
	o.do(pr, o.refer(m, "service"))
}

// A part that is sealed after its parent has ended is not found through it.
func TestRelativesKeepConfidentialCasesBack(t *testing.T) {
	o := newOffice(t)
	pr := o.as("pr", "pr_officer")
	o.inspectors("insp.1")
	p := o.register()
	o.do(pr, o.openChild(p.ID, "service"))
	part := o.children(p.ID)[0]
	o.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error { // as if the parent had been sealed
		_, err := tx.Set(t.Context(), (*complaints.Complaint)(nil), "confidential = ?", []any{true}, "id = ?", p.ID)
		return err
	})
	list, err := complaints.Relatives(t.Context(), o.DB(t), pr, &part)
	if err != nil || len(list) != 0 {
		t.Errorf("%d related cases, %v", len(list), err)
	}
}

// What a member's citizen adds is read where the work is.
func TestWhatAMemberAddsIsReadWithItsLead(t *testing.T) {
	o := newOffice(t)
	pr := o.as("pr", "pr_officer")
	lead, m := o.register(), o.register()
	o.do(pr, merge(m.ID, lead.ID))
	o.do(citizen(), adds(m.ID, "پلاک ۱۲ است"))
	events, err := timeline.Of(t.Context(), o.DB(t), lead.Subject(), false)
	if err != nil {
		t.Fatal(err)
	}
	last := events[len(events)-1]
	if last.Kind != "complaint.member_completed" || last.Text != "پلاک ۱۲ است" || last.Public || last.RefID == nil || *last.RefID != m.ID {
		t.Errorf("%+v", last)
	}
}

// charge writes a score of the unit that has the case.
func charge(t *testing.T, tx *tenants.Tx, c *complaints.Complaint) error {
	t.Helper()
	events, err := timeline.Of(t.Context(), tx, c.Subject(), false)
	if err != nil {
		return err
	}
	return tx.Insert(t.Context(), &complaints.Score{
		ID: tenants.NewID(), UnitID: c.UnitID, ComplaintID: c.ID, Cycle: 1, LegID: 1, Level: 1, Points: -3, RuleVersion: 1, EventID: events[0].ID, At: tx.Now(),
	})
}

// A letter that never was costs no unit anything, and is nobody's duplicate.
func TestALetterTakenBackGivesItsScoresBack(t *testing.T) {
	o := newOffice(t)
	pr := o.as("pr", "pr_officer")
	place := complaints.Place{Address: "خیابان اول", Subscription: "1234567890"}
	c := o.register(func(in *complaints.Registration) { in.Channel, in.Place = "letter", place })
	o.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error { return charge(t, tx, c) })
	o.do(pr, mistaken(c.ID, "دو بار ثبت شده بود"))
	scores, err := complaints.ScoresOf(t.Context(), o.DB(t), c.ID)
	if err != nil || len(scores) != 2 || scores[0].Points+scores[1].Points != 0 {
		t.Errorf("%+v %v", scores, err)
	}
	near, err := complaints.Nearby(t.Context(), o.DB(t), pr, c.TopicID, place, nil)
	if err != nil || len(near) != 0 {
		t.Errorf("it is hinted at: %d %v", len(near), err)
	}
}

// The papers of a case from another organization are how the two find each
// other's; they stay.
func TestPapersOfATransferredCaseStay(t *testing.T) {
	o := newOffice(t)
	c := o.register(func(in *complaints.Registration) { in.Channel = "api" })
	o.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		_, err := tx.Set(t.Context(), (*complaints.Complaint)(nil), "source = 'org-water', external_number = 'K7QF2M9X'", nil, "id = ?", c.ID)
		return err
	})
	c = o.read(c.ID)
	in := complaints.PapersOf(c)
	in.Source, in.ExternalNumber, in.SecretariatNumber = "", "", "1405/77"
	o.Write(t, o.as("pr", "pr_officer"), func(tx *tenants.Tx) error {
		_, err := complaints.SetPapers(t.Context(), tx, c.ID, in)
		return err
	})
	if got := o.read(c.ID); got.Source != "org-water" || got.ExternalNumber == "" || got.SecretariatNumber != "1405/77" {
		t.Errorf("%+v", complaints.PapersOf(got))
	}
}

// An opening's list does not say who wrote a confidential letter, to inspection
// neither: that is asked for with a reason.
func TestLettersKeepIdentitiesBack(t *testing.T) {
	o := newOffice(t)
	o.secretTopic("service")
	inspector := o.inspectors("insp.1")[0]
	opening, err := o.opening(o.box(), 1)
	if err != nil {
		t.Fatal(err)
	}
	known := o.register() // whose citizen is known
	o.Write(t, o.as("pr", "pr_officer"), func(tx *tenants.Tx) error {
		_, err := complaints.RegisterLetter(t.Context(), tx, opening.ID, complaints.Registration{
			Kind: complaints.KindComplaint, CitizenID: known.CitizenID, TopicID: o.topic["service"].ID, Text: "رفتار نامناسب مأمور در محل",
			Place: complaints.Place{Address: "خیابان اول", Subscription: "1234567890"},
		})
		return err
	})
	for _, a := range []tenants.Actor{o.as("pr", "pr_officer"), o.as("pr", "pr_manager"), inspector} {
		list, err := complaints.Letters(t.Context(), o.DB(t), a, opening.ID)
		switch {
		case err != nil:
			t.Fatal(err)
		case !a.Inspects && len(list) != 0:
			t.Errorf("%v is shown it", a.Roles)
		case a.Inspects && (len(list) != 1 || list[0].Citizen != "" || !list[0].Masked):
			t.Errorf("inspection: %+v", list)
		}
	}
}

// An import brings confidential cases whose importer is not shown them; taking
// all back works on them, too.
func TestImportedConfidentialCasesAreKeptFromTheImporter(t *testing.T) {
	w := newImporting(t)
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		_, err := tx.Set(t.Context(), (*tenants.Topic)(nil), "confidential = ?", []any{true}, "code = ?", w.calm().Code)
		return err
	})
	b := w.imported(w.lines("s", 3), false)
	list, _, err := complaints.BatchCases(t.Context(), w.DB(t), w.who, b.ID, 0, 10)
	if err != nil || len(list) != 0 {
		t.Errorf("%d cases are listed, %v", len(list), err)
	}
	secret := w.cases(b)[0]
	if !secret.Confidential {
		t.Fatal("not confidential")
	}
	w.Clock.Advance(time.Hour)
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error { // the ladder
		return charge(t, tx, &secret)
	})
	w.Write(t, w.who, func(tx *tenants.Tx) error { return complaints.UndoBatch(t.Context(), tx, b.ID, "the wrong file") })
	for _, c := range w.cases(b) {
		if c.Open() || strings.Contains(c.ExternalNumber, "~") {
			t.Errorf("%+v", c)
		}
	}
}

func TestTouchedConfidentialCasesAreNotNamed(t *testing.T) {
	w := newImporting(t)
	b := w.imported(w.lines("s", 2), false)
	w.Clock.Advance(time.Minute)
	id := w.cases(b)[0].ID
	inspector := tenants.Actor{Kind: tenants.Staff, ID: w.who.ID, SeesAll: true, Inspects: true}
	w.Write(t, inspector, func(tx *tenants.Tx) error {
		_, err := complaints.Seal(t.Context(), tx, id, "about staff")
		return err
	})
	err := w.Try(t, w.who, func(tx *tenants.Tx) error { return complaints.UndoBatch(t.Context(), tx, b.ID, "the wrong file") })
	if !fault.Is(err, fault.Conflict) {
		t.Fatalf("%v", err)
	}
	for _, a := range []tenants.Actor{w.who, inspector} {
		hands, err := complaints.Touched(t.Context(), w.DB(t), a, b, 10)
		if err != nil || (len(hands) == 1) != a.Inspects {
			t.Errorf("%+v %v", hands, err)
		}
	}
}
