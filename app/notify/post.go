package notify

import (
	"context"
	"errors"
	"time"

	"pasokh/app/carriers"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/timeline"
	"pasokh/tenants"
	"pasokh/views/messages"
)

// Post is what the reactions send with.
type Post struct {
	// Sender carries what an organization without gateways of the channel sends;
	// nil: nobody does.
	Sender Sender
	Links  Links
	// Gateways opens those of the organizations; nil: there are none.
	Gateways *Opener
	// Hears tells whether replies to an organization's text messages come in; nil:
	// they do not.
	Hears func(context.Context, tenants.Reader) (bool, error)
	// Lanes bounds the calls of each gateway; nil: nothing does.
	Lanes *Lanes
	// Told hears of organizations whose staff have something new behind the bell.
	Told func(tenantID int64)
	// Learned is told what became of a message that was accepted: delivered,
	// undelivered or unknown.
	Learned func(provider, result string)
	// Watch is told of every call of a sender, and its end of what came of it.
	Watch func(ctx context.Context, sender, template string) (context.Context, func(error))
}

// Draft is one message that is to reach one person once.
type Draft struct {
	Channel  string // carriers.SMS when empty
	Template string // key of the catalogue
	Citizen  int64  // or
	Staff    int64
	Subject  timeline.Subject
	To       string // mobile number, E.164, or address of a mail; empty: the person has none
	Mail     string // where it goes when the number is missing or wrong; empty: nowhere
	Title    string // subject of a mail; the organization's name when empty
	Text     string
	Params   []carriers.Param // what a template at the gateway is filled with
	Calendar *carriers.Calendar
	Letter   *Letter // the same as a mail
	Files    []carriers.File
	Secret   bool   // the text is not kept, and never sent twice
	Kept     string // kept in place of a text that opens something

	fallbackOf int64
	until      time.Time     // of no use from then on; zero: never
	ref        string        // of the task
	lang       messages.Lang // of the person, where a subject is found anew
}

// timeout is how long a sender may take for one message.
const timeout = 10 * time.Second

// Tries is how often a message is tried that did not go out.
const Tries = 8

// Send carries a message once, whatever happens on the way: the row is claimed
// by comparing its state, the sender is called outside any transaction with
// the key of the message, then the outcome is noted. key comes from Cause.Key;
// draft is asked in the claiming transaction, and only when the message is to
// be sent now. A number that is missing or wrong makes it a mail. The word that
// Send gives is for the record of the task.
func (p *Post) Send(ctx context.Context, db *tenants.DB, key string, draft func(*tenants.Tx) (Draft, error)) (string, error) {
	var c claim
	defer func() { c.leave() }()
	var err error
	for range waitTimes {
		err = db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) (err error) {
			c.leave() // of a transaction that was begun again
			c, err = p.claim(ctx, tx, key, draft)
			return err
		})
		var crowded *Crowded
		if !errors.As(err, &crowded) || !p.Lanes.wait(ctx, crowded.at) {
			break
		}
	}
	if err != nil {
		return "", fault.Wrap(err, "notify.Send")
	}
	word := c.word
	if word == "" {
		word, err = p.carry(ctx, db, c)
	}
	c.leave()
	if c.message.astray() {
		if fell, mailErr := p.byMail(ctx, db, c.message, draft); fell != noAddress || mailErr != nil {
			return "failed, by mail: " + fell, mailErr
		}
	}
	return word, err
}

// claim is a message that is ours to carry, or the word why there is none.
type claim struct {
	message *Message
	draft   Draft
	routes  []route
	word    string
	lane    func() // gives the lane of the first route back
}

func (c claim) leave() {
	if c.lane != nil {
		c.lane()
	}
}

