package privacy

import (
	"context"
	"slices"

	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/tenants"
)

// taken is what one batch took away.
type taken struct{ rows, files, people int64 }

// lockCases locks those of the cases that may still go: closed, and nothing holds
// them. Whoever places a hold locks the case or the person first, so that what is
// read here stays.
func lockCases(ctx context.Context, tx *tenants.Tx, ids []int64) ([]keptCase, error) {
	var list []keptCase
	if err := tx.LockAll(ctx, &list, "c.id IN (?) AND c.state = 'closed'", tenants.In(ids)); err != nil {
		return nil, fault.Wrap(err, "privacy.lockCases")
	}
	var people []int64
	for _, c := range list {
		if c.CitizenID != nil {
			people = append(people, *c.CitizenID)
		}
	}
	held, err := unheld(ctx, tx, people, ids)
	return slices.DeleteFunc(list, func(c keptCase) bool {
		return held.holds(HoldsCase, c.ID) || c.CitizenID != nil && held.holds(HoldsPerson, *c.CitizenID)
	}), err
}

func lockMeetings(ctx context.Context, tx *tenants.Tx, ids []int64) ([]keptMeeting, error) {
	var list []keptMeeting
	if err := tx.LockAll(ctx, &list, "meeting.id IN (?) AND meeting.state IN (?)", tenants.In(ids), tenants.In(over)); err != nil {
		return nil, fault.Wrap(err, "privacy.lockMeetings")
	}
	var people, cases []int64
	for _, m := range list {
		if people = append(people, m.CitizenID); m.ComplaintID != nil {
			cases = append(cases, *m.ComplaintID)
		}
	}
	held, err := unheld(ctx, tx, people, cases)
	return slices.DeleteFunc(list, func(m keptMeeting) bool {
		return held.holds(HoldsPerson, m.CitizenID) || m.ComplaintID != nil && held.holds(HoldsCase, *m.ComplaintID)
	}), err
}

// heldSet are the holds that lie on some of the things asked about.
type heldSet []LegalHold

func (s heldSet) holds(kind string, id int64) bool {
	return slices.ContainsFunc(s, func(h LegalHold) bool { return h.SubjectKind == kind && h.SubjectID == id })
}

// unheld locks the people, then reads the holds on them and on the cases.
func unheld(ctx context.Context, tx *tenants.Tx, people, cases []int64) (heldSet, error) {
	slices.Sort(people)
	people = append(slices.Compact(people), 0)
	cases = append(slices.Clone(cases), 0)
	var locked []citizens.Citizen
	if err := tx.LockAll(ctx, &locked, "citizen.id IN (?)", tenants.In(people)); err != nil {
		return nil, fault.Wrap(err, "privacy.unheld")
	}
	var list heldSet
	err := tx.Select(&list).Where("hold.lifted_at IS NULL").
		Where("(hold.subject_kind = 'complaint' AND hold.subject_id IN (?)) OR (hold.subject_kind = 'citizen' AND hold.subject_id IN (?))", tenants.In(cases), tenants.In(people)).Scan(ctx)
	return list, fault.Wrap(tenants.Err(err), "privacy.unheld")
}

func takeCases(ctx context.Context, tx *tenants.Tx, ids []int64) (t taken, err error) {
	list, err := lockCases(ctx, tx, ids)
	if err != nil {
		return t, err
	}
	var mine, people []int64
	for _, c := range list {
		if mine = append(mine, c.ID); c.CitizenID != nil {
			people = append(people, *c.CitizenID)
		}
	}
	if t.files, err = citizens.ScrubCases(ctx, tx, mine); err != nil {
		return t, err
	}
	t.rows = int64(len(mine))
	t.people, err = forget(ctx, tx, people)
	return t, err
}

func takeMeetings(ctx context.Context, tx *tenants.Tx, ids []int64) (t taken, err error) {
	list, err := lockMeetings(ctx, tx, ids)
	if err != nil {
		return t, err
	}
	var mine, people []int64
	for _, m := range list {
		mine, people = append(mine, m.ID), append(people, m.CitizenID)
	}
	if t.files, err = citizens.ScrubMeetings(ctx, tx, mine); err != nil {
		return t, err
	}
	t.rows = int64(len(mine))
	t.people, err = forget(ctx, tx, people)
	return t, err
}

