package citizens

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// A person's mobile number is what they are known and told by, so that moving to
// another one is guarded from both sides: whoever holds both numbers proves both
// and moves at once; whoever lost the old one is judged by the office. Both
// numbers hear of it.

// ChangeState is how far a change of number is.
type ChangeState string

// The states.
const (
	ChangeOpen    ChangeState = "open" // waits for the office
	ChangeDone    ChangeState = "done"
	ChangeRefused ChangeState = "refused"
)

// The facts of a change; their payload is ChangeFact.
const (
	KindChangeAsked   = "citizen.mobile_asked"
	KindChanged       = "citizen.mobile_changed"
	KindChangeRefused = "citizen.mobile_refused"
)

// ChangeFact is the payload.
type ChangeFact struct {
	ChangeID int64 `json:"change_id"`
}

const (
	// ChangeDays is how long the office has to judge a change.
	ChangeDays = 5
	// reasonLetters is the shortest reason of an office.
	reasonLetters = 10
	// wordLimit is the longest one.
	wordLimit = 1000
)

// MobileChange is one change of a number.
type MobileChange struct {
	tenants.BaseModel `bun:"table:mobile_changes,alias:change"`
	tenants.Owned
	ID        int64 `bun:",pk"`
	State     ChangeState
	ByOffice  bool
	CitizenID *int64 // of a change that the office judges; nil: nobody is known so
	OldMobile string `sealed:"mobile_changes.old_mobile,blind=mobile"`
	NewMobile string `sealed:"mobile_changes.new_mobile,blind=mobile"`
	People    int    // how many moved
	WonOn     string // the day on which the number was won
	Reason    string // of the office
	AskedAt   time.Time
	DueAt     time.Time
	DecidedAt *time.Time
	DecidedBy *int64
	// What the blind indexes of the columns stand for.
	OldMobileSealed string
	NewMobileSealed string
}

// Moving says who moves where. Both numbers were proven by codes in this very
// act; People are those under the old number who move, all when empty.
type Moving struct {
	Old, New string // E.164
	People   []int64
}

// NewNumber reads a number to move to. Field error: mobile.
func NewNumber(old, typed string) (string, error) {
	mobile, ok := persian.Mobile(typed)
	if !ok {
		return "", fault.Field("mobile", "citizen.mobile.wrong")
	}
	if mobile == old {
		return "", fault.Field("mobile", "citizen.mobile.same")
	}
	return mobile, nil
}

// ChangeMobile moves people to another number. Who is known there already under
// the same national ID is the same person: what is theirs goes to that row. Of
// two that want one number on a day only the first gets it: Conflict
// "mobile_change.taken".
func ChangeMobile(ctx context.Context, tx *tenants.Tx, in Moving) (*MobileChange, error) {
	var all []Citizen
	if err := tx.LockAll(ctx, &all, "citizen.mobile = ?", tx.Blind("mobile", in.Old)); err != nil {
		return nil, fault.Wrap(err, "citizens.ChangeMobile")
	}
	people := all
	if len(in.People) > 0 {
		people = slices.DeleteFunc(slices.Clone(all), func(c Citizen) bool { return !slices.Contains(in.People, c.ID) })
	}
	if len(people) == 0 {
		return nil, fault.Field("people", "mobile_change.nobody")
	}
	c := &MobileChange{ID: tenants.NewID(), OldMobile: in.Old, NewMobile: in.New, AskedAt: tx.Now(), DueAt: tx.Now()}
	return c, win(ctx, tx, c, people, true)
}

// win claims the number and moves people to it. fresh says that the change
// stands in no row yet.
func win(ctx context.Context, tx *tenants.Tx, c *MobileChange, people []Citizen, fresh bool) error {
	now := tx.Now()
	c.State, c.People, c.WonOn, c.DecidedAt = ChangeDone, len(people), now.In(persian.Tehran).Format(time.DateOnly), &now
	taken, err := tx.Select((*MobileChange)(nil)).
		Where("change.new_mobile = ? AND change.won_on = ? AND change.state = 'done' AND change.id <> ?", tx.Blind("mobile", c.NewMobile), c.WonOn, c.ID).Exists(ctx)
	if err != nil {
		return tenants.Err(err)
	}
	if taken {
		return errTaken()
	}
	if fresh {
		if isNew, err := tx.InsertNew(ctx, c); err != nil || !isNew {
			return claimed(err)
		}
	} else if err := tx.Update(ctx, c, "state", "people", "won_on", "decided_at", "decided_by", "reason"); err != nil {
		return claimed(err)
	}
	for i := range people {
		if err := moveTo(ctx, tx, &people[i], c.NewMobile); err != nil {
			return fault.Wrap(err, "citizens.ChangeMobile")
		}
		if err := audit.Record(ctx, tx, "citizen.mobile_changed", "citizen", people[i].ID, "change "+strconv.FormatInt(c.ID, 10)); err != nil {
			return err
		}
	}
	if err := leaveNumber(ctx, tx, c.OldMobile); err != nil {
		return fault.Wrap(err, "citizens.ChangeMobile")
	}
	return tx.Enqueue(ctx, KindChanged, ChangeFact{ChangeID: c.ID})
}

