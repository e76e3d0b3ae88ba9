package citizens

import (
	"context"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
	"pasokh/views/messages"
)

// What of a case or a meeting goes when its person is forgotten, or when its
// time to be kept has passed: words, files, and what leads to a person. What
// happened and when, to which unit, stays for the counts.

// The rows of other rooms that a scrubbing blanks.
type (
	eventOf struct {
		tenants.BaseModel `bun:"table:events,alias:event"`
		tenants.Owned
		ID int64 `bun:",pk"`
	}
	fileOf struct {
		tenants.BaseModel `bun:"table:files,alias:file"`
		tenants.Owned
		ID int64 `bun:",pk"`
	}
	legOf struct {
		tenants.BaseModel `bun:"table:referrals,alias:leg"`
		tenants.Owned
		ID int64 `bun:",pk"`
	}
	callOf struct {
		tenants.BaseModel `bun:"table:feedback_calls,alias:call"`
		tenants.Owned
		ID int64 `bun:",pk"`
	}
	visitOf struct {
		tenants.BaseModel `bun:"table:field_visits,alias:visit"`
		tenants.Owned
		ID int64 `bun:",pk"`
	}
	transferOf struct {
		tenants.BaseModel `bun:"table:transfers,alias:transfer"`
		tenants.Owned
		ID int64 `bun:",pk"`
	}
	reclassOf struct {
		tenants.BaseModel `bun:"table:reclassifications,alias:reclass"`
		tenants.Owned
		ID int64 `bun:",pk"`
	}
	noticeOf struct {
		tenants.BaseModel `bun:"table:notifications,alias:notification"`
		tenants.Owned
		ID int64 `bun:",pk"`
	}
	minutesOf struct {
		tenants.BaseModel `bun:"table:meeting_minutes_drafts,alias:draft"`
		tenants.Owned
		MeetingID int64 `bun:",pk"`
	}
)

// blanks are the words about a case in other tables.
var blanks = []struct {
	model any
	set   string
}{
	{(*legOf)(nil), "note = '', answer = ''"},
	{(*callOf)(nil), "reason = ''"},
	{(*visitOf)(nil), "finding = '', lat = NULL, lng = NULL"},
	{(*transferOf)(nil), "reason = ''"},
	{(*reclassOf)(nil), "reason = ''"},
	{(*cameFrom)(nil), "sender = '', sender_sealed = '', title = '', text = '', note = ''"},
}

// Gone is the word that stands where something was.
func Gone() string { return messages.In(messages.FA, "citizen.erased_word") }

// ScrubCases takes words and files out of cases, and tells how many files there
// were. The caller has locked the cases and judged that they may go.
func ScrubCases(ctx context.Context, tx *tenants.Tx, ids []int64) (files int64, err error) {
	if len(ids) == 0 {
		return 0, nil
	}
	var cases []caseOf
	if err := tx.Select(&cases).Where("c.id IN (?)", tenants.In(ids)).Scan(ctx); err != nil {
		return 0, fault.Wrap(tenants.Err(err), "citizens.ScrubCases")
	}
	for _, c := range cases {
		if _, err := tx.Set(ctx, (*caseOf)(nil),
			"text = ?, place = '{}', answers = '[]', asked = '', pin_hash = '', external_number = '', secretariat_number = '', search_key = ?, "+
				"result = CASE WHEN result = '' THEN '' ELSE ? END, purged_at = ?",
			[]any{Gone(), persian.SearchKey(c.Code), Gone(), tx.Now()}, "id = ?", c.ID); err != nil {
			return 0, fault.Wrap(err, "citizens.ScrubCases")
		}
	}
	for _, b := range blanks {
		if _, err := tx.Set(ctx, b.model, b.set, nil, "complaint_id IN (?)", tenants.In(ids)); err != nil {
			return 0, fault.Wrap(err, "citizens.ScrubCases")
		}
	}
	if err := scrubBeside(ctx, tx, ids); err != nil {
		return 0, err
	}
	if err := scrubDirectives(ctx, tx, "complaint", ids); err != nil {
		return 0, err
	}
	return scrubSubject(ctx, tx, "complaint", ids)
}

