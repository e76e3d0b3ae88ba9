package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"pasokh/app/audit"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// auditKinds are the kinds of objects that the list can be narrowed to.
var auditKinds = []string{
	"complaint", "meeting", "directive", "staff", "citizen", "organization", "settings", "role", "route", "topic", "topic_form", "district",
	"source", "notice", "box", "box_opening", "import_batch", "routing_rule", "text_template", "guidance", "closure", "calendar_week", "unit",
	"sla_class", "gateway", "message", "inbound", "inbound_door", "committee", "sitting", "executive", "meeting_site", "meeting_session",
	"meeting_window", "task", "clock", "file", "audit", "inspection", "violation", "checklist", "emergency", "service", "certificate", "retention", "mobile_change",
}

// auditQuery is what the address of the list says, as typed.
type auditQuery struct{ who, act, kind, id, from, until string }

func (r *req) auditQuery() auditQuery {
	q := auditQuery{who: r.query("who"), act: r.query("act"), kind: r.query("kind"), id: r.query("id"), from: r.query("from"), until: r.query("until")}
	if q.act != "" && !slices.Contains(audit.Acts(), q.act) {
		q.act = ""
	}
	if !slices.Contains(auditKinds, q.kind) {
		q.kind = ""
	}
	return q
}

// auditPath is the page's own address: the platform has its own chain.
func (r *req) auditPath() string {
	if r.tenant.IsPlatform() {
		return "/platform/audit"
	}
	return "/desk/organization/audit"
}

func (q auditQuery) to(base string, before audit.Cursor) string {
	v := url.Values{}
	for key, value := range map[string]string{"who": q.who, "act": q.act, "kind": q.kind, "id": q.id, "from": q.from, "until": q.until} {
		if value != "" {
			v.Set(key, value)
		}
	}
	if before.Seq != 0 {
		v.Set("before", strconv.FormatInt(before.At.UnixMicro(), 10)+"-"+strconv.FormatInt(before.Seq, 10))
	}
	if len(v) == 0 {
		return base
	}
	return base + "?" + v.Encode()
}

// auditFilter is the query as the room takes it; the error names the date that
// cannot be read.
func (r *req) auditFilter(q auditQuery) (f audit.Filter, err error) {
	f.Act, f.ObjectKind = q.act, q.kind
	switch q.who {
	case "":
	case string(tenants.System), string(tenants.Citizen):
		f.Kind = tenants.ActorKind(q.who)
	default:
		f.Kind, f.ActorID = tenants.Staff, max(number(q.who), 1)
	}
	if q.id != "" {
		if f.ObjectID = number(persian.ToASCII(q.id)); f.ObjectID == 0 {
			if f.ObjectID, err = complaints.IDByCode(r.ctx, r.db, q.id); err != nil {
				return f, err
			}
			f.ObjectKind = "complaint"
		}
		f.ObjectID = max(f.ObjectID, 1)
	}
	f.Before = lineOf(r.query("before"))
	return f, q.period(&f)
}

// lineOf reads where a page begins.
func lineOf(text string) (c audit.Cursor) {
	at, seq, _ := strings.Cut(text, "-")
	if c.Seq = number(seq); c.Seq != 0 {
		c.At = instant(number(at))
	}
	return c
}

// period reads the days; the last one is included.
func (q auditQuery) period(f *audit.Filter) error {
	wrong := fault.Fields{}
	day := func(field, typed string) time.Time {
		if typed == "" {
			return time.Time{}
		}
		d, err := persian.ParseDate(typed)
		if err != nil {
			wrong.Add(field, "audit.error.date")
			return time.Time{}
		}
		if field == "until" {
			d = d.AddDays(1)
		}
		return d.Time(0, 0, persian.Tehran).UTC()
	}
	f.From, f.Until = day("from", q.from), day("until", q.until)
	if !f.From.IsZero() && !f.Until.IsZero() && !f.From.Before(f.Until) {
		wrong.Add("until", "audit.error.order")
	}
	return wrong.Err()
}

// auditList is the page of the record. Who looks at one person's doings is on
// record too.
func (w *web) auditList(r *req) error {
	q := r.auditQuery()
	f, err := r.auditFilter(q)
	if err != nil {
		return r.auditAgain(q, err)
	}
	if err := r.lookedAt(f); err != nil {
		return err
	}
	list, more, err := audit.Search(r.ctx, r.db, f)
	if err != nil {
		return err
	}
	m, err := r.auditModel(q, list)
	if err != nil {
		return err
	}
	if more {
		m.Next = q.to(m.Base, list[len(list)-1].Cursor())
	}
	if f.Before.Seq != 0 {
		m.Previous = q.to(m.Base, audit.Cursor{})
	}
	p := r.frame("audit.title")
	return r.page(parts.Desk, p, views.AuditPage(p, m))
}

func (r *req) lookedAt(f audit.Filter) error {
	if f.ActorID == 0 && f.ObjectKind != "citizen" {
		return nil
	}
	kind, id := "staff", f.ActorID
	if f.ActorID == 0 {
		kind, id = "citizen", f.ObjectID
	}
	return r.write(func(tx *tenants.Tx) error { return audit.Opened(r.ctx, tx, "audit.searched", kind, id, "") })
}

// auditAgain shows the page with what was wrong with its dates.
func (r *req) auditAgain(q auditQuery, cause error) error {
	if !fault.Is(cause, fault.Invalid) {
		return cause
	}
	m, err := r.auditModel(q, nil)
	if err != nil {
		return err
	}
	m.Errors = views.ErrorsOf(cause)
	p := r.frame("audit.title")
	return r.again(cause, parts.Desk, p, views.AuditPage(p, m))
}

func (r *req) auditModel(q auditQuery, list []audit.Entry) (*views.Audit, error) {
	base := r.auditPath()
	m := &views.Audit{Base: base, From: q.from, Until: q.until, ID: q.id, Export: q.to(base+"/export", audit.Cursor{}), Sheet: q.to(base+"/sheet", audit.Cursor{})}
	s, err := audit.StateOf(r.ctx, r.db)
	if err != nil {
		return nil, err
	}
	m.State = r.auditState(s)
	names, err := r.auditNames()
	if err != nil {
		return nil, err
	}
	r.auditChoices(m, q, names)
	m.Lines, err = r.auditLines(q, names, list)
	return m, err
}

func (r *req) auditState(s *audit.State) views.AuditState {
	v := views.AuditState{
		Tone: parts.Warning, Title: r.t("audit.chain_unchecked"), Lines: r.t("audit.chain_lines", "n", messages.Number(r.ctx, int(s.Lines))),
		Anchor: r.t("audit.chain_no_anchor"),
	}
	if s.Last != nil {
		v.Anchor = r.t("audit.chain_anchor", "day", messages.ShortDate(r.ctx, s.Last.At), "n", messages.Number(r.ctx, int(s.Last.Seq)))
	}
	if s.Check == nil {
		return v
	}
	v.Checked = r.t("audit.chain_checked", "time", messages.DateTime(r.ctx, s.Check.At), "n", messages.Number(r.ctx, int(s.Check.Good)))
	v.Tone, v.Title = parts.Success, r.t("audit.chain_good")
	if !s.Check.Holds() {
		v.Tone, v.Title, v.Why = parts.Danger, r.t("audit.chain_broken", "n", messages.Number(r.ctx, int(s.Check.Broken))), r.t("audit.why."+s.Check.Why)
	}
	return v
}
