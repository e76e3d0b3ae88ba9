package citizens

import (
	"context"
	"strconv"
	"strings"

	"pasokh/app/fault"
	"pasokh/tenants"
)

// joinedWord begins the reason of an Erasure that forgot nobody: the row was one of
// two of the same person, and what it had stands at the other.
const joinedWord = "joined "

// JoinedReason is the reason of such an Erasure.
func JoinedReason(to int64) string { return joinedWord + strconv.FormatInt(to, 10) }

// Joined is the row that has what the person had; 0 when the person was erased.
func (e *Erasure) Joined() int64 {
	rest, ok := strings.CutPrefix(e.Reason, joinedWord)
	if !ok {
		return 0
	}
	to, err := strconv.ParseInt(rest, 10, 64)
	if err != nil {
		return 0
	}
	return to
}

// again does to one row of a restored backup what was done to it before; done is
// false when it must stay, because what it was joined to is younger than the
// backup.
func (e *Erasure) again(ctx context.Context, tx *tenants.Tx, c *Citizen, list []Erasure) (done bool, err error) {
	to, gone, err := heir(ctx, tx, e, list)
	if err != nil {
		return false, err
	}
	if to != nil {
		return true, join(ctx, tx, c, to)
	}
	if !gone {
		return false, nil
	}
	if _, err := tx.InsertNew(ctx, e); err != nil {
		return false, err
	}
	return true, forget(ctx, tx, c)
}

// heir finds who has what a row had, through as many joins as there were; gone
// says that this person was erased since.
func heir(ctx context.Context, tx *tenants.Tx, e *Erasure, list []Erasure) (to *Citizen, gone bool, err error) {
	id := e.Joined()
	for range list {
		if id == 0 {
			return nil, true, nil
		}
		c := new(Citizen)
		err := tx.Lock(ctx, c, "citizen.id = ?", id)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return nil, false, err
		}
		if err == nil && c.ErasedAt == nil {
			return c, false, nil
		}
		next, known := int64(0), err == nil
		for i := range list {
			if list[i].CitizenID == id {
				next, known = list[i].Joined(), true
			}
		}
		if !known {
			return nil, false, nil
		}
		id = next
	}
	return nil, id == 0, nil
}

// join gives what a row has to another of the same person.
func join(ctx context.Context, tx *tenants.Tx, from, to *Citizen) error {
	if err := rekey(ctx, tx, from, to.Mobile); err != nil {
		return err
	}
	if err := endLinksOf(ctx, tx, from.ID); err != nil {
		return err
	}
	return handOver(ctx, tx, from, to)
}

// wishOf is a wish to be forgotten, as far as a join moves it.
type wishOf struct {
	tenants.BaseModel `bun:"table:erasure_requests,alias:request"`
	tenants.Owned
	ID int64 `bun:",pk"`
}

// moveWish has the open wish of a row stand at the other one of the same person;
// of two wishes of one person one stays.
func moveWish(ctx context.Context, tx *tenants.Tx, from, to int64) error {
	const open = "citizen_id = ? AND state = 'open'"
	asked, err := tx.Select((*wishOf)(nil)).Where("request."+open, to).Exists(ctx)
	if err != nil {
		return tenants.Err(err)
	}
	if asked {
		_, err = tx.Set(ctx, (*wishOf)(nil), "state = 'withdrawn', decided_at = ?", []any{tx.Now()}, open, from)
	} else {
		_, err = tx.Set(ctx, (*wishOf)(nil), "citizen_id = ?", []any{to}, open, from)
	}
	return err
}
