// Package complaints is the life of a case, from its registration to a
// confirmed closure: its states, its rules, its clocks, its scores.
package complaints

import (
	"context"
	"time"

	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// ID identifies a complaint within its organization.
type ID = int64

// Kind is what the citizen brings; see product.md, Case.
type Kind string

// The kinds.
const (
	KindComplaint    Kind = "complaint"
	KindRequest      Kind = "request"
	KindDemand       Kind = "demand"
	KindSuggestion   Kind = "suggestion"
	KindCriticism    Kind = "criticism"
	KindAppreciation Kind = "appreciation"
	KindReport       Kind = "report"
)

// Kinds lists them in the order they are offered.
func Kinds() []Kind {
	return []Kind{KindComplaint, KindRequest, KindReport, KindDemand, KindSuggestion, KindCriticism, KindAppreciation}
}

// Channels lists the ways in which a case reaches the office.
func Channels() []string {
	return []string{"web", "phone", "in_person", "letter", "sms", "email", "ivr", "voicemail", "box", "meeting", "api"}
}

// Need tells what this kind asks to know of the person: a complaint wants a
// result in a name, a report may stay nameless (iran.md §2).
func (k Kind) Need() citizens.Need {
	switch k {
	case KindComplaint:
		return citizens.NeedIdentified
	case KindReport:
		return citizens.NeedNothing
	default:
		return citizens.NeedMobile
	}
}

// State is where the case stands.
type State string

// The states, in the order of the usual way.
const (
	Registered           State = "registered"
	Triage               State = "triage"
	Referred             State = "referred"
	InProgress           State = "in_progress"
	WaitingCitizen       State = "waiting_citizen"
	Feedback             State = "feedback"
	SpecialFollowup      State = "special_followup"
	AwaitingConfirmation State = "awaiting_confirmation"
	Closed               State = "closed"
)

// Fact is why a case may be closed. They are different facts and are counted
// apart (product.md, rule 1).
type Fact string

// The facts.
const (
	ConfirmedByCitizen   Fact = "confirmed_by_citizen"
	VerifiedInField      Fact = "verified_in_field"
	UnreachableSignedOff Fact = "unreachable_signed_off"
	NotFeasible          Fact = "not_feasible"
	Withdrawn            Fact = "withdrawn"
	OutsideRemit         Fact = "outside_remit"
	GuidanceGiven        Fact = "guidance_given"
	Transferred          Fact = "transferred"        // another organization has it now
	EnteredByMistake     Fact = "entered_by_mistake" // an import that was undone, a letter typed twice
)

// Place is where the matter is; which fields are asked is the topic's say.
type Place struct {
	Address      string `json:"address,omitempty" sealed:"complaints.place"`
	PostalCode   string `json:"postal_code,omitempty" sealed:"complaints.place,blind=postal_code"`
	Station      string `json:"station,omitempty"`
	Line         string `json:"line,omitempty"`
	Subscription string `json:"subscription,omitempty" sealed:"complaints.place,blind=subscription"`
	// Lat and Lng are a point on the map in degrees (WGS 84); both 0 when none was set.
	Lat float64 `json:"lat,omitempty"`
	Lng float64 `json:"lng,omitempty"`
	// What the blind indexes stand for, in the database only.
	PostalCodeSealed   string `json:"postal_code_sealed,omitempty"`
	SubscriptionSealed string `json:"subscription_sealed,omitempty"`
}

// QuestionAnswer is what the person answered to one of the topic's own questions, with
// the question as it was asked.
type QuestionAnswer struct {
	Key     string       `json:"key"`
	Type    QuestionType `json:"type,omitempty"`
	Label   string       `json:"label"`
	LabelEN string       `json:"label_en,omitempty"`
	Value   string       `json:"value"` // a day is ISO 8601, a number has ASCII digits
	ValueEN string       `json:"value_en,omitempty"`
}

// Complaint is one case. State, deadlines and counters change only together
// with an event of its timeline, in one transaction; the deadlines are a cache
// of what Wind computes from the events.
type Complaint struct {
	tenants.BaseModel `bun:"table:complaints,alias:c"`
	tenants.Owned
	ID             ID `bun:",pk"`
	Code           string
	PINHash        string `bun:"pin_hash"`
	Kind           Kind
	Channel        string
	Source         string
	ExternalNumber string
	CitizenID      *int64
	TopicID        int64
	SLAClassID     int64 `bun:"sla_class_id"`
	Text           string
	Place          Place `bun:"type:jsonb"`
	DistrictID     *int64
	FormID         *int64           // version of the topic's questions that was asked
	Answers        []QuestionAnswer `bun:"type:jsonb"`
	Confidential   bool             // about a member of staff: inspection's eyes only
	// SecretariatNumber is the letter's number in the office's own register.
	SecretariatNumber string
	LetterOn          string     // the letter's own date, Gregorian, YYYY-MM-DD; or empty
	ExternalDueAt     *time.Time // by the source's own clock
	SourceWarned      int        // what was told of that: 1 near, 2 passed
	BatchID           *int64     // of an import
	BoxOpeningID      *int64
	RegisteredBy      *int64 // the member of staff who took it in
	CallReference     string // of the phone system, when it came by phone
	LeadID            *int64 // the case that is worked on in this one's place
	ParentID          *int64 // the case that waits for this one
	RouteWhy          string // the routing rule that decided where it went
	TakenOverBy       *int64 // the office that answers in the unit's place, see TakeOver
	Asked             string // what the citizen still has to say
	AskedUntil        *time.Time
	CallAt            *time.Time // when feedback calls next
	State             State
	Outcome           string
	Fact              Fact
	Result            string
	Cycle             int
	UnitID            int64 // who has it now; never nobody
	HolderID          *int64
	Bounces           int
	Interims          int
	PromisedAt        time.Time  // the citizen's clock
	LegalDueAt        time.Time  // definitive written answer
	UnitDueAt         *time.Time // the lead unit's clock, while it has the case
	DueAt             time.Time  // the clock of whoever has it now
	NextClockAt       *time.Time
	SearchKey         string
	RegisteredAt      time.Time
	ClosedAt          *time.Time
	PurgedAt          *time.Time // its texts are gone, see privacy
	FilesPurgedAt     *time.Time
	Version           int
}

// Open tells whether the case still needs somebody.
func (c *Complaint) Open() bool { return c.State != Closed }

// Subject names the case's timeline.
func (c *Complaint) Subject() timeline.Subject {
	return timeline.Subject{Kind: "complaint", ID: c.ID}
}

// Anonymous tells whether the person chose to stay nameless.
func (c *Complaint) Anonymous() bool { return c.CitizenID == nil }

// Overdue tells whether the promise to the citizen has passed.
func (c *Complaint) Overdue(now time.Time) bool { return c.Open() && now.After(c.PromisedAt) }

// in tells whether the case is in one of the states.
func (c *Complaint) in(states ...State) bool {
	for _, s := range states {
		if c.State == s {
			return true
		}
	}
	return false
}

// must is a Conflict unless the case is in one of the states: somebody else
// was first, or the page was old.
func (c *Complaint) must(states ...State) error {
	if c.Rests() {
		return fault.New(fault.Conflict, "relations.conflict.rests")
	}
	if c.in(states...) {
		return nil
	}
	return fault.New(fault.Conflict, "complaint.conflict.state")
}

// ByID reads a case that the staff member may see: with the right to see all,
// any; else those of the own unit, now or ever, and of the units below it that the
// policy shows. Others are NotFound.
func ByID(ctx context.Context, r tenants.Reader, actor tenants.Actor, id ID) (*Complaint, error) {
	c := new(Complaint)
	q := r.Select(c).Where("c.id = ?", id)
	return c, tenants.Err(visible(r, q, actor).Scan(ctx))
}

// ByCode reads a case by its tracking code in canonical form.
func ByCode(ctx context.Context, r tenants.Reader, code string) (*Complaint, error) {
	c := new(Complaint)
	return c, tenants.Err(r.Select(c).Where("c.code = ?", code).Scan(ctx))
}

// Plain reads a case without asking who looks: for jobs and for citizens whose
// session names the case.
func Plain(ctx context.Context, r tenants.Reader, id ID) (*Complaint, error) {
	c := new(Complaint)
	return c, tenants.Err(r.Select(c).Where("c.id = ?", id).Scan(ctx))
}

// visible narrows a query to what the actor may see.
func visible(r tenants.Reader, q *tenants.Query, actor tenants.Actor) *tenants.Query {
	if actor.Kind == tenants.System {
		return q
	}
	if q = discreet(r, q, actor); actor.SeesAll {
		return q
	}
	legs := r.Select((*Referral)(nil)).Column("complaint_id").Where("leg.unit_id IN (?)", tenants.In(actor.Units()))
	return q.Where("(c.unit_id IN (?) OR c.id IN (?))", tenants.In(actor.Units()), legs)
}

// lock loads the case for a command; staff who may not see it get NotFound, and
// inspectors Forbidden unless it is inspection's.
func lock(ctx context.Context, tx *tenants.Tx, id ID) (*Complaint, error) {
	c, err := lockSeen(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	return c, c.inspected(ctx, tx)
}

// lockSeen is lock for the few acts that inspectors have on every case.
func lockSeen(ctx context.Context, tx *tenants.Tx, id ID) (*Complaint, error) {
	c := new(Complaint)
	if err := tx.Lock(ctx, c, "c.id = ?", id); err != nil {
		return nil, err
	}
	if a := tx.Actor(); a.Kind == tenants.Staff && !a.SeesAll && !a.Covers(c.UnitID) {
		if err := c.workedBelow(ctx, tx, a); err != nil {
			return nil, err
		}
	}
	hidden, err := c.hiddenFrom(ctx, tx, tx.Actor())
	if hidden {
		return nil, fault.New(fault.NotFound, "error.not_found")
	}
	return c, err
}

// workedBelow is NotFound unless one of the units that the actor is shown has
// ever worked on the case.
func (c *Complaint) workedBelow(ctx context.Context, r tenants.Reader, a tenants.Actor) error {
	worked, err := r.Select((*Referral)(nil)).
		Where("leg.complaint_id IN (?) AND leg.unit_id IN (?)", tenants.In(c.workedOn()), tenants.In(a.Units())).Exists(ctx)
	if err == nil && !worked {
		return fault.New(fault.NotFound, "error.not_found")
	}
	return tenants.Err(err)
}