// ScrubMeetings is ScrubCases for meetings.
func ScrubMeetings(ctx context.Context, tx *tenants.Tx, ids []int64) (files int64, err error) {
	if len(ids) == 0 {
		return 0, nil
	}
	if _, err := tx.Set(ctx, (*meetingOf)(nil),
		"subject = ?, text = '', answers = '[]', party_name = '', party_id = '', minutes = '', asked_text = '', appeal_text = '', appeal_answer = '', "+
			"reason = CASE WHEN reason = '' THEN '' ELSE ? END, purged_at = ?",
		[]any{Gone(), Gone(), tx.Now()}, "id IN (?)", tenants.In(ids)); err != nil {
		return 0, fault.Wrap(err, "citizens.ScrubMeetings")
	}
	if _, err := tx.Delete(ctx, (*minutesOf)(nil), "meeting_id IN (?)", tenants.In(ids)); err != nil {
		return 0, fault.Wrap(err, "citizens.ScrubMeetings")
	}
	if _, err := tx.Set(ctx, (*cameFrom)(nil), "sender = '', sender_sealed = '', title = '', text = '', note = ''", nil, "meeting_id IN (?)", tenants.In(ids)); err != nil {
		return 0, fault.Wrap(err, "citizens.ScrubMeetings")
	}
	if err := scrubDirectives(ctx, tx, "meeting", ids); err != nil {
		return 0, err
	}
	return scrubSubject(ctx, tx, "meeting", ids)
}

// scrubSubject blanks what every subject has: its story, its messages, its
// links, its files.
func scrubSubject(ctx context.Context, tx *tenants.Tx, kind string, ids []int64) (files int64, err error) {
	const these = "subject_kind = ? AND subject_id IN (?)"
	for _, b := range []struct {
		model any
		set   string
	}{
		{(*eventOf)(nil), "text = '', actor_name = CASE WHEN actor_kind = 'citizen' THEN '' ELSE actor_name END"},
		{(*messageOf)(nil), "text = ''"},
		{(*noticeOf)(nil), "text = ''"},
	} {
		if _, err := tx.Set(ctx, b.model, b.set, nil, these, kind, tenants.In(ids)); err != nil {
			return 0, fault.Wrap(err, "citizens.scrubSubject")
		}
	}
	for _, model := range []any{(*AccessLink)(nil), (*tenants.Session)(nil)} {
		if _, err := tx.Delete(ctx, model, these, kind, tenants.In(ids)); err != nil {
			return 0, fault.Wrap(err, "citizens.scrubSubject")
		}
	}
	return ScrubFiles(ctx, tx, kind, ids)
}

// ScrubFiles removes the files of cases or meetings, and tells how many there
// were; their bytes go with the next sweep of the store.
func ScrubFiles(ctx context.Context, tx *tenants.Tx, kind string, ids []int64) (n int64, err error) {
	if len(ids) == 0 {
		return 0, nil
	}
	model, column := any((*caseOf)(nil)), "files_purged_at = ?"
	if kind == "meeting" {
		model = (*meetingOf)(nil)
	}
	if _, err := tx.Set(ctx, model, column, []any{tx.Now()}, "id IN (?)", tenants.In(ids)); err != nil {
		return 0, fault.Wrap(err, "citizens.ScrubFiles")
	}
	for _, copies := range []string{"original_id IS NOT NULL", "original_id IS NULL"} { // a copy refers to its original
		gone, err := tx.Delete(ctx, (*fileOf)(nil), "subject_kind = ? AND subject_id IN (?) AND "+copies, kind, tenants.In(ids))
		if err != nil {
			return n, fault.Wrap(err, "citizens.ScrubFiles")
		}
		n += gone
	}
	return n, nil
}

// forgetSubjects blanks what was said in a citizen's cases, meetings and messages.
func forgetSubjects(ctx context.Context, tx *tenants.Tx, id int64) error {
	cases, err := idsOf(ctx, tx.Select((*caseOf)(nil)).ColumnExpr("c.id").Where("c.citizen_id = ?", id).Order("c.id"))
	if err != nil {
		return err
	}
	if _, err := ScrubCases(ctx, tx, cases); err != nil {
		return err
	}
	met, err := idsOf(ctx, tx.Select((*meetingOf)(nil)).ColumnExpr("meeting.id").Where("meeting.citizen_id = ?", id).Order("meeting.id"))
	if err != nil {
		return err
	}
	if _, err := ScrubMeetings(ctx, tx, met); err != nil {
		return err
	}
	if _, err := tx.Set(ctx, (*waitOf)(nil), "subject = ?, text = '', answers = '[]', party_name = '', party_id = ''", []any{Gone()}, "citizen_id = ?", id); err != nil {
		return err
	}
	_, err = tx.Set(ctx, (*messageOf)(nil), "text = ''", nil, "citizen_id = ?", id)
	return err
}

func idsOf(ctx context.Context, q *tenants.Query) (ids []int64, err error) {
	return ids, tenants.Err(q.Scan(ctx, &ids))
}
