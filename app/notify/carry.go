package notify

import (
	"context"
	"time"

	"pasokh/app/carriers"
	"pasokh/app/fault"
	"pasokh/tenants"
)

// route is one way that a message can take: a gateway of the organization, or
// (no gateway) the deployment's own sender.
type route struct {
	gateway *Gateway
	sender  Sender
}

func (r route) id() *int64 {
	if r.gateway == nil {
		return nil
	}
	return &r.gateway.ID
}

// keyed tells whether the way may be taken again when nobody knows how a try
// ended: its provider carries one key once.
func (r route) keyed() bool {
	if r.gateway != nil {
		p, _ := carriers.ProviderNamed(r.gateway.Provider)
		return p.Keyed
	}
	k, ok := r.sender.(carriers.Keyed)
	return ok && k.Keyed()
}

// routes lists the ways of a channel in the organization's order; never empty.
func (p *Post) routes(ctx context.Context, r tenants.Reader, channel string) ([]route, error) {
	var list []route
	if p.Gateways != nil {
		rows, err := inUse(ctx, r, channel)
		if err != nil {
			return nil, err
		}
		for i := range rows {
			list = append(list, route{&rows[i], p.Gateways.sender(&rows[i])})
		}
	}
	switch {
	case len(list) > 0:
	case p.Sender != nil:
		list = []route{{sender: p.Sender}}
	default:
		list = []route{{sender: broken{"none", carriers.NoGateway}}}
	}
	return list, nil
}

// since leaves out the gateways that had been passed over when a try was cut
// short: the one that may have carried the message is asked again, by its key. ok
// is false when it cannot be: it knows no keys, or is no longer among them.
func since(list []route, m *Message) (rest []route, ok bool) {
	for i := range list {
		id := list[i].id()
		if (id == nil) == (m.GatewayID == nil) && (id == nil || *id == *m.GatewayID) {
			return list[i:], list[i].keyed()
		}
	}
	return nil, false
}

// patience is how many tries a gateway gets that is only busy or not reached,
// before another one stands in.
const patience = 3

// passesOn tells whether the next gateway stands in: when this one carried
// nothing for a reason of its own. Never when it may have carried the message.
func passesOn(err error, attempts int, secret bool) bool {
	switch {
	case err == nil, refused(err), uncertain(err):
		return false
	case down(err):
		return true
	}
	return secret || attempts >= patience // somebody waits for a code
}

// carry calls the senders in their order and notes what came of it.
func (p *Post) carry(ctx context.Context, db *tenants.DB, c claim) (string, error) {
	for i, r := range c.routes {
		if i > 0 {
			if err := p.move(ctx, db, c.message, r); err != nil {
				return "", err
			}
			c.leave()
			leave, ok := p.Lanes.enter(laneOf(db.Tenant().ID, r.gateway))
			if !ok {
				return p.settle(ctx, db, c.message, r, "", &carriers.Later{Reason: carriers.Busy})
			}
			defer leave()
		}
		id, err := p.call(ctx, db, c, r)
		if err != nil && ctx.Err() != nil {
			return p.interrupted(ctx, db, c.message, r, id, err)
		}
		p.Gateways.blame(ctx, db, r.gateway, err)
		if i+1 == len(c.routes) || !passesOn(err, c.message.Attempts, c.draft.Secret) {
			return p.settle(ctx, db, c.message, r, id, err)
		}
	}
	return "", nil // routes are never empty
}

// interrupted ends a call that the stop of the worker cut short. What is known of
// it is written down; what is not is asked again by its key once the lease is
// over, or never where the provider knows no keys.
func (p *Post) interrupted(ctx context.Context, db *tenants.DB, m *Message, r route, id string, err error) (string, error) {
	switch {
	case refused(err):
		return p.settle(ctx, db, m, r, id, err)
	case notCarried(err):
		if _, err := p.settle(ctx, db, m, r, id, err); err != nil && m.State != Queued {
			return "", err
		}
		return "", ctx.Err()
	case r.keyed():
		return "", ctx.Err()
	case !uncertain(err):
		err = &Uncertain{Err: err}
	}
	return p.settle(ctx, db, m, r, id, err)
}

