package notify

import (
	"context"
	"strconv"
	"time"

	"pasokh/app/carriers"
	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/app/timeline"
	"pasokh/tenants"
	"pasokh/views/messages"
)

const (
	// CheckPage is how many messages are asked about at once.
	CheckPage = 200
	// settled is after how long the state of an operator counts as final.
	settled = 30 * time.Hour
	// askAgain is when those are asked about next of which nothing was said this
	// time, because the provider broke off or the time was over.
	askAgain = time.Minute
)

// waits are the times between one question and the next.
var waits = []time.Duration{2 * time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 3 * time.Hour, 6 * time.Hour}

// CheckDeliveries asks the providers what became of the messages whose time to
// ask has come, of the first page of them: the others have their turn when every
// organization has had one. The number says of how many.
func (p *Post) CheckDeliveries(ctx context.Context, db *tenants.DB) (int, error) {
	if p.Gateways == nil {
		return 0, nil
	}
	var due []Message
	err := db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
		due = nil
		return tenants.Err(tx.Select(&due).Where("message.delivery = 'pending' AND message.check_at <= ?", tx.Now()).
			Order("message.check_at", "message.id").Limit(CheckPage).Scan(ctx))
	})
	if err != nil {
		return 0, fault.Wrap(err, "notify.CheckDeliveries")
	}
	if err := p.checkAll(ctx, db, due); err != nil {
		return 0, err
	}
	return len(due), ctx.Err()
}

// checkAll asks each gateway about its messages.
func (p *Post) checkAll(ctx context.Context, db *tenants.DB, due []Message) error {
	of := map[int64][]*Message{}
	for i := range due {
		id := int64(0)
		if due[i].GatewayID != nil {
			id = *due[i].GatewayID
		}
		of[id] = append(of[id], &due[i])
	}
	for id, list := range of {
		states, whole, err := p.ask(ctx, db, id, list)
		if err != nil {
			return err
		}
		err = db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error { return learnAll(ctx, tx, list, states, whole) })
		if err != nil {
			return fault.Wrap(err, "notify.CheckDeliveries")
		}
		for _, m := range list {
			m.tell(p.Learned)
		}
	}
	return nil
}

// tell gives the word for what became of the message, once that is known.
func (m *Message) tell(learned func(provider, result string)) {
	word := map[string]string{Delivered: "delivered", Undelivered: "undelivered", NeverKnown: "unknown"}[m.Delivery]
	if word != "" && learned != nil {
		learned(m.Provider, word)
	}
}

// learnAll notes what was said. Where the provider broke off, the first of which
// it said nothing is the one that it was asked about last; those behind it were
// not asked, and come again soon.
func learnAll(ctx context.Context, tx *tenants.Tx, list []*Message, states map[string]carriers.Delivery, whole bool) error {
	asked := false
	for _, m := range list {
		d, told := states[m.ProviderID]
		learn := m.learn
		if !told && !whole && asked {
			learn = m.wait
		}
		asked = asked || !told
		if err := learn(ctx, tx, d); err != nil {
			return err
		}
	}
	return nil
}

// ask gives what the provider knows; whole is false when it was not asked about
// all of them. Those that have waited longest are asked about first.
func (p *Post) ask(ctx context.Context, db *tenants.DB, id int64, list []*Message) (states map[string]carriers.Delivery, whole bool, err error) {
	g, err := GatewayByID(ctx, db, id)
	db.Release()
	if fault.Is(err, fault.NotFound) {
		return nil, true, nil
	}
	if err != nil {
		return nil, false, err
	}
	tracker, ok := p.Gateways.sender(g).(carriers.Tracker)
	if !ok {
		return nil, true, nil
	}
	var ids []string
	known := map[string]bool{}
	for _, m := range list {
		if !known[m.ProviderID] {
			known[m.ProviderID] = true
			ids = append(ids, m.ProviderID)
		}
	}
	slow, cancel := context.WithTimeout(ctx, 3*timeout)
	defer cancel()
	states, broke := tracker.Status(slow, ids)
	return states, broke == nil, ctx.Err()
}