// forget erases those of the people of whom nothing is left but skeletons: their
// key is destroyed.
func forget(ctx context.Context, tx *tenants.Tx, people []int64) (n int64, err error) {
	slices.Sort(people)
	for _, id := range slices.Compact(people) {
		left, err := somethingLeft(ctx, tx, id)
		if err != nil || left {
			if err != nil {
				return n, err
			}
			continue
		}
		err = citizens.Erase(ctx, tx, id, "retention")
		if fault.Is(err, fault.Conflict) { // waits in a line, or was erased before
			continue
		}
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

func somethingLeft(ctx context.Context, tx *tenants.Tx, citizen int64) (bool, error) {
	for _, q := range []*tenants.Query{
		tx.Select((*keptCase)(nil)).Where("c.citizen_id = ? AND c.purged_at IS NULL", citizen),
		tx.Select((*keptMeeting)(nil)).Where("meeting.citizen_id = ? AND meeting.purged_at IS NULL", citizen),
		tx.Select((*keptWait)(nil)).Where("wait.citizen_id = ? AND wait.subject <> ?", citizen, citizens.Gone()),
	} {
		left, err := q.Exists(ctx)
		if err != nil || left {
			return left, fault.Wrap(tenants.Err(err), "privacy.somethingLeft")
		}
	}
	return false, nil
}

func takeCaseFiles(ctx context.Context, tx *tenants.Tx, ids []int64) (t taken, err error) {
	list, err := lockCases(ctx, tx, ids)
	if err != nil {
		return t, err
	}
	mine := make([]int64, len(list))
	for i := range list {
		mine[i] = list[i].ID
	}
	t.rows = int64(len(mine))
	t.files, err = citizens.ScrubFiles(ctx, tx, "complaint", mine)
	return t, err
}

func takeMeetingFiles(ctx context.Context, tx *tenants.Tx, ids []int64) (t taken, err error) {
	list, err := lockMeetings(ctx, tx, ids)
	if err != nil {
		return t, err
	}
	mine := make([]int64, len(list))
	for i := range list {
		mine[i] = list[i].ID
	}
	t.rows = int64(len(mine))
	t.files, err = citizens.ScrubFiles(ctx, tx, "meeting", mine)
	return t, err
}

func takeMessages(ctx context.Context, tx *tenants.Tx, ids []int64) (t taken, err error) {
	var list []keptMessage
	if err := tx.LockAll(ctx, &list, "message.id IN (?)", tenants.In(ids)); err != nil {
		return t, fault.Wrap(err, "privacy.takeMessages")
	}
	var people, cases []int64
	for _, m := range list {
		if m.CitizenID != nil {
			people = append(people, *m.CitizenID)
		}
		if m.SubjectKind == HoldsCase {
			cases = append(cases, m.SubjectID)
		}
	}
	if err := lockHoldable(ctx, tx, people, cases); err != nil {
		return t, err
	}
	if ids, err = lockFree(ctx, tx, (*keptMessage)(nil), "message", heldBy(messageHeld), ids); err != nil || len(ids) == 0 {
		return t, err
	}
	t.rows, err = tx.Set(ctx, (*keptMessage)(nil), "text = ''", nil, "id IN (?)", tenants.In(ids))
	return t, fault.Wrap(err, "privacy.takeMessages")
}

// takeInbound blanks what came in, and removes what came with it and never went
// to a case.
func takeInbound(ctx context.Context, tx *tenants.Tx, ids []int64) (t taken, err error) {
	var list []keptInbound
	if err := tx.LockAll(ctx, &list, "came.id IN (?)", tenants.In(ids)); err != nil {
		return t, fault.Wrap(err, "privacy.takeInbound")
	}
	var cases []int64
	for _, m := range list {
		if m.ComplaintID != nil {
			cases = append(cases, *m.ComplaintID)
		}
	}
	if err := lockHoldable(ctx, tx, nil, cases); err != nil {
		return t, err
	}
	if ids, err = lockFree(ctx, tx, (*keptInbound)(nil), "came", inboundHeld, ids); err != nil || len(ids) == 0 {
		return t, err
	}
	t.rows, err = tx.Set(ctx, (*keptInbound)(nil), "sender = '', sender_sealed = '', title = '', text = '', note = '', purged_at = ?", []any{tx.Now()}, "id IN (?)", tenants.In(ids))
	if err != nil {
		return t, fault.Wrap(err, "privacy.takeInbound")
	}
	for _, copies := range []string{"original_id IS NOT NULL", "original_id IS NULL"} {
		n, err := tx.Delete(ctx, (*keptFile)(nil), "subject_kind = 'draft' AND held AND subject_id IN (?) AND "+copies, tenants.In(ids))
		if err != nil {
			return t, fault.Wrap(err, "privacy.takeInbound")
		}
		t.files += n
	}
	return t, nil
}

func takeCalls(ctx context.Context, tx *tenants.Tx, ids []int64) (t taken, err error) {
	var list []keptCall
	if err := tx.LockAll(ctx, &list, "ring.id IN (?)", tenants.In(ids)); err != nil {
		return t, fault.Wrap(err, "privacy.takeCalls")
	}
	if ids, err = lockFree(ctx, tx, (*keptCall)(nil), "ring", callHeld, ids); err != nil || len(ids) == 0 {
		return t, err
	}
	t.rows, err = tx.Set(ctx, (*keptCall)(nil), "caller = '', caller_sealed = ''", nil, "id IN (?)", tenants.In(ids))
	return t, fault.Wrap(err, "privacy.takeCalls")
}
