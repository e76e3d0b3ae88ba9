package web

import (
	"maps"
	"slices"
	"strconv"

	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/privacy"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

const (
	holdsPath     = "/desk/privacy/holds"
	retentionPath = "/desk/privacy/retention"
)

// privacyHolds lists what is held.
func (w *web) privacyHolds(r *req) error { return r.holdsPage(&views.Holds{}, nil) }

func (r *req) holdsPage(m *views.Holds, cause error) error {
	m.Tabs, m.CanHold, m.Errors = r.privacyTabs(), r.can("privacy:hold"), views.ErrorsOf(cause)
	list, more, err := privacy.Holds(r.ctx, r.db, number(r.query("before")))
	if err != nil {
		return err
	}
	if m.Lines, err = r.holdLines(list); err != nil {
		return err
	}
	if more {
		m.Next = holdsPath + "?before=" + idText(list[len(list)-1].ID)
	}
	p := r.frame("privacy.holds_title")
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.HoldsPage(p, m))
	}
	return r.page(parts.Desk, p, views.HoldsPage(p, m))
}

// holdLines say what is held, as far as the reader is shown it.
func (r *req) holdLines(list []privacy.LegalHold) ([]views.HoldLine, error) {
	var cases, people []int64
	for i := range list {
		if list[i].SubjectKind == privacy.HoldsCase {
			cases = append(cases, list[i].SubjectID)
		} else {
			people = append(people, list[i].SubjectID)
		}
	}
	names, err := r.auditNames()
	if err != nil {
		return nil, err
	}
	codes, err := complaints.CodesOf(r.ctx, r.db, r.principal.actor, cases)
	if err != nil {
		return nil, err
	}
	known, err := citizens.ByIDs(r.ctx, r.db, people)
	if err != nil {
		return nil, err
	}
	concealed, err := complaints.Concealed(r.ctx, r.db, r.principal.actor, people)
	lines := make([]views.HoldLine, 0, len(list))
	for i := range list {
		h := &list[i]
		line := views.HoldLine{LegalHold: *h, By: nameOf(names, h.PlacedBy), What: known[h.SubjectID].Name}
		switch code := codes[h.SubjectID]; {
		case h.SubjectKind != privacy.HoldsCase && concealed[h.SubjectID]:
			line.What = r.t("privacy.hold.somebody")
		case h.SubjectKind == privacy.HoldsCase && code == "":
			line.What = r.t("privacy.hold.secret")
		case h.SubjectKind == privacy.HoldsCase:
			line.What = isolated(persian.ShowCode(code))
		}
		lines = append(lines, line)
	}
	return lines, err
}

// privacyHoldCreate places a hold.
func (w *web) privacyHoldCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	err = r.write(func(tx *tenants.Tx) error {
		_, err := privacy.Place(r.ctx, tx, f.text("kind"), f.text("code"), f.text("reason"))
		return err
	})
	if fault.Is(err, fault.Invalid) {
		return r.holdsPage(&views.Holds{Code: f.text("code"), Kind: f.text("kind"), Reason: f.text("reason")}, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "privacy.hold.placed")
	return r.done(holdsPath)
}

// privacyHoldLifting ends a hold.
func (w *web) privacyHoldLifting(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	err = r.write(func(tx *tenants.Tx) error { return privacy.Lift(r.ctx, tx, id, f.text("reason")) })
	if fault.Is(err, fault.Invalid) {
		return r.holdsPage(&views.Holds{Open: id, LiftReason: f.text("reason")}, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "privacy.hold.lifted_now")
	return r.done(holdsPath)
}

// privacyRetention shows how long what is kept, what goes next, and the
// certificates of what went.
func (w *web) privacyRetention(r *req) error { return r.retentionPage(nil, nil) }

func (r *req) retentionPage(typed map[string]string, cause error) error {
	rules, err := privacy.RulesOf(r.ctx, r.db)
	if err != nil {
		return err
	}
	next, err := privacy.Preview(r.ctx, r.db, rules.Periods, r.now().AddDate(0, 1, 0))
	if err != nil {
		return err
	}
	runs, more, err := privacy.Certificates(r.ctx, r.db, int(number(r.query("before"))))
	if err != nil {
		return err
	}
	changes, err := privacy.History(r.ctx, r.db)
	if err != nil {
		return err
	}
	m := &views.Retention{Tabs: r.privacyTabs(), Rules: rules, Next: next, Runs: runs, Typed: typed, CanEdit: r.can("privacy:retain"), Errors: views.ErrorsOf(cause), Changes: changes}
	if m.Typed == nil {
		m.Typed = map[string]string{}
		for class := range maps.Keys(rules.Periods) {
			m.Typed[string(class)] = strconv.Itoa(rules.Periods[class])
		}
	}
	if more {
		m.Older = retentionPath + "?before=" + strconv.Itoa(runs[len(runs)-1].Number)
	}
	p := r.frame("retention.title")
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.RetentionPage(p, m))
	}
	return r.page(parts.Desk, p, views.RetentionPage(p, m))
}

// privacyRetentionSave writes the periods.
func (w *web) privacyRetentionSave(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	in, typed := privacy.Periods{}, map[string]string{}
	for _, class := range privacy.Classes() {
		typed[string(class)] = f.text(string(class))
		in[class], _ = f.number(string(class)) // what is no number is out of the bounds
	}
	err = r.write(func(tx *tenants.Tx) error { return privacy.SetPeriods(r.ctx, tx, in) })
	if fault.Is(err, fault.Invalid) {
		return r.retentionPage(typed, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "retention.saved")
	return r.done(retentionPath)
}

// privacyCertificate is a certificate on paper, with whether the audit proves it.
func (w *web) privacyCertificate(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	run, err := privacy.CertificateByID(r.ctx, r.db, id)
	if err != nil {
		return err
	}
	proven, err := run.Proven(r.ctx, r.db)
	if err != nil {
		return err
	}
	p := r.frame("retention.certificate")
	p.Paths.Home = retentionPath
	classes := slices.Clone(privacy.Counted())
	return r.page(parts.Print, p, views.RetentionSheet(p, run, classes, proven, messages.ShortDate(r.ctx, *run.EndedAt)))
}
