package web

import (
	"time"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/persian"
	"pasokh/app/timeline"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// papers reads the numbers and dates that stand on a paper.
func (f form) papers() (complaints.Papers, error) {
	wrong := fault.Fields{}
	p := complaints.Papers{
		SecretariatNumber: f.text("secretariat_number"), LetterOn: f.day("letter_on", wrong),
		Source: f.text("source"), ExternalNumber: f.text("external_number"),
	}
	due, err := f.moment("external_due")
	if err == nil && !due.IsZero() {
		p.ExternalDueAt = &due
	}
	return p, both(wrong.Err(), err)
}

// typedPapers fills the fields of papers.
func typedPapers(p complaints.Papers) views.PapersForm {
	m := views.PapersForm{Secretariat: p.SecretariatNumber, Source: p.Source, External: p.ExternalNumber}
	if p.LetterOn != "" {
		if day, err := time.ParseInLocation(time.DateOnly, p.LetterOn, persian.Tehran); err == nil {
			m.LetterOn = persian.ShortDateEN(persian.DateOf(day))
		}
	}
	if p.ExternalDueAt != nil {
		m.Due, _ = typedMoment(*p.ExternalDueAt)
	}
	return m
}

// deskPapers is the form in which the numbers and dates of a case are mended.
func (w *web) deskPapers(r *req) error {
	c, err := r.caseOfPath()
	if err != nil {
		return err
	}
	m := typedPapers(complaints.PapersOf(c))
	return r.papersForm(c, &m, nil)
}

// caseOfPath is the case of the address, for who may see it.
func (r *req) caseOfPath() (*complaints.Complaint, error) {
	id, err := r.id("id")
	if err != nil {
		return nil, err
	}
	return complaints.ByID(r.ctx, r.db, r.principal.actor, id)
}

func (r *req) papersForm(c *complaints.Complaint, m *views.PapersForm, cause error) error {
	m.Code, m.Path, m.Errors, m.Sent = persian.ShowCode(c.Code), casePath(c.ID), views.ErrorsOf(cause), c.CameFromAfar()
	sources, err := tenants.AllSources(r.ctx, r.db)
	if err != nil {
		return err
	}
	for _, s := range sources {
		if s.Active || s.Code == c.Source {
			m.Sources = append(m.Sources, parts.Option{Value: s.Code, Label: r.in(s.NameFA, s.NameEN), Selected: s.Code == m.Source})
		}
	}
	p := r.frame("paper.papers.title")
	if cause == nil {
		return r.page(parts.Desk, p, views.PapersPage(p, m))
	}
	if m.Taken, err = r.takenBy(cause, m.Source, m.External); err != nil {
		return err
	}
	return r.again(cause, parts.Desk, p, views.PapersPage(p, m))
}

// takenBy is the case that has the number already, when that is what is wrong
// and the person may see it.
func (r *req) takenBy(cause error, source, external string) (*views.DeskOther, error) {
	if fault.As(cause).Fields["external_number"] != "complaint.error.external_taken" {
		return nil, nil //nolint:nilnil // nothing is taken
	}
	c, err := complaints.ByExternal(r.ctx, r.db, r.principal.actor, source, external)
	if fault.Is(err, fault.NotFound) {
		return nil, nil //nolint:nilnil // not for this person
	}
	if err != nil {
		return nil, err
	}
	o := other(c)
	return &o, nil
}

func (w *web) deskPapersSave(r *req) error {
	c, err := r.caseOfPath()
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	in, err := f.papers()
	if due := complaints.PapersOf(c).ExternalDueAt; err == nil && in.ExternalDueAt != nil && due != nil && sameDay(*due, *in.ExternalDueAt) {
		in.ExternalDueAt = due // the form shows the day only
	}
	if err == nil {
		err = r.write(func(tx *tenants.Tx) error {
			_, err := complaints.SetPapers(r.ctx, tx, c.ID, in)
			return err
		})
	}
	if fault.Is(err, fault.Invalid) {
		m := &views.PapersForm{
			Secretariat: f.text("secretariat_number"), LetterOn: f.text("letter_on"), Source: f.text("source"), External: f.text("external_number"), Due: f.text("external_due"),
		}
		return r.papersForm(c, m, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "paper.papers.saved")
	return r.done(casePath(c.ID))
}

func sameDay(a, b time.Time) bool {
	return persian.DateOf(a.In(persian.Tehran)) == persian.DateOf(b.In(persian.Tehran))
}

// paperFacts are what stands on the papers of a case.
func (r *req) paperFacts(c *complaints.Complaint) []parts.Fact {
	var facts []parts.Fact
	if c.ExternalDueAt != nil {
		facts = append(facts, parts.Fact{Label: r.t("paper.external_due"), Body: views.SourceDue(*c.ExternalDueAt, r.now(), c.Open())})
	}
	if c.SecretariatNumber != "" {
		facts = append(facts, parts.Fact{Label: r.t("paper.secretariat"), Value: messages.Digits(r.ctx, c.SecretariatNumber), Dir: "ltr"})
	}
	if c.LetterOn != "" {
		facts = append(facts, parts.Fact{Label: r.t("paper.letter_on"), Value: messages.ShortDate(r.ctx, noonOf(c.LetterOn))})
	}
	if c.BoxOpeningID != nil && r.can("box:read") {
		facts = append(facts, parts.Fact{Label: r.t("complaint.channel.box"), Body: parts.Link(parts.LinkOpts{Label: r.t("paper.opening.see"), Href: openingPath(*c.BoxOpeningID)})})
	}
	return facts
}

// paperLinks are what can be done with the papers of a case.
func (r *req) paperLinks(d *dossier) []parts.LinkOpts {
	var links []parts.LinkOpts
	if r.can("complaint:papers") {
		links = append(links, parts.LinkOpts{Label: r.t("paper.papers.edit"), Href: casePath(d.ID) + "/papers", Icon: "pencil", Small: true})
	}
	if r.can("complaint:register") {
		links = append(links, parts.LinkOpts{Label: r.t("paper.receipt.print"), Href: casePath(d.ID) + "/receipt", Icon: "printer", Small: true})
	}
	if r.can("complaint:papers") && d.MayBeMistaken(d.events) {
		links = append(links, parts.LinkOpts{Label: r.t("paper.mistake.act"), Href: casePath(d.ID) + "/mistake", Icon: "undo-2", Small: true})
	}
	return links
}

// deskMistake asks why a letter is taken back.
func (w *web) deskMistake(r *req) error {
	c, err := r.caseOfPath()
	if err != nil {
		return err
	}
	return r.mistakeForm(c, "", nil)
}

func (r *req) mistakeForm(c *complaints.Complaint, reason string, cause error) error {
	m := &views.MistakeForm{Code: persian.ShowCode(c.Code), Path: casePath(c.ID), Text: c.Text, Reason: reason, Errors: views.ErrorsOf(cause)}
	p := r.frame("paper.mistake.title")
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.MistakePage(p, m))
	}
	return r.page(parts.Desk, p, views.MistakePage(p, m))
}

