package directives

import (
	"context"
	"time"
	"unicode/utf8"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// State is how far a directive is. Overdue is no state: see Directive.Overdue.
type State string

// The states, in the order of a directive's life.
const (
	Issued     State = "issued"      // the unit does not know yet
	Notified   State = "notified"    // the unit has been told
	InProgress State = "in_progress" // the unit has taken it up
	Reported   State = "reported"    // waits for the executive
	Returned   State = "returned"    // not accepted, or the citizen objected
	Done       State = "done"        // accepted
)

// States lists all states in the order of a directive's life.
func States() []State { return []State{Issued, Notified, InProgress, Reported, Returned, Done} }

// Priority is how pressing a directive is.
type Priority string

// The priorities.
const (
	Normal Priority = "normal"
	High   Priority = "high"
	Urgent Priority = "urgent"
)

// Priorities lists the priorities, the usual one first.
func Priorities() []Priority { return []Priority{Normal, High, Urgent} }

// The kinds of things on which a directive is issued.
const (
	OnMeeting   = "meeting"
	OnComplaint = "complaint"
	OnCommittee = "committee"
)

// Directive is one order of an executive to one unit, with a due time.
type Directive struct {
	tenants.BaseModel `bun:"table:directives,alias:directive"`
	tenants.Owned
	ID            int64  `bun:",pk"`
	OriginKind    string // meeting, complaint, committee
	OriginID      int64
	ExecutiveID   int64
	CitizenID     *int64 // whom it concerns
	UnitID        int64
	Text          string
	ScanID        *int64 // the file with the handwritten order
	Priority      Priority
	Public        bool // the citizen sees text and progress
	State         State
	Report        string // the unit's last report
	Returns       int
	IssuedAt      time.Time
	DueAt         time.Time
	NextClockAt   *time.Time // when Sweep has something to do; nil = nothing
	RemindedLevel int        // see Level
	DoneAt        *time.Time
	Version       int
	Confidential  bool   // see discreet
	SeenBy        *int64 // the unit's head who confirmed having seen it
	SeenAt        *time.Time
	WithoutParts  string // why the last report did not wait for the parts
}

// Open tells whether the directive still holds its origin open.
func (d *Directive) Open() bool { return d.State != Done }

// Waiting tells whether the unit has to act, not the executive.
func (d *Directive) Waiting() bool { return d.State != Done && d.State != Reported }

// Overdue tells whether the unit is late: a report in time stops the clock,
// a return starts it again.
func (d *Directive) Overdue(now time.Time) bool { return d.Waiting() && !now.Before(d.DueAt) }

// Days is the age of the directive in whole days, until now or until done.
func (d *Directive) Days(now time.Time) int {
	if d.DoneAt != nil {
		now = *d.DoneAt
	}
	return max(0, int(now.Sub(d.IssuedAt)/(24*time.Hour)))
}

// ByID reads one directive.
func ByID(ctx context.Context, r tenants.Reader, id int64) (*Directive, error) {
	d := new(Directive)
	return d, tenants.Err(r.Select(d).Where("directive.id = ?", id).Scan(ctx))
}

func lock(ctx context.Context, tx *tenants.Tx, id int64) (*Directive, error) {
	d := new(Directive)
	return d, tx.Lock(ctx, d, "directive.id = ?", id)
}

// ofOwnUnit is lock for commands of the executing unit: other units see no
// such directive.
func ofOwnUnit(ctx context.Context, tx *tenants.Tx, id int64) (*Directive, error) {
	d, err := lock(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	a := tx.Actor()
	if a.Kind != tenants.Staff || a.UnitID != d.UnitID || d.Confidential && !a.Leads {
		return nil, errUnknown()
	}
	return d, nil
}

func errUnknown() error { return fault.New(fault.NotFound, "error.not_found") }

func errState() error { return fault.New(fault.Conflict, "directive.conflict.state") }

// Fact is the payload of every directive.… task.
type Fact struct {
	DirectiveID int64 `json:"directive_id"`
	EventID     int64 `json:"event_id"`
	Level       Level `json:"level,omitempty"`   // of reminders and overdue notices
	PartID      int64 `json:"part_id,omitempty"` // of the directive.part_… facts
}

// step is what a command leaves behind beside the changed row.
type step struct {
	act    string // of the audit, "directive:accept"
	detail string // of the audit; no personal data
	fact   string // of the outbox; empty when nobody reacts
	level  Level
	event  timeline.Event
}

// write saves the columns with the new version and leaves the event, the audit
// line and the fact behind.
func (d *Directive) write(ctx context.Context, tx *tenants.Tx, s step, columns ...string) error {
	d.Version++
	if err := tx.Update(ctx, d, append(columns, "version")...); err != nil {
		return err
	}
	return d.leave(ctx, tx, s)
}

func (d *Directive) leave(ctx context.Context, tx *tenants.Tx, s step) error {
	e := &s.event
	e.SubjectKind, e.SubjectID, e.Cycle = "directive", d.ID, d.Returns
	e.UnitID, e.ToState = &d.UnitID, string(d.State)
	e.Public = e.Public && d.Public
	if err := timeline.Append(ctx, tx, e); err != nil {
		return err
	}
	if err := audit.Record(ctx, tx, s.act, "directive", d.ID, s.detail); err != nil {
		return err
	}
	if s.fact == "" {
		return nil
	}
	return tx.Enqueue(ctx, s.fact, Fact{DirectiveID: d.ID, EventID: e.ID, Level: s.level})
}

// Limits of the texts, in characters.
const (
	MaxText   = 4000 // order and report
	MaxReason = 1000 // note, reason, objection
)

// words cleans a text that must be there.
func words(text, field, emptyKey string, limit int) (string, error) {
	text = persian.Clean(text)
	switch {
	case text == "":
		return "", fault.Field(field, emptyKey)
	case utf8.RuneCountInString(text) > limit:
		return "", fault.Field(field, "directive.error.too_long")
	}
	return text, nil
}
