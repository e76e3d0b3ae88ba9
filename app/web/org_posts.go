package web

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

const postsPath = "/desk/organization/executives"

// orgPosts lists the posts that meet the public, with who holds them.
func (w *web) orgPosts(r *req) error {
	list, err := directives.Posts(r.ctx, r.db)
	if err != nil {
		return err
	}
	m := &views.OrgList{
		Title: r.t("posts.title"), Text: r.t("posts.text"), NewHref: postsPath + "/new", NewLabel: r.t("posts.new"),
		Columns: []string{r.t("posts.holder"), r.t("posts.deputies")}, Empty: r.t("posts.none"), Moves: true,
	}
	for i := range list {
		e := &list[i]
		row := views.OrgRow{Path: postsPath + "/" + idText(e.ID), Name: r.in(e.PostFA, e.PostEN), Active: e.Active}
		if e.StaffID == nil {
			row.Sub = r.t("desk.organization.no_account")
		}
		deputies := "—"
		if n := len(e.Deputies); n > 0 {
			deputies = r.t("posts.deputies_now", "n", n)
		}
		row.Cells = []views.OrgCell{{Text: r.in(e.NameFA, e.NameEN)}, {Text: deputies}}
		m.Rows = append(m.Rows, row)
	}
	m.MarkEnds(func(i int) int64 {
		if list[i].Active {
			return 0
		}
		return list[i].ID
	})
	p := r.frame("posts.title")
	return r.page(parts.Desk, p, views.OrgListPage(p, m))
}

func (w *web) orgPostNew(r *req) error { return r.postNewPage(map[string]string{}, nil) }

// postFields are what the forms of a post may hold.
var postFields = []string{"code", "post_fa", "post_en", "name_fa", "name_en", "staff", "from", "from_time", "until", "until_time"}

func (f form) postFields() map[string]string {
	typed := map[string]string{}
	for _, field := range postFields {
		typed[field] = f.text(field)
	}
	return typed
}

func (r *req) postNewPage(typed map[string]string, cause error) error {
	m := &views.PostForm{Typed: typed, Action: postsPath, Errors: views.ErrorsOf(cause)}
	var err error
	if m.Staff, err = r.accountOptions(typed["staff"]); err != nil {
		return err
	}
	p := r.frame("posts.new")
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.PostNewPage(p, m))
	}
	return r.page(parts.Desk, p, views.PostNewPage(p, m))
}

// accountOptions offers the accounts in use.
func (r *req) accountOptions(chosen string) ([]parts.Option, error) {
	all, err := staff.Roster(r.ctx, r.db)
	var list []staff.Member
	for i := range all {
		if all[i].DisabledAt == nil {
			list = append(list, all[i])
		}
	}
	return choose(list, chosen, func(m staff.Member) (string, string) {
		return idText(m.ID), r.in(m.NameFA, m.NameEN) + " (" + m.UserName + ")"
	}), err
}

func (f form) account() *int64 {
	if id := f.id("staff"); id != 0 {
		return &id
	}
	return nil
}

func (w *web) orgPostCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	err = r.write(func(tx *tenants.Tx) error {
		return directives.AddPost(r.ctx, tx, &directives.Executive{
			Code: f.text("code"), PostFA: f.text("post_fa"), PostEN: f.text("post_en"), NameFA: f.text("name_fa"), NameEN: f.text("name_en"), StaffID: f.account(),
		})
	})
	if fault.Is(err, fault.Invalid) {
		return r.postNewPage(f.postFields(), err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "org.saved")
	return r.done(postsPath)
}

// orgPost is the page of one post: its name, its holder, its deputies, its end.
func (w *web) orgPost(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	return r.postPage(id, "", map[string]string{}, nil)
}

// postPage answers with the page of a post; the form that came back is named.
func (r *req) postPage(id int64, form string, typed map[string]string, cause error) error {
	e, err := directives.ExecutiveByID(r.ctx, r.db, id)
	if err != nil {
		return err
	}
	m := &views.PostPage{Post: *e, Form: form, Typed: typed, Action: postsPath + "/" + idText(id), Errors: views.ErrorsOf(cause), Now: r.now()}
	if fault.Is(cause, fault.Conflict) {
		e := fault.As(cause)
		m.Notice = r.t(e.Key, e.Args...)
	}
	if m.Staff, err = r.accountOptions(typed["staff"]); err != nil {
		return err
	}
	if m.Duties, err = meetings.DutiesOf(r.ctx, r.db, id); err != nil {
		return err
	}
	if err := r.postTerms(m); err != nil {
		return err
	}
	if err := r.postInvites(m); err != nil {
		return err
	}
	p := r.frame("posts.edit")
	if m.Notice != "" {
		r.c.Status(fiber.StatusConflict)
		return r.page(parts.Desk, p, views.PostPageView(p, m))
	}
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.PostPageView(p, m))
	}
	return r.page(parts.Desk, p, views.PostPageView(p, m))
}

// postInvites reads how many sessions stand in calendars because of the post, and
// whether mail reaches its holder.
func (r *req) postInvites(m *views.PostPage) (err error) {
	m.InviteDays = min(r.tenant.Settings.HorizonDays, meetings.MostInviteDays)
	if m.Invited, err = meetings.ComingInvites(r.ctx, r.db, m.Post.ID); err != nil || m.Post.StaffID == nil {
		return err
	}
	holder, err := staff.ByID(r.ctx, r.db, *m.Post.StaffID)
	m.Mailless = err == nil && holder.Email == ""
	return err
}

// postTerms reads who held the post and who stood in, the newest first; the
// holder before the first term is on the row.
func (r *req) postTerms(m *views.PostPage) error {
	list, err := directives.Terms(r.ctx, r.db, m.Post.ID)
	if err != nil {
		return err
	}
	var first *time.Time
	for i := range list {
		t := &list[i]
		line := views.TermLine{Name: r.in(t.NameFA, t.NameEN), Account: t.StaffID != nil, From: messages.DateTime(r.ctx, t.FromAt), Now: t.At(r.now()), Coming: t.FromAt.After(r.now())}
		if t.UntilAt != nil {
			line.Until = messages.DateTime(r.ctx, *t.UntilAt)
		}
		if line.Coming || t.Kind == directives.TermDeputy && line.Now {
			line.End = "/desk/organization/terms/" + idText(t.ID) + "/end"
		}
		if t.Kind == directives.TermDeputy {
			m.Deputies = append(m.Deputies, line)
			continue
		}
		m.Holders, first = append(m.Holders, line), &t.FromAt
	}
	before := time.Time{}
	if first != nil {
		before = first.Add(-time.Nanosecond)
	}
	e, err := directives.InOfficeAt(r.ctx, r.db, m.Post.ID, before)
	if err != nil {
		return err
	}
	line := views.TermLine{Name: r.in(e.NameFA, e.NameEN), Account: e.StaffID != nil, Now: first == nil || first.After(r.now())}
	if first != nil {
		line.Until = messages.DateTime(r.ctx, *first)
	}
	m.Holders = append(m.Holders, line)
	return nil
}
