package web

import (
	"slices"
	"strconv"

	"pasokh/app/fault"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

const bookingRulesPath = "/desk/organization/booking"

// orgBooking is the form of the rules of booking.
func (w *web) orgBooking(r *req) error {
	typed := map[string]string{}
	for field, n := range meetings.RulesOf(r.tenant.Settings) {
		typed[field] = strconv.Itoa(n)
	}
	return r.bookingRules(&views.OrgBooking{Typed: typed}, nil)
}

func (r *req) bookingRules(m *views.OrgBooking, cause error) error {
	m.Action, m.Errors = bookingRulesPath, views.ErrorsOf(cause)
	executives, err := directives.Executives(r.ctx, r.db)
	if err != nil {
		return err
	}
	windows, err := meetings.Windows(r.ctx, r.db, 0)
	if err != nil {
		return err
	}
	for _, win := range windows {
		at := slices.IndexFunc(executives, func(e directives.Executive) bool { return e.ID == win.ExecutiveID })
		if at >= 0 {
			m.Windows = append(m.Windows, views.OrgDraw{Window: win, Who: r.in(executives[at].PostFA, executives[at].PostEN)})
		}
	}
	districts, err := tenants.Districts(r.ctx, r.db)
	if err != nil {
		return err
	}
	served, err := meetings.DistrictsServed(r.ctx, r.db)
	if err != nil {
		return err
	}
	for _, d := range districts {
		m.Districts = append(m.Districts, views.OrgServed{District: d, Options: choose(executives, idText(served[d.ID]), func(e directives.Executive) (string, string) {
			return idText(e.ID), r.in(e.PostFA, e.PostEN)
		})})
	}
	p := r.frame("booking_rules.title")
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.OrgBookingPage(p, m))
	}
	return r.page(parts.Desk, p, views.OrgBookingPage(p, m))
}

// orgBookingSave writes them.
func (w *web) orgBookingSave(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	in, typed := map[string]int{}, map[string]string{}
	for _, field := range meetings.RuleFields {
		typed[field] = f.text(field)
		in[field], _ = f.number(field) // what is no number is out of the bounds
	}
	err = r.write(func(tx *tenants.Tx) error {
		if err := meetings.SaveRules(r.ctx, tx, in); err != nil {
			return err
		}
		return r.saveDraws(tx, f)
	})
	if fault.Is(err, fault.Invalid) {
		return r.bookingRules(&views.OrgBooking{Typed: typed}, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "org.rules.saved")
	return r.done(bookingRulesPath)
}

// saveDraws writes whose seats are drawn, and which executive receives whom.
func (r *req) saveDraws(tx *tenants.Tx, f form) error {
	windows, err := meetings.Windows(r.ctx, tx, 0)
	if err != nil {
		return err
	}
	for _, win := range windows {
		if err := meetings.SetDraw(r.ctx, tx, win.ID, slices.Contains(f.list("draw"), idText(win.ID))); err != nil {
			return err
		}
	}
	districts, err := tenants.Districts(r.ctx, tx)
	if err != nil || len(districts) == 0 {
		return err
	}
	of := map[int64]int64{}
	for _, d := range districts {
		if executive := f.id("district-" + idText(d.ID)); executive != 0 {
			of[d.ID] = executive
		}
	}
	return meetings.ServeDistricts(r.ctx, tx, of)
}
