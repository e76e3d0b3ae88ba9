package citizens

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
	"pasokh/views/messages"
)

// Erasure notes that who a citizen was is forgotten. The list outlives the
// database: a backup that is older forgets again by Replay.
type Erasure struct {
	tenants.BaseModel `bun:"table:erasures,alias:erasure"`
	tenants.Owned
	CitizenID int64 `bun:",pk"`
	Reason    string
	ActorID   int64
	At        time.Time
}

// The rows of other rooms, as far as an erasure reads and blanks them.
type (
	caseOf struct {
		tenants.BaseModel `bun:"table:complaints,alias:c"`
		tenants.Owned
		ID   int64 `bun:",pk"`
		Code string
	}
	meetingOf struct {
		tenants.BaseModel `bun:"table:meetings,alias:meeting"`
		tenants.Owned
		ID int64 `bun:",pk"`
	}
	waitOf struct {
		tenants.BaseModel `bun:"table:meeting_waits,alias:wait"`
		tenants.Owned
		ID int64 `bun:",pk"`
	}
	messageOf struct {
		tenants.BaseModel `bun:"table:messages,alias:message"`
		tenants.Owned
		ID int64 `bun:",pk"`
	}
	cameFrom struct {
		tenants.BaseModel `bun:"table:inbound_messages,alias:came"`
		tenants.Owned
		ID int64 `bun:",pk"`
	}
	rangBy struct {
		tenants.BaseModel `bun:"table:inbound_calls,alias:ring"`
		tenants.Owned
		ID int64 `bun:",pk"`
	}
	holdOf struct {
		tenants.BaseModel `bun:"table:legal_holds,alias:hold"`
		tenants.Owned
		ID int64 `bun:",pk"`
	}
	changeOf struct {
		tenants.BaseModel `bun:"table:mobile_changes,alias:change"`
		tenants.Owned
		ID int64 `bun:",pk"`
	}
	feedOf struct {
		tenants.BaseModel `bun:"table:calendar_feeds,alias:feed"`
		tenants.Owned
		ID string `bun:",pk"`
	}
)

// Erase forgets who a citizen was, with a reason: the person's own key is
// destroyed, so that no copy of their values opens any more, the indexes they
// were found by are blanked, and what other tables say of them; their files go.
// Their cases and meetings stay as a skeleton for the counts. Conflict while one
// is open, or under a legal hold, of theirs or of the whole organization.
func Erase(ctx context.Context, tx *tenants.Tx, id int64, reason string) error {
	if reason = persian.CleanLine(reason); reason == "" {
		return fault.Field("reason", "citizen.erase.reason")
	}
	if err := NotHeld(ctx, tx); err != nil {
		return err
	}
	c := new(Citizen)
	if err := tx.Lock(ctx, c, "citizen.id = ?", id); err != nil {
		return err
	}
	if c.ErasedAt != nil {
		return fault.New(fault.Conflict, "citizen.erased")
	}
	if err := nothingOpen(ctx, tx, id); err != nil {
		return err
	}
	e := &Erasure{CitizenID: id, Reason: reason, ActorID: tx.Actor().ID, At: tx.Now()}
	if _, err := tx.InsertNew(ctx, e); err != nil {
		return fault.Wrap(err, "citizens.Erase")
	}
	if err := forget(ctx, tx, c); err != nil {
		return fault.Wrap(err, "citizens.Erase")
	}
	return audit.Record(ctx, tx, "citizen.erase", "citizen", id, reason)
}

// Erasures lists whom an organization has erased, the first one first.
func Erasures(ctx context.Context, r tenants.Reader) ([]Erasure, error) {
	var list []Erasure
	err := r.Select(&list).Order("erasure.at", "erasure.citizen_id").Scan(ctx)
	return list, fault.Wrap(tenants.Err(err), "citizens.Erasures")
}

