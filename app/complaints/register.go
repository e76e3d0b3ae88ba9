package complaints

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/staff"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// Longest texts accepted, in characters.
const (
	MaxText  = 6000 // about three pages, the custom of the inspection portal
	minText  = 10
	maxPlace = 300

	maxCallReference = 60
)

// Registration is what is known of a new case.
type Registration struct {
	Kind           Kind
	Channel        string
	Source         string // samad, 137, 1888, inspection, parent, crm or empty
	ExternalNumber string // the source's own number
	CitizenID      *int64 // nil only where the kind lets the person stay nameless
	TopicID        int64
	Text           string
	Place          Place
	DistrictID     *int64            // of the organization's list; nil when none was named
	Answers        map[string]string // to the topic's own questions as typed, by their keys

	SecretariatNumber string     // of the letter in the office's own register
	LetterOn          string     // the letter's own date, Gregorian, YYYY-MM-DD
	ExternalDueAt     *time.Time // until when the source wants the answer
	CallReference     string     // of the phone system, when it came by phone
	BoxOpeningID      *int64     // of the box in which the letter lay; see RegisterLetter

	came    time.Time // when it is older than its registration here; zero is now
	asking  *asking
	group   bool // the topic holds others and takes no cases itself
	answers []QuestionAnswer
}

// Receipt is what the person takes away: the code, and for a nameless report
// the PIN, shown once and kept only as a hash.
type Receipt struct {
	Complaint *Complaint
	Event     *timeline.Event
	PIN       string
}

// Check normalises the registration and finds what is wrong with the fields
// text, kind, channel, topic and place; after Judge has read the topic's
// questions also with the answers and the district.
func (in *Registration) Check(topic *tenants.Topic) error {
	in.Text = persian.Clean(in.Text)
	in.Place = in.Place.clean()
	in.CallReference = persian.ToASCII(persian.CleanLine(in.CallReference))
	wrong := fault.Fields{}
	if utf8.RuneCountInString(in.CallReference) > maxCallReference {
		wrong.Add("call_reference", "complaint.error.call_reference")
	}
	if !slices.Contains(Kinds(), in.Kind) {
		wrong.Add("kind", "complaint.error.kind")
	}
	if !slices.Contains(Channels(), in.Channel) {
		wrong.Add("channel", "complaint.error.channel")
	}
	if topic == nil || !topic.Active || in.group {
		wrong.Add("topic", "complaint.error.topic")
	}
	switch n := utf8.RuneCountInString(in.Text); {
	case n < minText:
		wrong.Add("text", "complaint.error.text_short")
	case n > MaxText:
		wrong.Add("text", "complaint.error.text_long")
	}
	in.checkLists(wrong)
	in.checkAnswers(wrong)
	in.checkPapers(wrong)
	in.Place.check(topic, wrong)
	return wrong.Err()
}

func (p Place) clean() Place {
	p.Address = persian.Clean(p.Address)
	p.PostalCode = persian.ToASCII(persian.CleanLine(p.PostalCode))
	p.Station, p.Line = persian.CleanLine(p.Station), persian.CleanLine(p.Line)
	p.Subscription = persian.ToASCII(persian.CleanLine(p.Subscription))
	return p
}

// check asks for what the topic needs to be found: one of its place fields.
func (p Place) check(topic *tenants.Topic, wrong fault.Fields) {
	for field, value := range p.fields() {
		if utf8.RuneCountInString(value) > maxPlace {
			wrong.Add(field, "complaint.error.place_long")
		}
	}
	if p.PostalCode != "" {
		if _, ok := persian.PostalCode(p.PostalCode); !ok {
			wrong.Add("postal_code", "complaint.error.postal_code")
		}
	}
	if p.Point() && (p.Lat < 24 || p.Lat > 41 || p.Lng < 43 || p.Lng > 64) {
		wrong.Add("point", "intake.error.point")
	}
	if topic == nil || len(topic.PlaceFields) == 0 {
		return
	}
	values := p.fields()
	for _, field := range topic.PlaceFields {
		if values[field] != "" {
			return
		}
	}
	wrong.Add(topic.PlaceFields[0], "complaint.error.place_missing")
}

// Point tells whether a point on the map was set.
func (p Place) Point() bool { return p.Lat != 0 || p.Lng != 0 }

func (p Place) fields() map[string]string {
	return map[string]string{
		"address": p.Address, "postal_code": p.PostalCode, "station": p.Station,
		"line": p.Line, "subscription": p.Subscription,
	}
}

// Register files a new case: it belongs to the PR office at once, or to the
// unit of its route when the topic is urgent, so that nothing is ever nobody's.
func Register(ctx context.Context, tx *tenants.Tx, in Registration) (*Receipt, error) {
	if err := tx.Begins(); err != nil {
		return nil, err
	}
	pin, hash, err := in.pin() // before the first statement: hashing is slow and must hold no lock
	if err != nil {
		return nil, err
	}
	if err := staff.MayRegister(ctx, tx, tx.Actor()); err != nil {
		return nil, err
	}
	topic, err := in.Judge(ctx, tx)
	if err != nil {
		return nil, err
	}
	citizen, err := identify(ctx, tx, in)
	if err != nil {
		return nil, err
	}
	office, err := tenants.UnitOfKind(ctx, tx, tenants.UnitPROffice)
	if err != nil {
		return nil, err
	}
	c, err := in.complaint(tx, topic, citizen, office.ID)
	if err != nil {
		return nil, err
	}
	c.PINHash = hash
	unit, err := routed(ctx, tx, c)
	if err != nil {
		return nil, err
	}
	if err := tx.Insert(ctx, c); err != nil {
		return nil, registered(err, in)
	}
	e := c.event("registered", "", true)
	e.FromState = ""
	if e, err = record(ctx, tx, c, e, true); err != nil {
		return nil, err
	}
	if err := c.onward(ctx, tx, topic, unit); err != nil {
		return nil, err
	}
	return &Receipt{Complaint: c, Event: e, PIN: pin}, nil
}

