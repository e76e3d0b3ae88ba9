package web

import (
	"cmp"
	"slices"
	"strconv"

	"pasokh/app/complaints"
	"pasokh/app/notify"
	"pasokh/app/persian"
	"pasokh/scheduler/directives"
	"pasokh/views"
	"pasokh/views/parts"
)

// todoRows is how long a page of the list is.
const todoRows = 50

// deskDue lists what waits for the person's unit — referred cases, directives
// and parts of directives — by due time.
func (w *web) deskDue(r *req) error {
	after := cursorOf(r.query("after"))
	rows, err := r.todos(after)
	if err != nil {
		return err
	}
	m := &views.DeskTodo{Rows: rows, Now: r.now()}
	if len(rows) > todoRows {
		m.Rows = rows[:todoRows]
		last := m.Rows[todoRows-1]
		m.Next = "/desk/due?after=" + strconv.FormatInt(last.DueAt.UnixMicro(), 10) + "." + idText(last.ID)
	}
	if after != (complaints.Cursor{}) {
		m.First = "/desk/due"
	}
	if r.can("delivery:read") && m.First == "" {
		if m.Troubles, err = notify.CountTroubles(r.ctx, r.db); err != nil {
			return err
		}
	}
	p := r.frame("order.due_title")
	return r.page(parts.Desk, p, views.DeskTodoPage(p, m))
}

// todos reads one row more than a page of each kind, and puts them in one order:
// ids are unique over all of them.
func (r *req) todos(after complaints.Cursor) ([]views.TodoRow, error) {
	a := r.principal.actor
	var rows []views.TodoRow
	if r.can("complaint:read") {
		cases, _, err := complaints.List(r.ctx, r.db, a, complaints.Filter{Tab: complaints.TabUnit, After: after, Limit: todoRows + 1})
		if err != nil {
			return nil, err
		}
		for i := range cases {
			c := &cases[i]
			rows = append(rows, views.TodoRow{
				ID: c.ID, Kind: "case", DueAt: c.DueAt, Title: r.t("directive_desk.origin.complaint") + " " + persian.ShowCode(c.Code),
				Note: views.Snippet(c.Text), Href: casePath(c.ID),
			})
		}
	}
	orders, err := directives.TodosOfUnit(r.ctx, r.db, a, a.UnitID, after.Due, after.ID, todoRows+1)
	for _, d := range orders {
		row := views.TodoRow{ID: d.ID, Kind: "directive", DueAt: d.DueAt, Title: r.t("order.of", "post", r.in(d.PostFA, d.PostEN)), Note: views.Snippet(d.Text), Href: directivePath(d.DirectiveID)}
		if d.Part {
			row.Kind = "part"
		}
		rows = append(rows, row)
	}
	slices.SortFunc(rows, func(a, b views.TodoRow) int { return cmp.Or(a.DueAt.Compare(b.DueAt), cmp.Compare(a.ID, b.ID)) })
	return rows, err
}
