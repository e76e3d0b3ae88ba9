package web

import (
	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/privacy"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

const privacyPath = "/desk/privacy"

// privacyDesk lists the wishes of people about their own data.
func (w *web) privacyDesk(r *req) error {
	m, err := r.privacyModel()
	if err != nil {
		return err
	}
	p := r.frame("privacy.desk.title")
	return r.page(parts.Desk, p, views.PrivacyDeskPage(p, m))
}

func (r *req) privacyModel() (*views.PrivacyDesk, error) {
	m := &views.PrivacyDesk{Decided: r.query("tab") == "decided", Now: r.now(), CanDecide: r.can("privacy:decide"), Tabs: r.privacyTabs()}
	list, more, err := privacy.Requests(r.ctx, r.db, !m.Decided, number(r.query("after")))
	if err != nil {
		return nil, err
	}
	var people []int64
	for i := range list {
		people = append(people, list[i].CitizenID)
	}
	if !m.Decided {
		if m.Moves, err = r.openMoves(&people); err != nil {
			return nil, err
		}
	}
	known, err := citizens.ByIDs(r.ctx, r.db, people)
	if err != nil {
		return nil, err
	}
	names, err := r.auditNames()
	if err != nil {
		return nil, err
	}
	for i := range list {
		q := &list[i]
		line := views.PrivacyRequest{Request: *q, Who: known[q.CitizenID].Name}
		if q.DecidedBy != nil {
			line.By = nameOf(names, *q.DecidedBy)
		}
		m.Requests = append(m.Requests, line)
	}
	for i := range m.Moves {
		if id := m.Moves[i].CitizenID; id != nil {
			m.Moves[i].Who, m.Moves[i].Masked = known[*id].Name, maskedID(known[*id])
		}
	}
	if more {
		m.Next = privacyPath + "?tab=" + r.query("tab") + "&after=" + idText(list[len(list)-1].ID)
	}
	return m, nil
}

func maskedID(c citizens.Citizen) string { return c.MaskedNationalID() }

func nameOf(names []auditName, id int64) string {
	for _, n := range names {
		if n.id == id {
			return n.name
		}
	}
	return ""
}

// movesShown is how many changes of number the page shows; the rest follow when
// those are judged.
const movesShown = 100

func (r *req) openMoves(people *[]int64) (moves []views.PrivacyMove, err error) {
	list, err := citizens.OpenMoves(r.ctx, r.db, nil, movesShown)
	for i := range list {
		c := &list[i]
		if c.CitizenID != nil {
			*people = append(*people, *c.CitizenID)
		}
		moves = append(moves, views.PrivacyMove{MobileChange: *c, Old: persian.MaskMobile(c.OldMobile), New: persian.MaskMobile(c.NewMobile)})
	}
	return moves, err
}

func (r *req) privacyTabs() []parts.Tab {
	at := r.c.Path()
	decided := r.query("tab") == "decided"
	return []parts.Tab{
		{Label: r.t("privacy.tab.open"), Href: privacyPath, Current: at == privacyPath && !decided},
		{Label: r.t("privacy.tab.decided"), Href: privacyPath + "?tab=decided", Current: at == privacyPath && decided},
		{Label: r.t("privacy.tab.holds"), Href: holdsPath, Current: at == holdsPath},
		{Label: r.t("privacy.tab.retention"), Href: retentionPath, Current: at == retentionPath},
	}
}

// onPrivacy runs a command on what the address names; what was wrong comes back
// beside its field.
func (r *req) onPrivacy(done string, do func(tx *tenants.Tx, id int64, f form) error) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	err = r.write(func(tx *tenants.Tx) error { return do(tx, id, f) })
	if fault.Is(err, fault.Invalid) {
		m, again := r.privacyModel()
		if again != nil {
			return again
		}
		m.Open, m.Errors, m.Typed = id, views.ErrorsOf(err), f.values
		p := r.frame("privacy.desk.title")
		return r.again(err, parts.Desk, p, views.PrivacyDeskPage(p, m))
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, done)
	return r.done(privacyPath)
}

func (w *web) privacyApprovalCreate(r *req) error {
	return r.onPrivacy("privacy.erased_now", func(tx *tenants.Tx, id int64, _ form) error { return privacy.Approve(r.ctx, tx, id) })
}

func (w *web) privacyRefusalCreate(r *req) error {
	return r.onPrivacy("privacy.refused_now", func(tx *tenants.Tx, id int64, f form) error {
		return privacy.Refuse(r.ctx, tx, id, privacy.Ground(f.text("ground")), f.text("reason"))
	})
}

func (w *web) privacyMoveApprovalCreate(r *req) error {
	return r.onPrivacy("privacy.moved_now", func(tx *tenants.Tx, id int64, f form) error {
		return citizens.AllowMove(r.ctx, tx, id, f.text("reason"))
	})
}

func (w *web) privacyMoveRefusalCreate(r *req) error {
	return r.onPrivacy("privacy.refused_now", func(tx *tenants.Tx, id int64, f form) error {
		return citizens.RefuseMove(r.ctx, tx, id, f.text("reason"))
	})
}

// privacyErasureSheet is the certificate of an erasure, on paper.
func (w *web) privacyErasureSheet(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	q, err := privacy.ByID(r.ctx, r.db, id)
	if err != nil {
		return err
	}
	if q.State != privacy.Erased {
		return fault.New(fault.NotFound, "error.not_found")
	}
	names, err := r.auditNames()
	if err != nil {
		return err
	}
	by := ""
	if q.DecidedBy != nil {
		by = nameOf(names, *q.DecidedBy)
	}
	p := r.frame("privacy.sheet_title")
	p.Paths.Home = privacyPath + "?tab=decided"
	return r.page(parts.Print, p, views.ErasureSheet(p, *q, by, messages.ShortDate(r.ctx, r.now())))
}