// onward notes the source's date, and sends a confidential case to its keeper
// and an urgent one to its unit at once.
func (c *Complaint) onward(ctx context.Context, tx *tenants.Tx, topic *tenants.Topic, unit int64) error {
	if err := c.untilSource(ctx, tx); err != nil {
		return err
	}
	if c.Confidential {
		_, err := toKeeper(ctx, tx, c)
		return err
	}
	if topic.Urgent && unit != 0 {
		return forward(ctx, tx, c, unit)
	}
	return nil
}

// identify enforces what the kind asks to know of the person.
func identify(ctx context.Context, tx *tenants.Tx, in Registration) (*citizens.Citizen, error) {
	if in.CitizenID == nil {
		return nil, in.Kind.known(nil)
	}
	citizen, err := citizens.ByID(ctx, tx, *in.CitizenID)
	if err != nil {
		return nil, err
	}
	return citizen, in.Kind.known(citizen)
}

// known tells whether enough is known of the person; nil is nobody.
func (k Kind) known(citizen *citizens.Citizen) error {
	switch {
	case citizen == nil && k.Need() != citizens.NeedNothing:
		return fault.Field("mobile", "citizen.mobile.missing")
	case citizen != nil && k.Need() == citizens.NeedIdentified && citizen.NationalID == "":
		return fault.Field("national_id", "citizen.national_id.missing")
	}
	return nil
}

// complaint makes the row; the deadlines are wound when the event is recorded.
func (in *Registration) complaint(tx *tenants.Tx, topic *tenants.Topic, citizen *citizens.Citizen, office int64) (*Complaint, error) {
	code, err := persian.NewCode(rand.Reader)
	if err != nil {
		return nil, fault.Wrap(err, "complaints.Register")
	}
	now := tx.Now()
	came := in.came
	if came.IsZero() {
		came = now
	}
	c := &Complaint{
		ID: tenants.NewID(), Code: code, Kind: in.Kind, Channel: in.Channel, Source: in.Source,
		ExternalNumber: in.ExternalNumber, SecretariatNumber: in.SecretariatNumber, LetterOn: in.LetterOn, ExternalDueAt: in.ExternalDueAt,
		BoxOpeningID: in.BoxOpeningID, CitizenID: in.CitizenID, TopicID: topic.ID,
		SLAClassID: topic.SLAClassID, Text: in.Text, Place: in.Place, State: Registered, Cycle: 1,
		UnitID: office, RegisteredAt: came, PromisedAt: now, DueAt: now,
		LegalDueAt: legalDue(came, tx.Tenant().Settings.LegalMonths),
	}
	c.Confidential = topic.Confidential
	if tx.Actor().Kind == tenants.Staff {
		c.RegisteredBy = actorID(tx)
	}
	if in.Channel == "phone" {
		c.CallReference = in.CallReference
	}
	in.keepAnswers(c)
	c.SearchKey = c.searchKey(tx, citizen)
	return c, nil
}

// searchKey is what the case is found by; a confidential one not by its person.
// What is sealed elsewhere stands in it blind, word by word.
func (c *Complaint) searchKey(r tenants.Reader, citizen *citizens.Citizen) string {
	p := c.Place
	words := []string{c.Code, c.Text, p.Station, p.Line, c.ExternalNumber, c.SecretariatNumber}
	own := []string{p.Address, p.PostalCode, p.Subscription}
	for _, a := range c.Answers {
		words = append(words, a.Value)
	}
	if citizen != nil && !c.Confidential {
		own = append(own, citizen.Name, strings.TrimPrefix(citizen.Mobile, "+98"))
	}
	return strings.TrimSpace(persian.SearchKey(strings.Join(words, " ")) + " " + r.BlindWords(persian.SearchKey(strings.Join(own, " "))))
}

// pin draws the secret of a nameless report, and its hash; both are empty when
// the person is known.
func (in *Registration) pin() (pin, hash string, err error) {
	if in.CitizenID != nil || in.Kind.Need() != citizens.NeedNothing {
		return "", "", nil
	}
	if pin, err = persian.NewPIN(rand.Reader); err != nil {
		return "", "", fault.Wrap(err, "complaints.Register")
	}
	return pin, hashPIN(pin), nil
}

// registered explains a refused insert: the same (source, number) stands.
func registered(err error, in Registration) error {
	if fault.Is(err, fault.Conflict) && in.ExternalNumber != "" {
		return fault.Field("external_number", "complaint.error.external_taken")
	}
	return fault.Wrap(err, "complaints.Register")
}