func (p *Post) claim(ctx context.Context, tx *tenants.Tx, key string, draft func(*tenants.Tx) (Draft, error)) (claim, error) {
	m := new(Message)
	err := tx.Lock(ctx, m, "message.key = ?", key)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return claim{}, err
	}
	stands := err == nil
	if stands && m.final() {
		return claim{message: m, word: string(m.State)}, nil
	}
	if stands && !m.free(tx.Now()) {
		return claim{}, fault.New(fault.Conflict, InFlight) // another worker is at it: come again
	}
	var rest []route // that are left of a try that was cut short
	if stands && m.State == Sending {
		if rest, err = p.left(ctx, tx, m); err != nil || m.State == Unknown {
			return claim{word: string(Unknown)}, err
		}
	}
	d, err := draft(tx)
	if err != nil {
		return claim{}, err
	}
	if word, reason := d.misses(); reason != "" {
		return p.missed(ctx, tx, m, stands, d.row(tx, key), word, reason)
	}
	if !stands {
		m = d.row(tx, key)
		if err := tx.Insert(ctx, m); err != nil {
			return claim{}, err
		}
	}
	routes := rest
	if routes == nil {
		if routes, err = p.routes(ctx, tx, d.channel()); err != nil {
			return claim{}, err
		}
	}
	at := laneOf(tx.Tenant().ID, routes[0].gateway)
	leave, ok := p.Lanes.enter(at)
	if !ok {
		return claim{}, &Crowded{at}
	}
	return claim{message: m, draft: d, routes: routes, lane: leave}, p.take(ctx, tx, m, routes[0])
}

// left lists the ways that are left of a try that was cut short, the one that may
// have carried the message first. When that one cannot be asked again without
// carrying it twice, or when it was a secret that nobody knows any more, the
// message is Unknown from now on.
func (p *Post) left(ctx context.Context, tx *tenants.Tx, m *Message) ([]route, error) {
	list, err := p.routes(ctx, tx, m.Channel)
	if err != nil {
		return nil, err
	}
	rest, again := since(list, m)
	if again && m.Text != "" {
		return rest, nil
	}
	m.State, m.Reason = Unknown, carriers.Lost
	return nil, tx.Update(ctx, m, "state", "reason")
}

// noAddress is the word for somebody whom mail does not reach either.
const noAddress = "no address"

// misses says why a draft cannot go anywhere: in a word for the task, and as
// one of the reasons of the carriers.
func (d *Draft) misses() (word, reason string) {
	switch {
	case d.To == "" && d.channel() == carriers.SMS:
		return "no mobile number", carriers.NoNumber
	case d.To == "":
		return noAddress, carriers.NoNumber
	case d.channel() != carriers.Mail:
		if _, ok := persian.Mobile(d.To); !ok {
			return "wrong mobile number", carriers.Number
		}
	}
	return "", ""
}

// missed records, for the office to see, that somebody could not be told.
func (p *Post) missed(ctx context.Context, tx *tenants.Tx, m *Message, stands bool, fresh *Message, word, reason string) (claim, error) {
	if stands {
		m.State, m.Reason = Failed, reason
		return claim{message: m, word: word}, tx.Update(ctx, m, "state", "reason")
	}
	if fresh.FallbackOf != nil || (fresh.CitizenID == nil && fresh.StaffID == nil) {
		return claim{word: word}, nil
	}
	fresh.State, fresh.Reason = Failed, reason
	return claim{message: fresh, word: word}, tx.Insert(ctx, fresh)
}

// take notes who is about to carry the message.
func (p *Post) take(ctx context.Context, tx *tenants.Tx, m *Message, r route) error {
	now := tx.Now()
	m.State, m.SentAt = Sending, &now
	m.Provider, m.GatewayID = r.sender.Name(), r.id()
	m.Attempts++
	return tx.Update(ctx, m, "state", "sent_at", "provider", "gateway_id", "attempts")
}

func (d *Draft) channel() string {
	if d.Channel == "" {
		return carriers.SMS
	}
	return d.Channel
}

func (d *Draft) row(tx *tenants.Tx, key string) *Message {
	m := &Message{
		ID: tenants.NewID(), Key: key, Channel: d.channel(), Column: carriers.SMS, Template: d.Template,
		SubjectKind: d.Subject.Kind, SubjectID: d.Subject.ID, Text: d.Text, State: Queued, CreatedAt: tx.Now(),
		Ref: d.ref,
	}
	if !d.until.IsZero() {
		m.UsefulUntil = &d.until
	}
	switch {
	case d.Secret:
		m.Text = ""
	case d.Kept != "":
		m.Text = d.Kept
	}
	m.CitizenID, m.StaffID, m.FallbackOf = some(d.Citizen), some(d.Staff), some(d.fallbackOf)
	return m
}

// some is nil for zero.
func some(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}
