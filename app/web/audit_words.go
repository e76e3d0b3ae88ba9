package web

import (
	"slices"
	"strings"

	"pasokh/app/audit"
	"pasokh/app/complaints"
	"pasokh/app/emergency"
	"pasokh/app/persian"
	"pasokh/app/staff"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// auditName is a member of staff as the record shows them.
type auditName struct {
	id   int64
	name string
}

func (r *req) auditNames() ([]auditName, error) {
	people, err := staff.Roster(r.ctx, r.db)
	list := make([]auditName, len(people))
	for i := range people {
		list[i] = auditName{people[i].ID, r.in(people[i].NameFA, people[i].NameEN)}
	}
	if err != nil {
		return nil, err
	}
	if !r.tenant.IsPlatform() {
		grants, _, err := emergency.List(r.ctx, r.db, 0)
		if err != nil {
			return nil, err
		}
		for i := range grants {
			list = append(list, auditName{grants[i].ID, r.t("emergency.looker", "name", r.in(grants[i].HolderFA, grants[i].HolderEN))})
		}
	}
	slices.SortFunc(list, func(a, b auditName) int { return strings.Compare(a.name, b.name) })
	return list, err
}

// actWord says what an act is.
func (r *req) actWord(act string) string {
	if permission, ok := strings.CutPrefix(act, audit.Denied); ok && permission != "" {
		if key := "permission." + strings.ReplaceAll(permission, ":", "."); messages.Has(r.lang, key) {
			permission = r.t(key)
		}
		return r.t("audit.denied_of", "permission", isolated(permission))
	}
	if key := "audit.act." + audit.Word(act); messages.Has(r.lang, key) {
		return r.t(key)
	}
	return r.t("audit.act.other", "act", isolated(act))
}

// whoWord says who acted.
func (r *req) whoWord(e *audit.Entry, names []auditName) string {
	if e.ActorKind != tenants.Staff {
		return r.t("audit." + string(e.ActorKind))
	}
	at := slices.IndexFunc(names, func(n auditName) bool { return n.id == e.ActorID })
	if at < 0 {
		return r.t("audit.gone")
	}
	return names[at].name
}

func (r *req) kindWord(kind string) string {
	if key := "audit.object." + kind; messages.Has(r.lang, key) {
		return r.t(key)
	}
	return r.t("audit.object.other")
}

// auditLines puts lines into words, with ways to what they are about as far as
// the person may see it.
func (r *req) auditLines(q auditQuery, names []auditName, list []audit.Entry) ([]views.AuditLine, error) {
	codes, err := r.auditCodes(list)
	if err != nil {
		return nil, err
	}
	lines := make([]views.AuditLine, len(list))
	for i := range list {
		e := &list[i]
		l := views.AuditLine{
			Seq: e.Seq, Day: messages.ShortDate(r.ctx, e.At), Clock: messages.Clock(r.ctx, e.At), Who: r.whoWord(e, names),
			Act: r.actWord(e.Act), Detail: r.auditDetail(e), Denied: strings.HasPrefix(e.Act, audit.Denied),
		}
		if e.ActorKind == tenants.Staff && e.ActorID != 0 && q.who == "" {
			narrow := q
			narrow.who = idText(e.ActorID)
			l.WhoHref = narrow.to(r.auditPath(), audit.Cursor{})
		}
		l.About, l.AboutRef = r.aboutLine(e, names, codes)
		lines[i] = l
	}
	return lines, nil
}

// auditCodes are the codes of the cases among the objects that the person may see.
func (r *req) auditCodes(list []audit.Entry) (map[int64]string, error) {
	if !r.can("complaint:read") {
		return nil, nil //nolint:nilnil // nothing to show
	}
	var ids []int64
	for i := range list {
		if list[i].ObjectKind == "complaint" {
			ids = append(ids, list[i].ObjectID)
		}
	}
	slices.Sort(ids)
	return complaints.CodesOf(r.ctx, r.db, r.principal.actor, slices.Compact(ids))
}

func (r *req) aboutLine(e *audit.Entry, names []auditName, codes map[int64]string) (text, href string) {
	text = r.kindWord(e.ObjectKind)
	switch e.ObjectKind {
	case "complaint":
		if code := codes[e.ObjectID]; code != "" {
			return text + " " + isolated(persian.ShowCode(code)), casePath(e.ObjectID)
		}
	case "meeting":
		if r.can("meeting:read") {
			return text, "/desk/meetings/" + idText(e.ObjectID)
		}
	case "directive":
		if r.can("directive:read_all") {
			return text, "/desk/directives/" + idText(e.ObjectID)
		}
	case "staff":
		if at := slices.IndexFunc(names, func(n auditName) bool { return n.id == e.ObjectID }); at >= 0 {
			return text + " " + names[at].name, ""
		}
	}
	return text, ""
}

// auditChoices fills the fields of the filter, and what is chosen in them.
func (r *req) auditChoices(m *views.Audit, q auditQuery, names []auditName) {
	base := m.Base
	chip := func(key, value string, without auditQuery) {
		if value != "" {
			m.Chips = append(m.Chips, parts.Chip{Label: r.t(key), Value: value, Remove: without.to(base, audit.Cursor{})})
		}
	}
	for _, kind := range []tenants.ActorKind{tenants.System, tenants.Citizen} {
		m.People = append(m.People, parts.Option{Value: string(kind), Label: r.t("audit." + string(kind)), Group: r.t("audit.group_others"), Selected: q.who == string(kind)})
	}
	for _, n := range names {
		m.People = append(m.People, parts.Option{Value: idText(n.id), Label: n.name, Group: r.t("audit.group_people"), Selected: q.who == idText(n.id)})
	}
	m.Acts = choose(audit.Acts(), q.act, func(v string) (string, string) { return v, r.actWord(v) })
	slices.SortFunc(m.Acts, byLabel)
	m.Kinds = choose(auditKinds, q.kind, func(v string) (string, string) { return v, r.kindWord(v) })
	slices.SortFunc(m.Kinds, byLabel)
	chip("audit.who", chosen(m.People), auditQuery{"", q.act, q.kind, q.id, q.from, q.until})
	chip("audit.what", chosen(m.Acts), auditQuery{q.who, "", q.kind, q.id, q.from, q.until})
	chip("audit.kind", chosen(m.Kinds), auditQuery{q.who, q.act, "", q.id, q.from, q.until})
	chip("audit.id", q.id, auditQuery{q.who, q.act, q.kind, "", q.from, q.until})
	chip("audit.from", messages.Digits(r.ctx, q.from), auditQuery{q.who, q.act, q.kind, q.id, "", q.until})
	chip("audit.until", messages.Digits(r.ctx, q.until), auditQuery{q.who, q.act, q.kind, q.id, q.from, ""})
}

// auditDetail is what a line says beside its act. Reasons about a case may be
// those of a confidential one: they are for who inspects.
func (r *req) auditDetail(e *audit.Entry) string {
	if r.closed(e) {
		return ""
	}
	return e.Detail
}

// closed tells whether what the line is about may be kept from the person.
func (r *req) closed(e *audit.Entry) bool {
	return !r.principal.actor.Inspects && slices.Contains([]string{"complaint", "directive", "meeting"}, e.ObjectKind)
}

func byLabel(a, b parts.Option) int { return strings.Compare(a.Label, b.Label) }

func chosen(options []parts.Option) string {
	for _, o := range options {
		if o.Selected {
			return o.Label
		}
	}
	return ""
}
