package meetings

import (
	"context"
	"strings"
	"time"

	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// selfArrivalBefore is how long before a session visitors may check themselves in.
const selfArrivalBefore = 90 * time.Minute

// arrivalDigits is how many last digits of the mobile number a visitor types.
const arrivalDigits = 4

// OpenForArrival tells whether visitors may check themselves in to a session now.
func (s *Session) OpenForArrival(now time.Time) bool {
	return s.State == SessionOpen && !now.Before(s.StartsAt.Add(-selfArrivalBefore)) && now.Before(s.EndsAt)
}

// ArriveBySelf checks a visitor in who stands at the place of a session and
// types the code and the last digits of the mobile number; once more, it gives
// the number again. NotFound when code, digits and session do not belong
// together, whichever is wrong. Conflict: arrival.conflict.closed,
// meeting.conflict.state.
func ArriveBySelf(ctx context.Context, tx *tenants.Tx, sessionID int64, code, digits string) (*Listed, error) {
	s, err := SessionByID(ctx, tx, sessionID)
	if err != nil {
		return nil, err
	}
	if !s.OpenForArrival(tx.Now()) {
		return nil, fault.New(fault.Conflict, "arrival.conflict.closed")
	}
	lost := fault.New(fault.NotFound, "arrival.error.unknown")
	canonical, ok := persian.ParseCode(code)
	digits = persian.ToASCII(persian.CleanLine(digits))
	if !ok || len(digits) != arrivalDigits || strings.Trim(digits, "0123456789") != "" {
		return nil, lost
	}
	m, err := ByCode(ctx, tx, canonical)
	if fault.Is(err, fault.NotFound) || err == nil && m.SessionID != s.ID {
		return nil, lost
	}
	if err != nil {
		return nil, err
	}
	owner, err := citizens.ByID(ctx, tx, m.CitizenID)
	if err != nil {
		return nil, err
	}
	if !strings.HasSuffix(owner.Mobile, digits) {
		return nil, lost
	}
	if m.State == CheckedIn || m.State == Called {
		return m, nil
	}
	if err := CheckIn(ctx, tx, m.ID); err != nil {
		return nil, err
	}
	return ByID(ctx, tx, m.ID)
}