func (w *web) deskMistakeCreate(r *req) error {
	c, err := r.caseOfPath()
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	reason := f.text("reason")
	err = r.write(func(tx *tenants.Tx) error {
		_, err := complaints.Mistaken(r.ctx, tx, c.ID, reason)
		return err
	})
	if fault.Is(err, fault.Invalid) {
		return r.mistakeForm(c, reason, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "paper.mistake.done")
	if c.BoxOpeningID != nil {
		return r.done(openingPath(*c.BoxOpeningID))
	}
	return r.done(casePath(c.ID))
}

// deskReceiptSheet is the receipt of a case on paper, as the office hands it
// over: with its number and date, and who received it.
func (w *web) deskReceiptSheet(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	c, err := complaints.FolderByID(r.ctx, r.db, r.principal.actor, id)
	if err != nil {
		return err
	}
	m := r.paperReceipt(c)
	if err := r.receivedBy(c, &m); err != nil {
		return err
	}
	p := r.frame("paper.receipt.title")
	p.Paths.Home = casePath(c.ID)
	return r.page(parts.Print, p, views.PaperReceiptSheets(p, []views.PaperReceipt{m}))
}

// paperReceipt is the receipt of a case, with its PIN while this browser knows
// it.
func (r *req) paperReceipt(c *complaints.Folder) views.PaperReceipt {
	m := views.PaperReceipt{
		Code: persian.ShowCode(c.Code), At: c.RegisteredAt, Kind: c.Kind, Topic: r.in(c.TopicFA, c.TopicEN), Text: c.Text, Name: c.Name, Nameless: c.Anonymous(),
		Number: c.SecretariatNumber, Promised: &c.PromisedAt, Legal: &c.LegalDueAt, Channel: c.Channel, Address: r.trackAddress(), QR: qrOf(r.trackAddress() + "?code=" + c.Code),
	}
	if c.LetterOn != "" {
		m.LetterOn = messages.ShortDate(r.ctx, noonOf(c.LetterOn))
	}
	if pin := r.pins()[c.ID]; pin != "" {
		m.PIN = persian.ShowPIN(pin)
	}
	return m
}

// receivedBy says who received the case, and with how many enclosures.
func (r *req) receivedBy(c *complaints.Folder, m *views.PaperReceipt) error {
	events, err := timeline.Of(r.ctx, r.db, c.Subject(), false)
	if err != nil {
		return err
	}
	sent, err := files.Of(r.ctx, r.db, files.Subject{Kind: "complaint", ID: c.ID}, false)
	for i := range events {
		if e := &events[i]; e.Kind == "complaint.registered" && e.ActorKind == tenants.Staff {
			m.ReceivedBy, m.Files = e.ActorName, sentWith(sent, e.ID)
		}
	}
	return err
}

// sentWith counts the files that an event brought.
func sentWith(list []files.File, event int64) (n int) {
	for i := range list {
		if list[i].EventID != nil && *list[i].EventID == event {
			n++
		}
	}
	return n
}

// noonOf is noon of a day as rooms keep days.
func noonOf(day string) time.Time {
	t, _ := time.ParseInLocation(time.DateOnly, day, persian.Tehran) // the zero day when it is none
	return t.Add(12 * time.Hour)
}
