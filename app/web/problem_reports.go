package web

import (
	"net/url"

	"pasokh/app/fault"
	"pasokh/app/settings"
	"pasokh/app/staff"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

const (
	problemPath  = "/problems/new"
	problemsPath = "/desk/organization/problems"
)

// problemHref leads from this page to the form of a problem; empty when the
// organization is not on trial.
func (r *req) problemHref() string {
	if r.tenant == nil || !settings.OnTrial(r.tenant) {
		return ""
	}
	return problemPath + "?" + url.Values{"page": {r.c.Path()}}.Encode()
}

// problemForm asks what does not work.
func (w *web) problemForm(r *req) error {
	if !settings.OnTrial(r.tenant) {
		return fault.New(fault.NotFound, "error.not_found")
	}
	return r.problemPage(r.query("page"), "", nil)
}

func (r *req) problemPage(page, text string, cause error) error {
	p := r.frame("problem_report.title")
	p.Paths.Problem = ""
	m := views.ProblemReport{Page: page, Text: text, Action: problemPath, Limit: settings.ProblemText, Errors: views.ErrorsOf(cause)}
	if cause != nil {
		return r.again(cause, parts.Citizen, p, views.ProblemReportPage(p, m))
	}
	return r.page(parts.Citizen, p, views.ProblemReportPage(p, m))
}

// problemCreate keeps the report; who is signed in as staff is named with it.
func (w *web) problemCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	if err := r.count(limitProblems, r.ip()); err != nil {
		return err
	}
	page, text := f.text("page"), f.text("text")
	err = r.db.Write(r.ctx, r.reporter(), func(tx *tenants.Tx) error { return settings.ReportProblem(r.ctx, tx, page, text) })
	if fault.Is(err, fault.Invalid) {
		return r.problemPage(page, text, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "problem_report.sent")
	return r.done("/")
}

// reporter is the member of the staff who is signed in in this browser, else a
// citizen.
func (r *req) reporter() tenants.Actor {
	if who, err := staff.Authenticate(r.ctx, r.db, r.cookie(cookieNames[Staff])); err == nil {
		return who.Actor
	}
	return tenants.Actor{Kind: tenants.Citizen}
}

// problems lists what was reported.
func (w *web) problems(r *req) error {
	closed := r.query("view") == "closed"
	list, more, err := settings.Problems(r.ctx, r.db, closed, number(r.query("before")))
	if err != nil {
		return err
	}
	names, err := r.auditNames()
	if err != nil {
		return err
	}
	by := map[int64]string{}
	for _, n := range names {
		by[n.id] = n.name
	}
	m := views.ProblemList{Closed: closed, Tabs: []parts.Tab{
		{Label: r.t("problem_report.open"), Href: problemsPath, Current: !closed}, {Label: r.t("problem_report.closed"), Href: problemsPath + "?view=closed", Current: closed},
	}}
	for _, p := range list {
		row := views.ProblemRow{ID: p.ID, Text: p.Text, Page: p.Page, When: messages.DateTime(r.ctx, p.CreatedAt), Who: r.t("audit.citizen"), Path: problemsPath + "/" + idText(p.ID) + "/closure"}
		if p.StaffID != nil {
			row.Who = by[*p.StaffID]
		}
		if p.ClosedBy != nil && p.ClosedAt != nil {
			row.ClosedBy, row.ClosedAt = by[*p.ClosedBy], messages.DateTime(r.ctx, *p.ClosedAt)
		}
		m.Rows = append(m.Rows, row)
	}
	if more {
		m.Next = problemsPath + "?" + url.Values{"view": {r.query("view")}, "before": {idText(list[len(list)-1].ID)}}.Encode()
	}
	p := r.frame("problem_report.list")
	return r.page(parts.Desk, p, views.ProblemListPage(p, m))
}

// problemClosureCreate says that a report was seen to.
func (w *web) problemClosureCreate(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	if err := r.write(func(tx *tenants.Tx) error { return settings.CloseProblem(r.ctx, tx, id) }); err != nil {
		return err
	}
	r.flash(parts.Success, "problem_report.closed_told")
	return r.done(problemsPath)
}
