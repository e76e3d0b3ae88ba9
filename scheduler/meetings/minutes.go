package meetings

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

// MinutesDraft is what is written while a meeting goes on, or after it; it is
// no record and may be overwritten until Finish.
type MinutesDraft struct {
	tenants.BaseModel `bun:"table:meeting_minutes_drafts,alias:draft"`
	tenants.Owned
	MeetingID int64 `bun:",pk"`
	Text      string
	PeopleMet int
	StaffID   int64 // who saved it last
	StaffName string
	SavedAt   time.Time
}

// MinutesNote is an addition to finalised minutes.
type MinutesNote struct {
	tenants.BaseModel `bun:"table:meeting_minutes_notes,alias:note"`
	tenants.Owned
	ID        int64 `bun:",pk"`
	MeetingID int64
	StaffID   int64
	StaffName string
	At        time.Time
	Text      string
}

// MinutesOpen tells whether minutes may be written now.
func (m *Meeting) MinutesOpen() bool {
	return m.Minutes == "" && m.in(Called, Held, FollowUp, Closed) == nil
}

// SaveMinutesDraft keeps the minutes as they are so far; an empty text is kept,
// too. Nobody is told and nothing is audited: it is not yet a record. Field
// error: minutes. Conflict: meeting.conflict.minutes_locked.
func SaveMinutesDraft(ctx context.Context, tx *tenants.Tx, id int64, in Minutes) error {
	m, err := lock(ctx, tx, id)
	if err != nil {
		return err
	}
	if m.Minutes != "" {
		return fault.New(fault.Conflict, "meeting.conflict.minutes_locked")
	}
	if err := m.in(Called, Held, FollowUp, Closed); err != nil {
		return err
	}
	if utf8.RuneCountInString(in.Text) > MaxText {
		return fault.Field("minutes", "meeting.error.too_long")
	}
	if in.PeopleMet < 1 || in.PeopleMet > 1+MaxCompanions {
		in.PeopleMet = 1 + m.Companions
	}
	d := &MinutesDraft{
		MeetingID: id, Text: in.Text, PeopleMet: in.PeopleMet, StaffID: tx.Actor().ID, StaffName: tx.Actor().Name, SavedAt: tx.Now(),
	}
	won, err := tx.InsertNew(ctx, d)
	if err != nil || won {
		return err
	}
	return tx.Update(ctx, d, "text", "people_met", "staff_id", "staff_name", "saved_at")
}

// MinutesDraftOf reads what was kept; nil when there is nothing.
func MinutesDraftOf(ctx context.Context, r tenants.Reader, id int64) (*MinutesDraft, error) {
	d := new(MinutesDraft)
	err := tenants.Err(r.Select(d).Where("draft.meeting_id = ?", id).Scan(ctx))
	if fault.Is(err, fault.NotFound) {
		return nil, nil //nolint:nilnil // nothing was kept
	}
	return d, err
}

// MinutesDraftsOf reads the drafts of several meetings by their IDs.
func MinutesDraftsOf(ctx context.Context, r tenants.Reader, ids []int64) (map[int64]MinutesDraft, error) {
	found := map[int64]MinutesDraft{}
	if len(ids) == 0 {
		return found, nil
	}
	var list []MinutesDraft
	err := r.Select(&list).Where("draft.meeting_id IN (?)", tenants.In(ids)).Scan(ctx)
	for _, d := range list {
		found[d.MeetingID] = d
	}
	return found, tenants.Err(err)
}

// AddMinutesNote corrects finalised minutes by an addition: who, when, what. The
// minutes themselves stay. Field error: text. Conflict: meeting.conflict.state
// while they are not finalised.
func AddMinutesNote(ctx context.Context, tx *tenants.Tx, id int64, text string) error {
	m, err := lock(ctx, tx, id)
	if err != nil {
		return err
	}
	if m.Minutes == "" {
		return fault.New(fault.Conflict, "meeting.conflict.state")
	}
	text = persian.Clean(text)
	switch {
	case text == "":
		return fault.Field("text", "meeting.error.note")
	case utf8.RuneCountInString(text) > MaxReason:
		return fault.Field("text", "meeting.error.too_long")
	}
	a := tx.Actor()
	n := &MinutesNote{ID: tenants.NewID(), MeetingID: id, StaffID: a.ID, StaffName: a.Name, At: tx.Now(), Text: text}
	if err := tx.Insert(ctx, n); err != nil {
		return err
	}
	e := timeline.Event{SubjectKind: "meeting", SubjectID: id, Kind: "meeting.minutes_note", Text: text, ToState: string(m.State)}
	if err := timeline.Append(ctx, tx, &e); err != nil {
		return err
	}
	return audit.Record(ctx, tx, "meeting:minutes_note", "meeting", id, "")
}

// MinutesNotes lists the additions, oldest first.
func MinutesNotes(ctx context.Context, r tenants.Reader, id int64) ([]MinutesNote, error) {
	var list []MinutesNote
	err := r.Select(&list).Where("note.meeting_id = ?", id).Order("note.id").Scan(ctx)
	return list, tenants.Err(err)
}
