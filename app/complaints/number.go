package complaints

import (
	"context"
	"strings"

	"pasokh/app/audit"
	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// Correct gives the citizen of a case in the feedback stage the right mobile
// number, with a line in the audit, and has them called again at once. The
// event is internal and keeps no number.
func Correct(ctx context.Context, tx *tenants.Tx, id ID, mobile string) (*timeline.Event, error) {
	c, err := lock(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if err := c.must(Feedback); err != nil {
		return nil, err
	}
	if err := independent(ctx, tx, c); err != nil {
		return nil, err
	}
	return correct(ctx, tx, c, mobile)
}

// CorrectContact gives the citizen of an open case the right mobile number after
// messages did not arrive. In the feedback stage it is Correct.
func CorrectContact(ctx context.Context, tx *tenants.Tx, id ID, mobile string) (*timeline.Event, error) {
	c, err := lockSeen(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if !c.Open() {
		return nil, fault.New(fault.Conflict, "complaint.conflict.state")
	}
	if c.State == Feedback {
		if err := independent(ctx, tx, c); err != nil {
			return nil, err
		}
	}
	return correct(ctx, tx, c, mobile)
}

func correct(ctx context.Context, tx *tenants.Tx, c *Complaint, mobile string) (*timeline.Event, error) {
	if c.Anonymous() {
		return nil, fault.New(fault.Conflict, "complaint.conflict.nameless")
	}
	old, now, err := citizens.CorrectMobile(ctx, tx, *c.CitizenID, mobile)
	if err != nil {
		return nil, err
	}
	if err := citizens.EndLinks(ctx, tx, "complaint", c.ID); err != nil {
		return nil, err // they went to somebody else
	}
	if c.CitizenID = &now.ID; c.State == Feedback {
		at := tx.Now()
		c.CallAt, c.HolderID = &at, nil
	}
	c.SearchKey = strings.ReplaceAll(c.SearchKey, national(tx, old), national(tx, now.Mobile))
	e, err := record(ctx, tx, c, c.event("number_corrected", "", false), false)
	if err != nil {
		return nil, err
	}
	if err := audit.Record(ctx, tx, "complaint.number_corrected", "citizen", now.ID, ""); err != nil {
		return nil, err
	}
	_, err = tx.Set(ctx, (*Complaint)(nil), "search_key = replace(search_key, ?, ?)",
		[]any{national(tx, old), national(tx, now.Mobile)}, "citizen_id = ?", now.ID)
	return e, err
}

// national is a number as the search key holds it.
func national(r tenants.Reader, mobile string) string {
	return r.BlindWords(strings.TrimPrefix(mobile, "+98"))
}

// CallAgain puts a case that waits for the supervisor's word back among the
// calls, after one more look at it; a mobile number that is given takes the
// place of the wrong one.
func CallAgain(ctx context.Context, tx *tenants.Tx, id ID, mobile string) (*timeline.Event, error) {
	if strings.TrimSpace(mobile) != "" {
		return Correct(ctx, tx, id, mobile)
	}
	c, err := lock(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	if err := c.must(Feedback); err != nil {
		return nil, err
	}
	if c.Anonymous() {
		return nil, fault.New(fault.Conflict, "complaint.conflict.nameless")
	}
	if err := independent(ctx, tx, c); err != nil {
		return nil, err
	}
	at := tx.Now()
	c.CallAt, c.HolderID = &at, nil
	return record(ctx, tx, c, c.event("call_again", "", false), false)
}
