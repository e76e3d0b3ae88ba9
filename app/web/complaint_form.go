package web

import (
	"strconv"

	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/timeline"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// complaintDraft is what a visitor has typed so far, kept on our side between
// the steps so that nothing is lost, uploads included.
type complaintDraft struct {
	id        int64
	Topic     int64             `json:"topic"`
	Kind      complaints.Kind   `json:"kind"`
	Text      string            `json:"text"`
	Place     complaints.Place  `json:"place"`
	Identity  citizens.Identity `json:"identity"`
	Anonymous bool              `json:"anonymous"`
	District  int64             `json:"district"`
	Answers   map[string]string `json:"answers"` // as typed
}

// registration is what the draft says of the matter.
func (d *complaintDraft) registration() complaints.Registration {
	return complaints.Registration{
		Kind: d.Kind, Channel: "web", TopicID: d.Topic, Text: d.Text, Place: d.Place, DistrictID: idOrNil(d.District), Answers: d.Answers,
	}
}

func (d *complaintDraft) path(step string) string {
	return "/complaints/drafts/" + strconv.FormatInt(d.id, 10) + "/" + step
}

func (r *req) complaintDraftOf() (d *complaintDraft, err error) {
	d = new(complaintDraft)
	d.id, err = r.loadDraft(citizens.DraftComplaint, d)
	return d, err
}

// keep writes the draft, and the files that came with the form.
func (r *req) keep(d *complaintDraft, got []*files.Received, remove []string) (err error) {
	d.id, err = r.saveDraft(citizens.DraftComplaint, d.id, d, got, remove)
	return err
}

// complaintNew asks what it is about: the first step.
func (w *web) complaintNew(r *req) error {
	topics, err := tenants.Topics(r.ctx, r.db)
	if err != nil {
		return err
	}
	p := r.frame("complaint.new.title")
	return r.page(parts.Citizen, p, views.ComplaintTopicPage(p, views.ComplaintTopic{Topics: topics, Chosen: topicCalled(topics, r.query("topic")), Action: "/complaints/drafts"}))
}

// topicCalled finds the topic that a portal's link names by its code; 0 is none.
func topicCalled(topics []tenants.Topic, code string) int64 {
	for i := range topics {
		if code != "" && topics[i].Code == code {
			return topics[i].ID
		}
	}
	return 0
}

// complaintDraftCreate keeps the topic and leads to the details.
func (w *web) complaintDraftCreate(r *req) error { return w.saveTopic(r, &complaintDraft{}) }

// complaintTopicForm asks again what it is about.
func (w *web) complaintTopicForm(r *req) error {
	d, err := r.complaintDraftOf()
	if err != nil {
		return err
	}
	topics, err := tenants.Topics(r.ctx, r.db)
	if err != nil {
		return err
	}
	p := r.frame("complaint.new.title")
	return r.page(parts.Citizen, p, views.ComplaintTopicPage(p, views.ComplaintTopic{Topics: topics, Chosen: d.Topic, Action: d.path("topic")}))
}

func (w *web) complaintTopicSave(r *req) error {
	d, err := r.complaintDraftOf()
	if err != nil {
		return err
	}
	return w.saveTopic(r, d)
}

func (w *web) saveTopic(r *req, d *complaintDraft) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	topics, err := tenants.Topics(r.ctx, r.db)
	if err != nil {
		return err
	}
	if topicIn(topics, f.id("topic")) == nil {
		p := r.frame("complaint.new.title")
		m := views.ComplaintTopic{Topics: topics, Action: r.c.Path(), Errors: views.Errors{"topic": "complaint.error.topic"}}
		return r.again(fault.Field("topic", "complaint.error.topic"), parts.Citizen, p, views.ComplaintTopicPage(p, m))
	}
	d.Topic = f.id("topic")
	if err := r.keep(d, nil, nil); err != nil {
		return err
	}
	return r.done(d.path("details"))
}

func topicIn(list []tenants.Topic, id int64) *tenants.Topic {
	for i := range list {
		if list[i].ID == id {
			return &list[i]
		}
	}
	return nil
}