func (p *Post) call(ctx context.Context, db *tenants.DB, c claim, r route) (string, error) {
	d := &c.draft
	title := d.Title
	if title == "" {
		title = db.Tenant().NameFA
	}
	slow, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	ended := func(error) {}
	if p.Watch != nil {
		slow, ended = p.Watch(slow, r.sender.Name(), d.Template)
	}
	id, err := r.sender.Send(slow, Outgoing{
		TenantID: db.Tenant().ID, Key: c.message.Key, Channel: d.channel(), Template: d.Template, To: d.To, Title: title, Text: d.Text,
		Params: d.Params, Calendar: d.Calendar, Files: d.Files,
	})
	ended(err)
	return id, err
}

// move gives the message to the next gateway, with a lease of its own.
func (p *Post) move(ctx context.Context, db *tenants.DB, m *Message, r route) error {
	err := db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
		now := tx.Now()
		m.SentAt, m.Provider, m.GatewayID = &now, r.sender.Name(), r.id()
		return tx.Update(ctx, m, "sent_at", "provider", "gateway_id")
	})
	return fault.Wrap(err, "notify.move")
}

func (p *Post) settle(ctx context.Context, db *tenants.DB, m *Message, r route, id string, sendErr error) (string, error) {
	m.State, m.ProviderID = outcome(sendErr), id
	m.Reason, m.Code = carriers.Why(sendErr)
	if m.State == Queued && m.Attempts >= Tries {
		m.State = Failed
	}
	if _, tells := r.sender.(carriers.Tracker); tells && m.State == Accepted {
		at := m.SentAt.Add(firstCheck)
		m.Delivery, m.CheckAt = Pending, &at
	}
	if err := p.note(ctx, db, m); err != nil {
		return "", err
	}
	if m.State == Queued {
		return "", sendErr
	}
	return string(m.State), nil // one that failed for good is an outcome: no further try is made of it
}

// note writes the outcome down even when the worker is stopping: a message that
// went out must not look as if it had not.
func (p *Post) note(ctx context.Context, db *tenants.DB, m *Message) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), timeout)
	defer cancel()
	err := db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
		return tx.Update(ctx, m, "state", "provider_id", "reason", "code", "delivery", "check_at")
	})
	return fault.Wrap(err, "notify.note")
}

// outcome is the state that an answer of the sender leads to.
func outcome(err error) State {
	switch {
	case err == nil:
		return Accepted
	case refused(err):
		return Failed
	case uncertain(err):
		return Unknown
	}
	return Queued
}

// astray tells whether a text message failed because of the person's number,
// and may go by mail. What was secret is not said again.
func (m *Message) astray() bool {
	if m == nil || m.Channel == carriers.Mail || m.Text == "" {
		return false
	}
	lost := m.State == Failed || m.Delivery == Undelivered
	return lost && (m.Reason == carriers.NoNumber || m.Reason == carriers.Number || m.Reason == carriers.Blocked || m.Reason == carriers.NotArrived)
}

// byMail sends a message that went astray to the person's address.
func (p *Post) byMail(ctx context.Context, db *tenants.DB, m *Message, draft func(*tenants.Tx) (Draft, error)) (string, error) {
	return p.Send(ctx, db, m.Key+":mail", func(tx *tenants.Tx) (Draft, error) {
		d, err := draft(tx)
		d.Channel, d.To, d.fallbackOf = carriers.Mail, d.Mail, m.ID
		if d.Letter != nil {
			d.Title, d.Text = d.Letter.Subject, d.Letter.Text
		}
		return d, err
	})
}

// firstCheck is when the provider is first asked what became of a message.
const firstCheck = time.Minute