func errTaken() error { return fault.New(fault.Conflict, "mobile_change.taken") }

// claimed turns a number that was won by somebody else in this very moment into
// words.
func claimed(err error) error {
	if err == nil || fault.Is(err, fault.Conflict) {
		return errTaken()
	}
	return fault.Wrap(err, "citizens.ChangeMobile")
}

// moveTo gives a person the number, or what is theirs to the same person there.
func moveTo(ctx context.Context, tx *tenants.Tx, c *Citizen, mobile string) error {
	there := new(Citizen)
	err := tx.Lock(ctx, there, "citizen.mobile = ? AND citizen.national_id = ?", tx.Blind("mobile", mobile), tx.Blind("national_id", c.NationalID))
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if fault.Is(err, fault.NotFound) {
		if err := rekey(ctx, tx, c, mobile); err != nil {
			return err
		}
		now := tx.Now()
		c.Mobile, c.VerifiedAt = mobile, &now
		if err := tx.Update(ctx, c, "mobile", "verified_at"); err != nil {
			return err
		}
		return endLinksOf(ctx, tx, c.ID)
	}
	return join(ctx, tx, c, there)
}

// rekey has a person's cases found by the new number, and no more by the old one.
func rekey(ctx context.Context, tx *tenants.Tx, c *Citizen, mobile string) error {
	word := func(number string) string { return tx.BlindWords(strings.TrimPrefix(number, "+98")) }
	_, err := tx.Set(ctx, (*caseOf)(nil), "search_key = replace(search_key, ?, ?)", []any{word(c.Mobile), word(mobile)}, "citizen_id = ?", c.ID)
	return err
}

// endLinksOf ends the links in messages that went to the old number.
func endLinksOf(ctx context.Context, tx *tenants.Tx, id int64) error {
	for kind, model := range map[string]any{"complaint": (*caseOf)(nil), "meeting": (*meetingOf)(nil)} {
		mine := tx.Select(model).Column("id").Where("citizen_id = ?", id)
		for _, opened := range []any{(*AccessLink)(nil), (*tenants.Session)(nil)} {
			if _, err := tx.Delete(ctx, opened, "subject_kind = ? AND subject_id IN (?)", kind, mine); err != nil {
				return err
			}
		}
	}
	return nil
}

// directiveOf is a directive, as far as it names a citizen.
type directiveOf struct {
	tenants.BaseModel `bun:"table:directives,alias:directive"`
	tenants.Owned
	ID int64 `bun:",pk"`
}

// handOver makes another row the person's: cases, meetings, messages go there,
// and the row that is left is emptied.
func handOver(ctx context.Context, tx *tenants.Tx, from, to *Citizen) error {
	for _, model := range []any{(*caseOf)(nil), (*meetingOf)(nil), (*waitOf)(nil), (*messageOf)(nil), (*directiveOf)(nil)} {
		if _, err := tx.Set(ctx, model, "citizen_id = ?", []any{to.ID}, "citizen_id = ?", from.ID); err != nil {
			return err
		}
	}
	if err := moveWish(ctx, tx, from.ID, to.ID); err != nil {
		return err
	}
	held, err := tx.Select((*holdOf)(nil)).Where("hold.subject_kind = 'citizen' AND hold.subject_id = ? AND hold.lifted_at IS NULL", to.ID).Exists(ctx)
	if err != nil {
		return tenants.Err(err)
	}
	if !held {
		if _, err := tx.Set(ctx, (*holdOf)(nil), "subject_id = ?", []any{to.ID}, "subject_kind = 'citizen' AND subject_id = ? AND lifted_at IS NULL", from.ID); err != nil {
			return err
		}
	}
	e := &Erasure{CitizenID: from.ID, Reason: JoinedReason(to.ID), ActorID: tx.Actor().ID, At: tx.Now()}
	if _, err := tx.InsertNew(ctx, e); err != nil {
		return err
	}
	return empty(ctx, tx, from)
}

// leaveNumber ends what hangs on a number that people left: sessions, codes, and
// the secret addresses of calendars.
func leaveNumber(ctx context.Context, tx *tenants.Tx, mobile string) error {
	for _, model := range []any{(*Code)(nil), (*tenants.Session)(nil), (*feedOf)(nil)} {
		if _, err := tx.Delete(ctx, model, "mobile = ?", tx.Blind("mobile", mobile)); err != nil {
			return err
		}
	}
	return nil
}