// complaintDetailsForm asks what happened, where, and for files.
func (w *web) complaintDetailsForm(r *req) error {
	d, err := r.complaintDraftOf()
	if err != nil {
		return err
	}
	return w.detailsPage(r, d, nil)
}

func (w *web) detailsPage(r *req, d *complaintDraft, cause error) error {
	topic, err := tenants.TopicByID(r.ctx, r.db, d.Topic)
	if err != nil {
		return err
	}
	kept, err := files.Of(r.ctx, r.db, files.Subject{Kind: files.KindDraft, ID: d.id}, false)
	if err != nil {
		return err
	}
	p := r.frame("complaint.details.title")
	m := views.ComplaintDetails{
		Topic: topic, Kind: d.Kind, Text: d.Text, Place: d.Place, Files: kept, Action: d.path("details"), Back: d.path("topic"), Errors: views.ErrorsOf(cause),
		Guidance: d.path("guidance"), District: d.District, Tiles: r.w.MapTiles,
	}
	if err := r.fillQuestions(d, &m); err != nil {
		return err
	}
	if cause == nil {
		return r.page(parts.Citizen, p, views.ComplaintDetailsPage(p, m))
	}
	return r.again(cause, parts.Citizen, p, views.ComplaintDetailsPage(p, m))
}

// complaintDetailsSave keeps what was typed and sent before it judges it.
func (w *web) complaintDetailsSave(r *req) error {
	d, err := r.complaintDraftOf()
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	d.Kind, d.Text, d.Place = complaints.Kind(f.text("kind")), f.text("text"), placeOf(f)
	d.District, d.Answers = f.id("district"), answersOf(f)
	received, refused := r.receive(f, files.Field)
	if err := r.keep(d, received, f.list("remove")); err != nil {
		if !fault.Is(err, fault.Invalid) {
			return err
		}
		refused = err
	}
	in := d.registration()
	if _, err := in.Judge(r.ctx, r.db); both(err, refused) != nil {
		return w.detailsPage(r, d, both(err, refused))
	}
	return r.done(d.path("contact"))
}

func placeOf(f form) complaints.Place {
	p := complaints.Place{
		Address: f.text("address"), PostalCode: f.text("postal_code"), Station: f.text("station"),
		Line: f.text("line"), Subscription: f.text("subscription"),
	}
	p.Lat, p.Lng = pointOf(f)
	return p
}

// both joins the field errors of two checks of one form; an error of another
// kind stands alone.
func both(a, b error) error {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	case !fault.Is(a, fault.Invalid):
		return a
	case !fault.Is(b, fault.Invalid):
		return b
	}
	all := fault.Fields{}
	for _, err := range []error{a, b} {
		for field, key := range fault.As(err).Fields {
			all.Add(field, key)
		}
	}
	return all.Err()
}

// complaintContactForm asks who it is and where the answer goes.
func (w *web) complaintContactForm(r *req) error {
	d, err := r.complaintDraftOf()
	if err != nil {
		return err
	}
	if d.Identity.Mobile == "" {
		d.Identity.Mobile = r.principal.mobile
	}
	return w.contactPage(r, d, nil)
}

func (w *web) contactPage(r *req, d *complaintDraft, cause error) error {
	p := r.frame("complaint.contact.title")
	m := views.ComplaintContact{
		Need: d.Kind.Need(), Identity: d.Identity, Anonymous: d.Anonymous, Action: d.path("contact"), Back: d.path("details"), Errors: views.ErrorsOf(cause),
	}
	if cause == nil {
		return r.page(parts.Citizen, p, views.ComplaintContactPage(p, m))
	}
	return r.again(cause, parts.Citizen, p, views.ComplaintContactPage(p, m))
}

func (w *web) complaintContactSave(r *req) error {
	d, err := r.complaintDraftOf()
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	d.Identity = citizens.Identity{Mobile: f.text("mobile"), NationalID: f.text("national_id"), Name: f.text("name"), Email: f.text("email"), Language: r.lang}
	d.Anonymous = d.Kind.Need() == citizens.NeedNothing && f.text("anonymous") == "yes"
	if err := r.keep(d, nil, nil); err != nil {
		return err
	}
	if _, err := d.identity(); err != nil {
		return w.contactPage(r, d, err)
	}
	return r.done(d.path("check"))
}