// Replay does again to those of a list whom a restored backup brought back what was
// done to them, whatever stands open, and tells how many there were: who was erased
// is forgotten, and the row that was joined to another of the same person gives
// what it has to that one.
func Replay(ctx context.Context, tx *tenants.Tx, list []Erasure) (n int, err error) {
	for i := range list {
		c := new(Citizen)
		err := tx.Lock(ctx, c, "citizen.id = ?", list[i].CitizenID)
		if fault.Is(err, fault.NotFound) || err == nil && c.ErasedAt != nil {
			continue
		}
		if err != nil {
			return n, err
		}
		done, err := list[i].again(ctx, tx, c, list)
		if err != nil {
			return n, fault.Wrap(err, "citizens.Replay")
		}
		if !done {
			continue
		}
		if err := audit.Record(ctx, tx, "citizen.erase", "citizen", c.ID, "replay"); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

func nothingOpen(ctx context.Context, r tenants.Reader, id int64) error {
	for _, q := range []*tenants.Query{
		r.Select((*caseOf)(nil)).Where("c.citizen_id = ? AND c.state <> 'closed'", id),
		r.Select((*meetingOf)(nil)).Where("meeting.citizen_id = ? AND meeting.state IN ('requested','approved','checked_in','called','follow_up')", id),
		r.Select((*waitOf)(nil)).Where("wait.citizen_id = ? AND wait.state IN ('entered','waiting','offered')", id),
	} {
		open, err := q.Exists(ctx)
		if err != nil {
			return fault.Wrap(tenants.Err(err), "citizens.Erase")
		}
		if open {
			return fault.New(fault.Conflict, "citizen.erase.open")
		}
	}
	held, err := Held(ctx, r, id)
	if err == nil && held {
		err = fault.New(fault.Conflict, "citizen.erase.held")
	}
	return err
}

// NotHeld refuses with Conflict while a legal hold lies on the whole organization;
// it lays none until the transaction ends.
func NotHeld(ctx context.Context, tx *tenants.Tx) error {
	own, err := tx.Own(ctx)
	if err == nil && own.HeldAt != nil {
		err = fault.New(fault.Conflict, "citizen.erase.held_whole")
	}
	return fault.Wrap(err, "citizens.NotHeld")
}

// Held tells whether a legal hold lies on a citizen or on a case of theirs.
func Held(ctx context.Context, r tenants.Reader, id int64) (bool, error) {
	n, err := r.Select((*holdOf)(nil)).Where("hold.lifted_at IS NULL").
		Where("(hold.subject_kind = 'citizen' AND hold.subject_id = ?) OR (hold.subject_kind = 'complaint' AND hold.subject_id IN (?))",
			id, r.Select((*caseOf)(nil)).Column("id").Where("c.citizen_id = ?", id)).Count(ctx)
	return n > 0, fault.Wrap(tenants.Err(err), "citizens.Held")
}

// forget blanks a citizen and what other tables hold of them.
func forget(ctx context.Context, tx *tenants.Tx, c *Citizen) error {
	shared, err := tx.Select((*Citizen)(nil)).Where("citizen.mobile = ? AND citizen.id <> ?", tx.Blind("mobile", c.Mobile), c.ID).Exists(ctx)
	if err != nil {
		return tenants.Err(err)
	}
	if !shared { // a number that serves a whole family stays theirs
		if err := forgetNumber(ctx, tx, c.Mobile); err != nil {
			return err
		}
	}
	if err := forgetDrafts(ctx, tx, c); err != nil {
		return err
	}
	if c.Email != "" {
		if err := forgetSender(ctx, tx, c.Email); err != nil {
			return err
		}
	}
	if err := forgetSubjects(ctx, tx, c.ID); err != nil {
		return err
	}
	if err := empty(ctx, tx, c); err != nil {
		return err
	}
	return forgetDirectives(ctx, tx, c.ID)
}

// empty destroys a person's key, and with it whatever opens by it.
func empty(ctx context.Context, tx *tenants.Tx, c *Citizen) error {
	_, err := tx.Set(ctx, (*Citizen)(nil),
		"subject_key = '', mobile = ?, national_id = '', email = '', name = ?, mobile_sealed = '', national_id_sealed = '', email_sealed = '', phone = '', phone_sealed = '', verified_at = NULL, erased_at = ?",
		[]any{fmt.Sprintf("erased:%d", c.ID), messages.In(messages.FA, "citizen.erased_name"), tx.Now()}, "id = ?", c.ID)
	return err
}

// forgetNumber removes what hangs on a mobile number.
func forgetNumber(ctx context.Context, tx *tenants.Tx, mobile string) error {
	blind := tx.Blind("mobile", mobile)
	for _, model := range []any{(*Code)(nil), (*tenants.Session)(nil), (*feedOf)(nil)} {
		if _, err := tx.Delete(ctx, model, "mobile = ?", blind); err != nil {
			return err
		}
	}
	if err := forgetSender(ctx, tx, mobile); err != nil {
		return err
	}
	for _, column := range []string{"old_mobile", "new_mobile"} {
		if _, err := tx.Set(ctx, (*changeOf)(nil), column+" = '', "+column+"_sealed = ''", nil, column+" = ?", blind); err != nil {
			return err
		}
	}
	_, err := tx.Set(ctx, (*rangBy)(nil), "caller = '', caller_sealed = ''", nil, "caller = ?", tx.Blind("caller", mobile))
	return err
}

// forgetSender blanks what came in from a number or an address.
func forgetSender(ctx context.Context, tx *tenants.Tx, sender string) error {
	_, err := tx.Set(ctx, (*cameFrom)(nil), "sender = '', sender_sealed = '', title = '', text = '', note = ''", nil,
		"sender = ?", tx.Blind("sender", sender))
	return err
}

// forgetDrafts removes the unfinished forms that speak of a citizen.
func forgetDrafts(ctx context.Context, tx *tenants.Tx, c *Citizen) error {
	var list []Draft
	if err := tx.Select(&list).Scan(ctx); err != nil {
		return tenants.Err(err)
	}
	for i := range list {
		if !speaksOf(list[i].Content, c) {
			continue
		}
		if _, err := tx.Delete(ctx, (*Draft)(nil), "id = ?", list[i].ID); err != nil {
			return err
		}
	}
	return nil
}

func speaksOf(content json.RawMessage, c *Citizen) bool {
	text := persian.ToASCII(string(content))
	local := strings.TrimPrefix(c.Mobile, "+98")
	return local != "" && strings.Contains(text, local) || c.NationalID != "" && strings.Contains(text, c.NationalID)
}
