package complaints

import (
	"context"
	"fmt"
	"time"

	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// Parcel is what goes to another organization: the message, where it is, who
// brought it, and what the citizen sees of the files. Internal notes stay.
type Parcel struct {
	From      *tenants.Tenant
	Transfer  Transfer
	Complaint Complaint
	Citizen   *citizens.Citizen // nil for a nameless report
	Files     []files.File
}

// ParcelOf reads it at the sender.
func ParcelOf(ctx context.Context, r tenants.Reader, transferID int64) (*Parcel, error) {
	t, err := TransferByID(ctx, r, transferID)
	if err != nil {
		return nil, err
	}
	c, err := Plain(ctx, r, t.ComplaintID)
	if err != nil {
		return nil, err
	}
	p := &Parcel{From: r.Tenant(), Transfer: *t, Complaint: *c}
	if c.CitizenID != nil {
		if p.Citizen, err = citizens.ByID(ctx, r, *c.CitizenID); err != nil {
			return nil, err
		}
	}
	p.Files, err = files.Of(ctx, r, files.Subject{Kind: "complaint", ID: c.ID}, true)
	return p, err
}

// Arrive registers what another organization sent, once however often it is
// delivered: the transfer has the same ID at both ends. The case is the PR
// office's to look at, under the general topic, in the name of the same person; a
// nameless one opens with the PIN it had. attach saves the files.
func Arrive(ctx context.Context, tx *tenants.Tx, p *Parcel, attach func(*Complaint) error) (*Complaint, error) {
	if t, err := TransferByID(ctx, tx, p.Transfer.ID); !fault.Is(err, fault.NotFound) {
		if err != nil {
			return nil, err
		}
		return Plain(ctx, tx, t.ComplaintID)
	}
	c, err := p.complaint(ctx, tx)
	if err != nil {
		return nil, err
	}
	if err := tx.Insert(ctx, c); err != nil {
		return nil, fault.Wrap(err, "complaints.Arrive")
	}
	row := &Transfer{
		ID: p.Transfer.ID, ComplaintID: c.ID, Direction: TransferIn, OtherSlug: p.From.Slug, OtherFA: p.From.NameFA, OtherEN: p.From.NameEN,
		OtherCode: p.Complaint.Code, OtherState: Closed, Reason: p.Transfer.Reason, State: TransferArrived, At: tx.Now(),
	}
	if err := tx.Insert(ctx, row); err != nil {
		return nil, fault.Wrap(err, "complaints.Arrive") // another worker was first
	}
	first := c.event("registered", "", true)
	first.FromState = ""
	if _, err := record(ctx, tx, c, first, true); err != nil {
		return nil, err
	}
	came := c.event("transfer_in", p.Transfer.Reason, true)
	came.RefID = &row.ID
	if _, err := record(ctx, tx, c, came, false); err != nil {
		return nil, err
	}
	return c, attach(c)
}

// complaint makes the row of the case at the receiver.
func (p *Parcel) complaint(ctx context.Context, tx *tenants.Tx) (*Complaint, error) {
	office, err := tenants.UnitOfKind(ctx, tx, tenants.UnitPROffice)
	if err != nil {
		return nil, err
	}
	topic, err := generalTopic(ctx, tx)
	if err != nil {
		return nil, err
	}
	number, err := p.number(ctx, tx)
	if err != nil {
		return nil, err
	}
	in := Registration{Kind: p.Complaint.Kind, Channel: "api", Source: sourcePrefix + p.From.Slug, ExternalNumber: number, Text: p.Complaint.Text, Place: p.Complaint.Place}
	in.answers = p.Complaint.Answers
	var who *citizens.Citizen
	if p.Citizen != nil {
		who, err = citizens.Ensure(ctx, tx, citizens.Identity{
			Mobile: p.Citizen.Mobile, NationalID: p.Citizen.NationalID, Name: p.Citizen.Name, Verified: p.Citizen.VerifiedAt != nil,
		})
		if err != nil {
			return nil, err
		}
		in.CitizenID = &who.ID
	}
	c, err := in.complaint(tx, topic, who, office.ID)
	if err != nil {
		return nil, err
	}
	c.PINHash, c.Confidential = p.Complaint.PINHash, false
	_, err = routed(ctx, tx, c)
	return c, err
}

// maxReturns is how often one case may come from the same organization; after
// that the two have to talk to each other.
const maxReturns = 20

// number is the sender's code; a case that was sent here before has it with how
// often.
func (p *Parcel) number(ctx context.Context, tx *tenants.Tx) (string, error) {
	times := []string{p.Complaint.Code}
	for n := 2; n <= maxReturns; n++ {
		times = append(times, fmt.Sprintf("%s/%d", p.Complaint.Code, n))
	}
	before, err := tx.Select((*Complaint)(nil)).
		Where("c.source = ? AND c.external_number IN (?)", sourcePrefix+p.From.Slug, tenants.In(times)).Where("c.external_number <> ''").Count(ctx)
	switch {
	case err != nil:
		return "", tenants.Err(err)
	case int(before) == len(times):
		return "", fault.Field("to", "relations.error.organization")
	}
	return times[before], nil
}

// generalTopic is where what came from elsewhere waits for the PR office: the
// organization's "other", else the first topic that is neither urgent nor
// confidential.
func generalTopic(ctx context.Context, tx *tenants.Tx) (*tenants.Topic, error) {
	all, err := tenants.Topics(ctx, tx)
	if err != nil {
		return nil, err
	}
	var general *tenants.Topic
	leaves, _ := Leaves(all)
	for i := range leaves {
		t := &leaves[i]
		switch {
		case t.Urgent || t.Confidential || !t.Active:
		case t.Code == "other":
			return t, nil
		case general == nil:
			general = t
		}
	}
	if general == nil {
		return nil, fault.New(fault.Conflict, "relations.conflict.no_topic")
	}
	return general, nil
}

// refuseDays is how long a receiver may give a case back where the organization
// has not said.
const refuseDays = 5

// RefuseUntil is when the time to give an arrived case back ends.
func (t *Transfer) RefuseUntil(s tenants.Settings) time.Time {
	days := s.TransferDays
	if days == 0 {
		days = refuseDays
	}
	return t.At.AddDate(0, 0, days)
}

// mayRefuse is nil while the receiver's PR office may give the case back.
func (c *Complaint) mayRefuse(t *Transfer, s tenants.Settings, now time.Time) error {
	switch {
	case t == nil || t.Direction != TransferIn || t.State != TransferArrived:
		return fault.New(fault.Conflict, "relations.conflict.not_sent_here")
	case !c.in(Registered, Triage):
		return fault.New(fault.Conflict, "complaint.conflict.state")
	case now.After(t.RefuseUntil(s)):
		return fault.New(fault.Conflict, "relations.conflict.refuse_late")
	}
	return nil
}

// Refuse gives a case back to the organization that sent it, with a reason: there
// it is opened again.
func Refuse(ctx context.Context, tx *tenants.Tx, id ID, reason string) (*timeline.Event, error) {
	c, err := lock(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if err := c.must(Registered, Triage); err != nil {
		return nil, err
	}
	t, err := arrival(ctx, tx, c.ID)
	if err != nil {
		return nil, err
	}
	if err := c.mayRefuse(t, tx.Tenant().Settings, tx.Now()); err != nil {
		return nil, err
	}
	if reason, err = needText("reason", reason, "relations.error.reason"); err != nil {
		return nil, err
	}
	now := tx.Now()
	t.State, t.ChangedAt = TransferRefused, &now
	if err := tx.Update(ctx, t, "state", "changed_at"); err != nil {
		return nil, fault.Wrap(err, "complaints.Refuse")
	}
	e, err := finish(ctx, tx, c, Transferred, reason)
	if err != nil {
		return nil, err
	}
	return e, tx.Enqueue(ctx, KindTransferRefused, transferred{t.ID})
}
