package privacy

import (
	"context"
	"time"

	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// The rows of other rooms, as far as retention reads them.
type (
	keptCase struct {
		tenants.BaseModel `bun:"table:complaints,alias:c"`
		tenants.Owned
		ID            int64 `bun:",pk"`
		CitizenID     *int64
		State         string
		ClosedAt      *time.Time
		PurgedAt      *time.Time
		FilesPurgedAt *time.Time
	}
	keptMeeting struct {
		tenants.BaseModel `bun:"table:meetings,alias:meeting"`
		tenants.Owned
		ID            int64 `bun:",pk"`
		CitizenID     int64
		ComplaintID   *int64
		State         meetings.State
		StartsAt      time.Time
		PurgedAt      *time.Time
		FilesPurgedAt *time.Time
	}
	keptWait struct {
		tenants.BaseModel `bun:"table:meeting_waits,alias:wait"`
		tenants.Owned
		ID          int64 `bun:",pk"`
		CitizenID   int64
		ComplaintID *int64
	}
	keptMessage struct {
		tenants.BaseModel `bun:"table:messages,alias:message"`
		tenants.Owned
		ID          int64 `bun:",pk"`
		CitizenID   *int64
		SubjectKind string
		SubjectID   int64
	}
	keptInbound struct {
		tenants.BaseModel `bun:"table:inbound_messages,alias:came"`
		tenants.Owned
		ID          int64  `bun:",pk"`
		Sender      string // blind
		ComplaintID *int64
		MeetingID   *int64
	}
	keptCall struct {
		tenants.BaseModel `bun:"table:inbound_calls,alias:ring"`
		tenants.Owned
		ID     int64  `bun:",pk"`
		Caller string // blind
	}
	keptFile struct {
		tenants.BaseModel `bun:"table:files,alias:file"`
		tenants.Owned
		ID int64 `bun:",pk"`
	}
)

// over are the states of a meeting in which nothing is to come.
var over = []meetings.State{meetings.Held, meetings.Closed, meetings.Refused, meetings.Cancelled, meetings.Absent}

// heap is one kind of rows that a class consists of.
type heap struct {
	class Class
	kind  string
	// due chooses, along an index, what has had its time.
	due func(r tenants.Reader, until time.Time) *tenants.Query
	// held narrows to what a hold lies on.
	held func(ctx context.Context, r tenants.Reader) (string, []any, error)
	// take takes the rows with these ids away, and tells how many it took.
	take func(ctx context.Context, tx *tenants.Tx, ids []int64) (taken, error)
}

const (
	caseHeld    = "(SELECT 1 FROM ? WHERE hold.lifted_at IS NULL AND ((hold.subject_kind = 'complaint' AND hold.subject_id = c.id) OR (hold.subject_kind = 'citizen' AND hold.subject_id = c.citizen_id)))"
	meetingHeld = "(SELECT 1 FROM ? WHERE hold.lifted_at IS NULL AND ((hold.subject_kind = 'citizen' AND hold.subject_id = meeting.citizen_id) OR (hold.subject_kind = 'complaint' AND hold.subject_id = meeting.complaint_id)))"
	waitHeld    = "(SELECT 1 FROM ? WHERE hold.lifted_at IS NULL AND ((hold.subject_kind = 'citizen' AND hold.subject_id = wait.citizen_id) OR (hold.subject_kind = 'complaint' AND hold.subject_id = wait.complaint_id)))"
	// What was said to a person who is held, or about a case that is.
	messageHeld = "(SELECT 1 FROM ? WHERE hold.lifted_at IS NULL AND ((hold.subject_kind = 'citizen' AND hold.subject_id = message.citizen_id) OR (hold.subject_kind = message.subject_kind AND hold.subject_id = message.subject_id)))"
)

func heldBy(exists string) func(context.Context, tenants.Reader) (string, []any, error) {
	return func(_ context.Context, r tenants.Reader) (string, []any, error) {
		return "EXISTS " + exists, []any{r.From((*LegalHold)(nil))}, nil
	}
}

// heaps are what is gone through, in this order.
var heaps = []heap{
	{Attachments, "complaint", dueCases("c.files_purged_at IS NULL"), heldBy(caseHeld), takeCaseFiles},
	{Attachments, "meeting", dueMeetings("meeting.files_purged_at IS NULL"), heldBy(meetingHeld), takeMeetingFiles},
	{Messages, "message", dueMessages, heldBy(messageHeld), takeMessages},
	{Inbound, "inbound", dueInbound, inboundHeld, takeInbound},
	{Inbound, "call", dueCalls, callHeld, takeCalls},
	{Meetings, "meeting", dueMeetings("meeting.purged_at IS NULL"), heldBy(meetingHeld), takeMeetings},
	{Meetings, "wait", dueWaits, heldBy(waitHeld), takeWaits},
	{Cases, "complaint", dueCases("c.purged_at IS NULL"), heldBy(caseHeld), takeCases},
}

func dueCases(open string) func(tenants.Reader, time.Time) *tenants.Query {
	return func(r tenants.Reader, until time.Time) *tenants.Query {
		return r.Select((*keptCase)(nil)).ColumnExpr("c.id").Where("c.state = 'closed' AND c.closed_at <= ? AND "+open, until).Order("c.closed_at", "c.id")
	}
}

func dueMeetings(open string) func(tenants.Reader, time.Time) *tenants.Query {
	return func(r tenants.Reader, until time.Time) *tenants.Query {
		return r.Select((*keptMeeting)(nil)).ColumnExpr("meeting.id").
			Where("meeting.starts_at <= ? AND "+open, until).Where("meeting.state IN (?)", tenants.In(over)).Order("meeting.starts_at", "meeting.id")
	}
}

// dueWaits are the lines that led to no meeting, or to one that has a row of its own.
func dueWaits(r tenants.Reader, until time.Time) *tenants.Query {
	return r.Select((*keptWait)(nil)).ColumnExpr("wait.id").Where("wait.ended_at <= ? AND wait.subject <> ?", until, citizens.Gone()).Order("wait.ended_at", "wait.id")
}

func dueMessages(r tenants.Reader, until time.Time) *tenants.Query {
	return r.Select((*keptMessage)(nil)).ColumnExpr("message.id").Where("message.text <> '' AND message.created_at <= ?", until).Order("message.created_at", "message.id")
}

func dueInbound(r tenants.Reader, until time.Time) *tenants.Query {
	return r.Select((*keptInbound)(nil)).ColumnExpr("came.id").
		Where("came.purged_at IS NULL AND came.created_at <= ? AND came.state NOT IN ('new','waiting')", until).Order("came.created_at", "came.id")
}

func dueCalls(r tenants.Reader, until time.Time) *tenants.Query {
	return r.Select((*keptCall)(nil)).ColumnExpr("ring.id").Where("ring.caller <> '' AND ring.at <= ?", until).Order("ring.at", "ring.id")
}

// ids reads the next rows to take: those of due that nothing holds.
func (h *heap) ids(ctx context.Context, r tenants.Reader, until time.Time, limit int) (ids []int64, err error) {
	held, args, err := h.held(ctx, r)
	if err != nil {
		return nil, err
	}
	q := h.due(r, until).Limit(int64(limit)).Where("NOT ("+held+")", args...)
	return ids, fault.Wrap(tenants.Err(q.Scan(ctx, &ids)), "privacy.ids")
}

// Forecast is what a run at an instant would take and leave, by class.
type Forecast struct {
	Goes, Held Counts
}

// Preview counts what will have had its time at an instant.
func Preview(ctx context.Context, r tenants.Reader, p Periods, at time.Time) (*Forecast, error) {
	f := &Forecast{Goes: Counts{}, Held: Counts{}}
	for i := range heaps {
		h := &heaps[i]
		n, held, err := h.count(ctx, r, p.Until(h.class, at))
		if err != nil {
			return nil, err
		}
		if r.Tenant().HeldAt != nil { // on everything
			held = n
		}
		f.Goes[h.class] += n - held
		f.Held[h.class] += held
	}
	return f, nil
}

func (h *heap) count(ctx context.Context, r tenants.Reader, until time.Time) (all, held int64, err error) {
	n, err := h.due(r, until).Count(ctx)
	if err != nil || n == 0 {
		return n, 0, fault.Wrap(tenants.Err(err), "privacy.count")
	}
	under, args, err := h.held(ctx, r)
	if err != nil {
		return 0, 0, err
	}
	kept, err := h.due(r, until).Where(under, args...).Count(ctx)
	return n, kept, fault.Wrap(tenants.Err(err), "privacy.count")
}