// identity is the person in checked form; nil for a nameless report.
func (d *complaintDraft) identity() (*citizens.Identity, error) {
	if d.Anonymous && d.Kind.Need() == citizens.NeedNothing {
		return nil, nil
	}
	in, err := d.Identity.Check(max(d.Kind.Need(), citizens.NeedMobile))
	return &in, err
}

// complaintCheckForm shows everything once more before it is sent.
func (w *web) complaintCheckForm(r *req) error {
	d, err := r.complaintDraftOf()
	if err != nil {
		return err
	}
	in := d.registration()
	topic, err := in.Judge(r.ctx, r.db)
	if fault.Is(err, fault.Invalid) {
		return r.done(d.path("details"))
	}
	if err != nil {
		return err
	}
	district, err := r.districtName(in.DistrictID)
	if err != nil {
		return err
	}
	identity, err := d.identity()
	if err != nil {
		return r.done(d.path("contact"))
	}
	kept, err := files.Of(r.ctx, r.db, files.Subject{Kind: files.KindDraft, ID: d.id}, false)
	if err != nil {
		return err
	}
	p := r.frame("complaint.check.title")
	return r.page(parts.Citizen, p, views.ComplaintCheckPage(p, views.ComplaintCheck{
		Topic: topic, Kind: d.Kind, Text: d.Text, Place: in.Place, Files: kept, Identity: identity, Answers: in.Given(), District: district,
		Details: d.path("details"), Contact: d.path("contact"), ChangeTopic: d.path("topic"), Action: d.path("registration"),
	}))
}

// pinCookie carries the PIN of a nameless report to the receipt, once shown.
const pinCookie = "pasokh-pin"

// complaintRegistrationCreate files the case and shows its receipt.
func (w *web) complaintRegistrationCreate(r *req) error {
	d, err := r.complaintDraftOf()
	if err != nil {
		return r.answerAgain("complaint", err)
	}
	if err := r.count(limitFiling, r.ip()); err != nil {
		return err
	}
	var receipt *complaints.Receipt
	if err := r.write(func(tx *tenants.Tx) (err error) {
		receipt, err = r.register(tx, d)
		return err
	}); fault.Is(err, fault.Invalid) {
		return r.done(d.path("check")) // which leads to the step that is wrong
	} else if err != nil {
		return r.answerAgain("complaint", err)
	}
	if receipt.PIN != "" {
		w.setCookie(r.c, pinCookie, receipt.PIN, 3600)
	}
	if err := r.track(timeline.Subject{Kind: "complaint", ID: receipt.Complaint.ID}); err != nil {
		return err
	}
	return r.done(complaintReceipt)
}

const complaintReceipt = "/case/receipt"

// register turns the draft into a case: the person, the case, the files.
func (r *req) register(tx *tenants.Tx, d *complaintDraft) (*complaints.Receipt, error) {
	if _, err := citizens.LockDraft(r.ctx, tx, d.id, r.holder()); err != nil {
		return nil, err
	}
	in := d.registration()
	identity, err := d.identity()
	if err != nil {
		return nil, err
	}
	if identity != nil {
		identity.Verified = r.principal.kind == Citizen && identity.Mobile == r.principal.mobile
		person, err := citizens.Ensure(r.ctx, tx, *identity)
		if err != nil {
			return nil, err
		}
		in.CitizenID = &person.ID
	}
	receipt, err := complaints.Register(r.ctx, tx, in)
	if err != nil {
		return nil, err
	}
	if _, err := files.Attach(r.ctx, tx, d.id, files.Subject{Kind: "complaint", ID: receipt.Complaint.ID}, &receipt.Event.ID); err != nil {
		return nil, err
	}
	return receipt, r.fileDraft(tx, d.id, receipt.Complaint.ID, complaintReceipt)
}
