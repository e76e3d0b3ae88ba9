package notify

import (
	"context"
	"slices"
	"strconv"
	"time"

	"pasokh/app/carriers"
	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

const (
	checkPage = 200 // messages that are asked about at once
	// settled is after how long the state of an operator counts as final.
	settled = 30 * time.Hour
)

// waits are the times between one question and the next.
var waits = []time.Duration{2 * time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 3 * time.Hour, 6 * time.Hour}

// CheckDeliveries asks the providers what became of the messages whose time to
// ask has come; the number says of how many.
func (p *Post) CheckDeliveries(ctx context.Context, db *tenants.DB) (int, error) {
	if p.Gateways == nil {
		return 0, nil
	}
	total := 0
	for ctx.Err() == nil {
		var due []Message
		err := db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
			due = nil
			return tenants.Err(tx.Select(&due).Where("message.delivery = 'pending' AND message.check_at <= ?", tx.Now()).
				Order("message.check_at", "message.id").Limit(checkPage).Scan(ctx))
		})
		if err != nil {
			return total, fault.Wrap(err, "notify.CheckDeliveries")
		}
		if err := p.checkAll(ctx, db, due); err != nil {
			return total, err
		}
		if total += len(due); len(due) < checkPage {
			break
		}
	}
	return total, ctx.Err()
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
		states, err := p.ask(ctx, db, id, list)
		if err != nil {
			return err
		}
		err = db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
			for _, m := range list {
				if err := m.learn(ctx, tx, states[m.ProviderID]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fault.Wrap(err, "notify.CheckDeliveries")
		}
	}
	return nil
}

// ask gives what the provider knows; nothing when it cannot be asked now.
func (p *Post) ask(ctx context.Context, db *tenants.DB, id int64, list []*Message) (map[string]carriers.Delivery, error) {
	g, err := GatewayByID(ctx, db, id)
	db.Release()
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	tracker, ok := p.Gateways.sender(g).(carriers.Tracker)
	if !ok {
		return nil, nil
	}
	ids := make([]string, len(list))
	for i, m := range list {
		ids[i] = m.ProviderID
	}
	slow, cancel := context.WithTimeout(ctx, 3*timeout)
	defer cancel()
	states, _ := tracker.Status(slow, slices.Compact(slices.Sorted(slices.Values(ids)))) // what it did not tell is asked again
	return states, ctx.Err()
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
// an address.
func (p *Post) Undelivered(ctx context.Context, db *tenants.DB, messageID int64) (string, error) {
	m, err := ByID(ctx, db, messageID)
	if err != nil {
		return "", err
	}
	if !m.astray() {
		return movedOn, nil
	}
	return p.byMail(ctx, db, m, func(tx *tenants.Tx) (Draft, error) { return again(ctx, tx, m) })
}

// again is a draft with the text that the record keeps.
func again(ctx context.Context, tx *tenants.Tx, m *Message) (Draft, error) {
	d := Draft{Channel: m.Channel, Template: m.Template, Subject: timeline.Subject{Kind: m.SubjectKind, ID: m.SubjectID}, Text: m.Text}
	switch {
	case m.CitizenID != nil:
		who, err := citizens.ByID(ctx, tx, *m.CitizenID)
		if err != nil {
			return d, err
		}
		d.Citizen, d.To, d.Mail = who.ID, who.Mobile, who.Email
	case m.StaffID != nil:
		who, err := staff.ByID(ctx, tx, *m.StaffID)
		if err != nil {
			return d, err
		}
		d.Staff, d.To, d.Mail = who.ID, who.Mobile, who.Email
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
	var list []staff.Staff
	for _, role := range []string{"tenant_admin", "pr_manager"} {
		some, err := staff.WithRole(ctx, db, role, nil)
		if err != nil {
			return "", err
		}
		for _, who := range some {
			if !slices.ContainsFunc(list, func(s staff.Staff) bool { return s.ID == who.ID }) {
				list = append(list, who)
			}
		}
	}
	return p.staff(ctx, db, cause, list, told{subject: timeline.Subject{Kind: "gateway", ID: g.ID}, key: "sms.gateway.low", args: []any{
		"provider", worded("gateway.provider." + g.Provider), "number", strconv.FormatInt(int64(*g.Credit), 10), "link", p.Links.Channels(db.Tenant()),
	}})
}
