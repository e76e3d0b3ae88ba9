package complaints

import (
	"context"
	"slices"
	"time"

	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// KindReclassified is the event of a corrected topic or kind. Its RefID names
// the Reclassification and its DueAt is what the citizen is promised from then on.
const KindReclassified = "complaint.reclassified"

// Reclassification is one correction of what a case is about.
type Reclassification struct {
	tenants.BaseModel `bun:"table:reclassifications,alias:reclass"`
	tenants.Owned
	ID          int64 `bun:",pk"`
	ComplaintID ID
	FromTopicID int64
	ToTopicID   int64
	FromClassID int64
	ToClassID   int64
	FromKind    Kind
	ToKind      Kind
	Reason      string // for the desk, not for the citizen
}

// Correction is what a case should have been registered under.
type Correction struct {
	TopicID int64
	Kind    Kind
	Reason  string
}

// Reclassify corrects topic and kind of a case. The PR office does it in
// triage, the arbiter also while units work on it, inspection with its own
// cases. The class comes from the topic; see winder.reclassify for the clocks.
//
// A confidential topic seals the case by the rules of Seal, and leaving one
// lifts that by the rules of Lift. An urgent topic sends a case of the triage to
// its unit at once, as at registration. Whoever the unit is, it keeps a case it
// has. Answers to the questions of the old topic stay, with the questions.
func Reclassify(ctx context.Context, tx *tenants.Tx, id ID, in Correction) (*timeline.Event, error) {
	c, err := lock(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if !c.reclassifiable(tx.Actor()) {
		return nil, fault.New(fault.Conflict, "complaint.conflict.state")
	}
	from, err := tenants.TopicByID(ctx, tx, c.TopicID)
	if err != nil {
		return nil, err
	}
	to, err := in.check(ctx, tx, c)
	if err != nil {
		return nil, err
	}
	e, unit, err := c.reclassify(ctx, tx, to, in)
	if err != nil {
		return nil, err
	}
	switch {
	case to.Confidential && !c.Confidential:
		_, err = Seal(ctx, tx, id, in.Reason)
	case from.Confidential && !to.Confidential && c.Confidential:
		_, err = Lift(ctx, tx, id, in.Reason)
	case to.Urgent && unit != 0 && c.Bounces == 0 && c.in(Registered, Triage):
		err = forward(ctx, tx, c, unit)
	}
	return e, err
}

// reclassifiable tells whether the actor may correct what the case is about now.
func (c *Complaint) reclassifiable(a tenants.Actor) bool {
	switch {
	case c.Rests():
		return false
	case c.in(Registered, Triage):
		return true
	}
	return (a.Arbitrates || c.Confidential) && c.in(Referred, InProgress, WaitingCitizen)
}

// check finds what is wrong with the fields topic, kind and reason, and gives
// the new topic.
func (in *Correction) check(ctx context.Context, tx *tenants.Tx, c *Complaint) (*tenants.Topic, error) {
	wrong := fault.Fields{}
	to, err := in.topic(ctx, tx)
	if err != nil {
		return nil, err
	}
	switch {
	case to == nil:
		wrong.Add("topic", "complaint.error.topic")
	case to.ID == c.TopicID && in.Kind == c.Kind:
		wrong.Add("topic", "reclassify.error.same")
	case to.Confidential && !c.Confidential && !c.sealable(tx.Actor()):
		wrong.Add("topic", "reclassify.error.seal")
	}
	known, err := in.known(ctx, tx, c)
	switch {
	case err != nil:
		return nil, err
	case !slices.Contains(Kinds(), in.Kind):
		wrong.Add("kind", "complaint.error.kind")
	case !known:
		wrong.Add("kind", "reclassify.error.identity")
	}
	if in.Reason, err = needText("reason", in.Reason, "complaint.error.reason"); err != nil {
		wrong.Add("reason", "complaint.error.reason")
	}
	return to, wrong.Err()
}

// topic is the new topic, nil when it takes no cases.
func (in *Correction) topic(ctx context.Context, r tenants.Reader) (*tenants.Topic, error) {
	to, err := tenants.TopicByID(ctx, r, in.TopicID)
	if fault.Is(err, fault.NotFound) {
		return nil, nil //nolint:nilnil // not one of this organization
	}
	if err != nil {
		return nil, err
	}
	group, err := IsGroup(ctx, r, to.ID)
	if err != nil || group || !to.Active {
		return nil, err
	}
	return to, nil
}

// known tells whether enough is known of the person for the new kind.
func (in *Correction) known(ctx context.Context, r tenants.Reader, c *Complaint) (bool, error) {
	if in.Kind == c.Kind {
		return true, nil
	}
	var citizen *citizens.Citizen
	if !c.Anonymous() {
		var err error
		if citizen, err = citizens.ByID(ctx, r, *c.CitizenID); err != nil {
			return false, err
		}
	}
	return in.Kind.known(citizen) == nil, nil
}

// reclassify writes the correction and tells which unit routing names now.
func (c *Complaint) reclassify(ctx context.Context, tx *tenants.Tx, to *tenants.Topic, in Correction) (*timeline.Event, int64, error) {
	row := &Reclassification{
		ID: tenants.NewID(), ComplaintID: c.ID, FromTopicID: c.TopicID, ToTopicID: to.ID,
		FromClassID: c.SLAClassID, ToClassID: to.SLAClassID, FromKind: c.Kind, ToKind: in.Kind, Reason: in.Reason,
	}
	if err := tx.Insert(ctx, row); err != nil {
		return nil, 0, fault.Wrap(err, "complaints.Reclassify")
	}
	promised, err := c.promiseUnder(ctx, tx, to.SLAClassID)
	if err != nil {
		return nil, 0, err
	}
	c.TopicID, c.SLAClassID, c.Kind = to.ID, to.SLAClassID, in.Kind
	unit, err := c.rerouted(ctx, tx)
	if err != nil {
		return nil, 0, err
	}
	e := c.event("reclassified", "", true)
	e.RefID, e.DueAt = &row.ID, &promised
	until := c.AskedUntil
	if e, err = record(ctx, tx, c, e, false); err != nil {
		return nil, 0, err
	}
	return e, unit, c.askedAnew(ctx, tx, until)
}

// promiseUnder is what the citizen may count on under another class: what that
// gives from now on, and never later than what was promised. The date of an
// interim report stands.
func (c *Complaint) promiseUnder(ctx context.Context, tx *tenants.Tx, class int64) (time.Time, error) {
	if class == c.SLAClassID || c.Interims > 0 {
		return c.PromisedAt, nil
	}
	to, err := tenants.SLAClassByID(ctx, tx, class)
	if err != nil {
		return time.Time{}, err
	}
	hours, err := tenants.WorkingTimeOf(ctx, tx)
	w := winder{class: to, hours: hours}
	return earlier(c.PromisedAt, w.add(tx.Now(), to.RespondMinutes)), err
}

// rerouted notes anew why the case is where it is, or where it should go, and
// gives the unit that routing names; 0 when a person has to decide.
func (c *Complaint) rerouted(ctx context.Context, tx *tenants.Tx) (int64, error) {
	if c.in(Registered, Triage) || c.Confidential {
		return routed(ctx, tx, c)
	}
	return 0, c.chosen(ctx, tx, c.UnitID)
}

// Reclassifications lists the corrections of a case, oldest first.
func Reclassifications(ctx context.Context, r tenants.Reader, ids ...ID) ([]Reclassification, error) {
	var list []Reclassification
	err := r.Select(&list).Where("reclass.complaint_id IN (?)", tenants.In(ids)).Order("reclass.id").Scan(ctx)
	return list, fault.Wrap(tenants.Err(err), "complaints.Reclassifications")
}

// ClassChange is what Wind must know of a correction: the classes of before and
// after. ID is the RefID of its event.
type ClassChange struct {
	ID       int64
	From, To *tenants.SLAClass
}

// classChanges reads what Wind needs beside the events of a case; nothing is
// read for one that was never sorted anew.
func (c *Complaint) classChanges(ctx context.Context, r tenants.Reader, events []timeline.Event) ([]ClassChange, error) {
	if !reclassified(events) {
		return nil, nil
	}
	list, err := Reclassifications(ctx, r, c.ID)
	if err != nil {
		return nil, err
	}
	classes, err := tenants.AllClasses(ctx, r)
	return changesAmong(list, classes), err
}

// changesOf is classChanges for many cases at once, by case.
func changesOf(ctx context.Context, r tenants.Reader, classes map[int64]*tenants.SLAClass, events []timeline.Event) (map[ID][]ClassChange, error) {
	var ids []ID
	for i := range events {
		if events[i].Kind == KindReclassified {
			ids = append(ids, events[i].SubjectID)
		}
	}
	if len(ids) == 0 {
		return nil, nil //nolint:nilnil // none was sorted anew
	}
	list, err := Reclassifications(ctx, r, ids...)
	changes := map[ID][]ClassChange{}
	for i := range list {
		id := list[i].ComplaintID
		changes[id] = append(changes[id], changesAmong(list[i:i+1], classes)...)
	}
	return changes, err
}

func reclassified(events []timeline.Event) bool {
	return slices.ContainsFunc(events, func(e timeline.Event) bool { return e.Kind == KindReclassified })
}

func changesAmong(list []Reclassification, classes map[int64]*tenants.SLAClass) []ClassChange {
	changes := make([]ClassChange, len(list))
	for i, row := range list {
		changes[i] = ClassChange{ID: row.ID, From: classes[row.FromClassID], To: classes[row.ToClassID]}
	}
	return changes
}

// reclassify goes on under another class. What ran so far stays: due times that
// have passed, what was promised, what a person gave, the pause that was used.
// From now on the new class counts, so a time can become earlier and never
// later, and no time that is new lies in the past.
func (w *winder) reclassify(e *timeline.Event) {
	at := slices.IndexFunc(w.changes, func(c ClassChange) bool { return e.RefID != nil && c.ID == *e.RefID })
	if at < 0 || w.changes[at].From.ID == w.changes[at].To.ID {
		return
	}
	paused := !w.asked.IsZero()
	if paused {
		w.resume(e.At)
	}
	used := minutes(w.class.PauseCapMinutes) - w.capLeft
	w.class = w.changes[at].To
	w.capLeft = max(0, minutes(w.class.PauseCapMinutes)-used)
	if e.DueAt != nil {
		w.promised, w.promisedAt = *e.DueAt, e.At
	}
	if !w.given {
		w.unitDue = earlier(w.unitDue, within(w.addLeg(e.At, minutes(w.class.RespondMinutes)), w.promise(), e.At))
	}
	if paused {
		w.asked = e.At
	}
	w.actAgain(e.At)
}

// actAgain sets until when a unit must have acted under the new class.
func (w *winder) actAgain(at time.Time) {
	passed := !w.firstDue.IsZero() && !w.firstDue.After(at)
	switch next := at.Add(minutes(w.class.FirstActionMinutes)); {
	case passed:
	case w.class.FirstActionMinutes == 0:
		w.firstDue = time.Time{}
	case w.firstDue.IsZero() || next.Before(w.firstDue):
		w.firstDue = next
	}
}
