package notify

import (
	"context"
	"slices"
	"strconv"
	"time"

	"pasokh/app/audit"
	"pasokh/app/carriers"
	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/tenants"
)

// MoveGateway changes the place of a gateway with its neighbour of the channel.
func MoveGateway(ctx context.Context, tx *tenants.Tx, id int64, up bool) error {
	g := new(Gateway)
	if err := tx.Lock(ctx, g, "gateway.id = ?", id); err != nil {
		return err
	}
	list, err := Gateways(ctx, tx)
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(o Gateway) bool { return o.Channel != g.Channel })
	at := slices.IndexFunc(list, func(o Gateway) bool { return o.ID == id })
	to := at + 1
	if up {
		to = at - 1
	}
	if to < 0 || to >= len(list) {
		return nil
	}
	list[at], list[to] = list[to], list[at]
	for i := range list {
		if list[i].Position == i+1 {
			continue
		}
		list[i].Position = i + 1
		if err := tx.Update(ctx, &list[i], "position"); err != nil {
			return err
		}
	}
	if err := audit.Record(ctx, tx, "gateway.moved", "gateway", id, strconv.Itoa(to+1)); err != nil {
		return err
	}
	return staff.TellSecurity(ctx, tx, false)
}

// EnableGateway turns a gateway on or off.
func EnableGateway(ctx context.Context, tx *tenants.Tx, id int64, on bool) error {
	g := new(Gateway)
	if err := tx.Lock(ctx, g, "gateway.id = ?", id); err != nil {
		return err
	}
	if g.Enabled == on {
		return nil
	}
	g.Enabled, g.UpdatedAt = on, tx.Now()
	if err := tx.Update(ctx, g, "enabled", "updated_at"); err != nil {
		return err
	}
	act := "gateway.disabled"
	if on {
		act = "gateway.enabled"
	}
	if err := audit.Record(ctx, tx, act, "gateway", id, g.Provider); err != nil {
		return err
	}
	return staff.TellSecurity(ctx, tx, false)
}

// Try sends a text through one gateway, enabled or not, and gives what the
// sender said. It writes nothing; key keeps two clicks from being two messages.
func (o *Opener) Try(ctx context.Context, g *Gateway, key, to, title, text string) error {
	return o.try(ctx, g, Outgoing{Key: key, Template: "gateway.trial", To: to, Title: title, Text: text})
}

// TryEvent is Try for the text of a message: one with a code goes the way that
// codes go, by the gateway's own template when it has one, filled as an example.
func (o *Opener) TryEvent(ctx context.Context, g *Gateway, e *Event, key, to string, said Letter) error {
	out := Outgoing{Key: key, Template: "gateway.trial", To: to, Title: said.Subject, Text: said.Text}
	if slices.Contains(CodeTemplates, e.Key()) {
		out.Template, out.Params = e.Key(), []carriers.Param{{Name: "code", Value: exampleCode}}
	}
	return o.try(ctx, g, out)
}

func (o *Opener) try(ctx context.Context, g *Gateway, out Outgoing) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	out.TenantID, out.Channel = g.TenantID, g.Channel
	_, err := o.sender(g).Send(ctx, out)
	return err
}

// Note keeps on the gateway what its last try came to.
func (g *Gateway) Note(ctx context.Context, tx *tenants.Tx, err error) error {
	now := tx.Now()
	g.Problem, g.ProblemCode = carriers.Why(err)
	g.ProblemAt = &now
	if err == nil {
		g.ProblemAt = nil
	}
	return tx.Update(ctx, g, "problem", "problem_code", "problem_at")
}

// blame keeps on the gateway why it does not work, and forgets it when it does;
// written only when that changes, for the row is everybody's. A failure to
// write it costs no message.
func (o *Opener) blame(ctx context.Context, db *tenants.DB, g *Gateway, sendErr error) {
	if g == nil || refused(sendErr) || uncertain(sendErr) {
		return
	}
	reason, code := carriers.Why(sendErr)
	recent := g.ProblemAt != nil && db.Now().Sub(*g.ProblemAt) < time.Minute
	if reason == g.Problem && code == g.ProblemCode && (reason == "" || recent) {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), timeout)
	defer cancel()
	_ = db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error { return g.Note(ctx, tx, sendErr) })
}

// KindCreditLow is the fact that little is left on an account.
const KindCreditLow = "gateway.credit_low"

// CreditLow is its payload.
type CreditLow struct {
	GatewayID int64 `json:"gateway_id"`
}

// warnEvery is how often those in charge are told of the same account.
const warnEvery = 24 * time.Hour

// CheckCredit asks every gateway in use what is left, and has those in charge
// told when it is less than they want.
func (o *Opener) CheckCredit(ctx context.Context, db *tenants.DB) error {
	list, err := Gateways(ctx, db)
	if err != nil {
		return err
	}
	db.Release()
	for i := range list {
		g := &list[i]
		asked, tells := o.sender(g).(carriers.Creditor)
		if !g.Enabled || !tells {
			continue
		}
		slow, cancel := context.WithTimeout(ctx, timeout)
		left, askErr := asked.Credit(slow)
		cancel()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		err := db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error { return g.noteCredit(ctx, tx, left, askErr) })
		if err != nil {
			return fault.Wrap(err, "notify.CheckCredit")
		}
	}
	return nil
}

func (g *Gateway) noteCredit(ctx context.Context, tx *tenants.Tx, left float64, askErr error) error {
	if askErr != nil {
		return nil //nolint:nilerr // what is known stands; messages tell what is wrong with the gateway
	}
	now := tx.Now()
	g.Credit, g.CreditAt = &left, &now
	switch {
	case !g.Low():
		g.WarnedAt = nil
	case g.WarnedAt == nil || !now.Before(g.WarnedAt.Add(warnEvery)):
		g.WarnedAt = &now
		if err := tx.Enqueue(ctx, KindCreditLow, CreditLow{g.ID}); err != nil {
			return err
		}
	}
	return tx.Update(ctx, g, "credit", "credit_at", "warned_at")
}

// FirstGateway is the gateway that carries a channel first; nil when none is on.
func FirstGateway(ctx context.Context, r tenants.Reader, channel string) (*Gateway, error) {
	rows, err := inUse(ctx, r, channel)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return &rows[0], nil
}

// Receiver opens a gateway that hands over what comes in; false when this kind
// does not, or its credentials cannot be opened.
func (o *Opener) Receiver(g *Gateway) (carriers.Receiver, bool) {
	r, ok := o.sender(g).(carriers.Receiver)
	return r, ok
}
