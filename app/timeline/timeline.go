// Package timeline keeps what happened to a complaint, a meeting or a
// directive: one append-only line per event, in the event's transaction, for
// the citizen's page and the desk alike.
package timeline

import (
	"context"
	"time"

	"pasokh/app/fault"
	"pasokh/tenants"
)

// Subject names a thing that has a timeline.
type Subject struct {
	Kind string // complaint, meeting, directive
	ID   int64
}

// Event is one thing that happened: who, when, from which state to which, what
// was said, and whether the citizen sees it (product.md, rule 5 of a case).
type Event struct {
	tenants.BaseModel `bun:"table:events,alias:event"`
	tenants.Owned
	ID          int64 `bun:",pk"`
	SubjectKind string
	SubjectID   int64
	Kind        string // complaint.referred, meeting.held, …
	At          time.Time
	Cycle       int
	ActorKind   tenants.ActorKind
	ActorID     int64
	ActorName   string // empty of a citizen
	UnitID      *int64 // the unit the event is about
	FromState   string
	ToState     string
	Text        string
	DueAt       *time.Time // the promise that the event made
	RefID       *int64     `bun:"ref_id"` // what else the event is about; its kind says what
	Public      bool
}

// Append writes the event with the transaction's actor and instant, and gives
// it its ID.
func Append(ctx context.Context, tx *tenants.Tx, e *Event) error {
	e.ID, e.At = tenants.NewID(), tx.Now()
	e.by(tx.Actor())
	return fault.Wrap(tx.Insert(ctx, e), "timeline.Append")
}

// by notes who acts. A citizen is not named: their name lies sealed, and whoever may
// read it reads it there.
func (e *Event) by(a tenants.Actor) {
	e.ActorKind, e.ActorID, e.ActorName = a.Kind, a.ID, a.Name
	if a.Kind == tenants.Citizen {
		e.ActorName = ""
	}
}

// AppendEach writes events of many subjects as Append does, in their order.
func AppendEach(ctx context.Context, tx *tenants.Tx, list []Event) error {
	a := tx.Actor()
	for i := range list {
		e := &list[i]
		e.ID, e.At = tenants.NewID(), tx.Now()
		e.by(a)
	}
	const together = 200
	for from := 0; from < len(list); from += together {
		part := list[from:min(from+together, len(list))]
		if err := tx.Insert(ctx, &part); err != nil {
			return fault.Wrap(err, "timeline.AppendEach")
		}
	}
	return nil
}

// Of lists the events of one subject, oldest first; public only when the
// reader is the citizen.
func Of(ctx context.Context, r tenants.Reader, s Subject, publicOnly bool) ([]Event, error) {
	var list []Event
	q := r.Select(&list).Where("event.subject_kind = ? AND event.subject_id = ?", s.Kind, s.ID).Order("event.id")
	if publicOnly {
		q = q.Where("event.public")
	}
	return list, fault.Wrap(q.Scan(ctx), "timeline.Of")
}

// OfEach is Of for many subjects of a kind, by their IDs.
func OfEach(ctx context.Context, r tenants.Reader, kind string, ids []int64) (map[int64][]Event, error) {
	var list []Event
	err := r.Select(&list).Where("event.subject_kind = ? AND event.subject_id IN (?)", kind, tenants.In(ids)).Order("event.id").Scan(ctx)
	each := make(map[int64][]Event, len(ids))
	for i := range list {
		each[list[i].SubjectID] = append(each[list[i].SubjectID], list[i])
	}
	return each, fault.Wrap(err, "timeline.OfEach")
}

// Public are the events among them that the citizen sees.
func Public(list []Event) []Event {
	var public []Event
	for _, e := range list {
		if e.Public {
			public = append(public, e)
		}
	}
	return public
}
