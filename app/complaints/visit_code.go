package complaints

import (
	"context"
	"strconv"
	"strings"

	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// visitPurpose begins the purpose of a code that confirms a visit; the case
// stands behind it, so that a code for one case confirms no other.
const visitPurpose = "visit:"

// IsVisitPurpose tells whether a one-time code is one that confirms a visit.
func IsVisitPurpose(purpose string) bool { return strings.HasPrefix(purpose, visitPurpose) }

// AskForConfirmation has a code sent to the citizen, who gives it to the agent
// at the door when the matter is resolved. holder is the agent's browser; the
// code opens nowhere else. TooMany as citizens.RequestCode says.
func AskForConfirmation(ctx context.Context, tx *tenants.Tx, id ID, holder string) error {
	_, code, err := confirmable(ctx, tx, id, holder)
	if err != nil {
		return err
	}
	_, err = citizens.RequestCode(ctx, tx, code)
	return err
}

// confirmable loads a case whose visit waits for the citizen, and what its code
// is bound to.
func confirmable(ctx context.Context, tx *tenants.Tx, id ID, holder string) (*Complaint, citizens.CodeFor, error) {
	none := citizens.CodeFor{}
	c, err := lock(ctx, tx, id)
	if err != nil {
		return nil, none, err
	}
	if err := c.must(AwaitingConfirmation); err != nil {
		return nil, none, err
	}
	if err := independent(ctx, tx, c); err != nil {
		return nil, none, err
	}
	if c.Anonymous() {
		return nil, none, fault.New(fault.Conflict, "complaint.conflict.nameless")
	}
	citizen, err := citizens.ByID(ctx, tx, *c.CitizenID)
	if err != nil {
		return nil, none, err
	}
	return c, citizens.CodeFor{Purpose: visitPurpose + strconv.FormatInt(c.ID, 10), Mobile: citizen.Mobile, Holder: holder}, nil
}

// ConfirmByCode closes the case when the digits are the citizen's code. A wrong
// guess is no error, so that it is counted: commit, and then tell the person.
func ConfirmByCode(ctx context.Context, tx *tenants.Tx, id ID, holder, typed string) (*timeline.Event, bool, error) {
	c, code, err := confirmable(ctx, tx, id, holder)
	if err != nil {
		return nil, false, err
	}
	right, err := citizens.VerifyCode(ctx, tx, code, typed)
	if err != nil || !right {
		return nil, false, err
	}
	visit, err := lastVisit(ctx, tx, c)
	if err != nil {
		return nil, false, err
	}
	if _, err := record(ctx, tx, c, c.event("confirmed_by_code", "", true), false); err != nil {
		return nil, false, err
	}
	e, err := finish(ctx, tx, c, VerifiedInField, visit.Finding)
	return e, err == nil, err
}