// wait leaves the message as it is until it can be asked about.
func (m *Message) wait(ctx context.Context, tx *tenants.Tx, _ carriers.Delivery) error {
	next := tx.Now().Add(askAgain)
	m.CheckAt = &next
	if m.SentAt == nil || tx.Now().Sub(*m.SentAt) >= settled {
		m.Delivery, m.CheckAt = NeverKnown, nil
	}
	return tx.Update(ctx, m, "delivery", "check_at")
}

// learn notes what the provider said, and when to ask again.
func (m *Message) learn(ctx context.Context, tx *tenants.Tx, d carriers.Delivery) error {
	now := tx.Now()
	m.CheckedAt = &now
	m.Checks++
	next := now.Add(waits[min(m.Checks, len(waits))-1])
	m.CheckAt = &next
	switch {
	case d.State == carriers.Delivered:
		m.Delivery, m.DeliveredAt, m.CheckAt = Delivered, &now, nil
	case d.State == carriers.Undelivered:
		m.Delivery, m.Reason, m.Code, m.CheckAt = Undelivered, d.Reason, d.Code, nil
	case m.SentAt == nil || now.Sub(*m.SentAt) >= settled:
		m.Delivery, m.CheckAt = NeverKnown, nil
	}
	if err := tx.Update(ctx, m, "delivery", "reason", "code", "delivered_at", "check_at", "checked_at", "checks"); err != nil {
		return err
	}
	if m.astray() {
		return tx.Enqueue(ctx, KindUndelivered, MessageFact{m.ID})
	}
	return nil
}

// KindUndelivered is the fact that an accepted message did not arrive.
const KindUndelivered = "message.undelivered"

// MessageFact is its payload.
type MessageFact struct {
	MessageID int64 `json:"message_id"`
}

// Undelivered sends a message that did not arrive by mail, when the person has
// an address and what it says is still so.
func (p *Post) Undelivered(ctx context.Context, db *tenants.DB, messageID int64) (string, error) {
	m, err := ByID(ctx, db, messageID)
	if err != nil {
		return "", err
	}
	if !m.astray() {
		return movedOn, nil
	}
	if why, err := m.outdated(ctx, db); why != "" || err != nil {
		return why, err
	}
	return p.byMail(ctx, db, m, func(tx *tenants.Tx) (Draft, error) { return again(ctx, tx, m) })
}

// again is a draft with the text that the record keeps.
func again(ctx context.Context, tx *tenants.Tx, m *Message) (Draft, error) {
	d := Draft{Channel: m.Channel, Template: m.Template, Subject: timeline.Subject{Kind: m.SubjectKind, ID: m.SubjectID}, Text: m.Text, ref: m.Ref}
	if m.UsefulUntil != nil {
		d.until = *m.UsefulUntil
	}
	switch {
	case m.CitizenID != nil:
		who, err := citizens.ByID(ctx, tx, *m.CitizenID)
		if err != nil {
			return d, err
		}
		d.Citizen, d.To, d.Mail, d.lang = who.ID, who.Mobile, who.Email, messages.Parse(string(who.Language))
	case m.StaffID != nil:
		who, err := staff.ByID(ctx, tx, *m.StaffID)
		if err != nil {
			return d, err
		}
		d.Staff, d.To, d.Mail, d.lang = who.ID, who.Mobile, who.Email, messages.Parse(string(who.Language))
	}
	return d, nil
}

// ByID reads one message.
func ByID(ctx context.Context, r tenants.Reader, id int64) (*Message, error) {
	m := new(Message)
	return m, fault.Wrap(tenants.Err(r.Select(m).Where("message.id = ?", id).Scan(ctx)), "notify.ByID")
}

// CreditLow tells those who look after the gateways that little is left.
func (p *Post) CreditLow(ctx context.Context, db *tenants.DB, cause Cause, gatewayID int64) (string, error) {
	g, err := GatewayByID(ctx, db, gatewayID)
	if err != nil {
		return "", err
	}
	if !g.Low() {
		return movedOn, nil
	}
	list, err := staff.Able(ctx, db, nil, "organization:edit")
	if err != nil {
		return "", err
	}
	return p.staff(ctx, db, cause, list, told{subject: timeline.Subject{Kind: "gateway", ID: g.ID}, key: "sms.gateway.low", args: []any{
		"provider", worded("gateway.provider." + g.Provider), "number", strconv.FormatInt(int64(*g.Credit), 10), "link", p.Links.Channels(db.Tenant()),
	}})
}
