package web

import (
	"strconv"
	"strings"

	"pasokh/app/committees"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// sittingOffice runs a command on the sitting of the address and goes back to
// its page.
func (w *web) sittingOffice(r *req, act string, do officeAct) error {
	s, _, err := r.sittingOf()
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	err = r.write(func(tx *tenants.Tx) error { return do(tx, s.ID, f) })
	switch fault.Of(err) {
	case fault.Invalid, fault.Conflict:
		return w.sittingPage(r, views.OfficeForm{Act: act, Typed: f.values}, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "meeting_desk.done."+act)
	return r.done(sittingPath(s.ID))
}

// sittingItemCreate puts what was picked, or the words that were typed, on the
// agenda.
func (w *web) sittingItemCreate(r *req) error {
	return w.sittingOffice(r, "item", func(tx *tenants.Tx, id int64, f form) error {
		list, err := r.picked(tx, f)
		if err != nil {
			return err
		}
		if _, typed := f.values["title"]; typed {
			list = append(list, committees.Item{Reason: committees.Free, Title: f.text("title")})
		}
		return committees.Add(r.ctx, tx, id, list)
	})
}

// picked are the proposals of the form that the person may see.
func (r *req) picked(tx *tenants.Tx, f form) ([]committees.Item, error) {
	var list []committees.Item
	for _, value := range f.list("item") {
		reason, number, _ := strings.Cut(value, "-")
		id, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return nil, fault.Field("items", "committee.error.items")
		}
		item := committees.Item{Reason: committees.Reason(reason), ComplaintID: &id}
		if item.Reason == committees.Directive {
			item.ComplaintID, item.DirectiveID = nil, &id
			given, err := directives.Shown(r.ctx, tx, r.principal.actor, []int64{id})
			if d, ok := given[id]; err != nil || !ok || d.Confidential {
				return nil, notFoundOr(err)
			}
		} else {
			shown, err := complaints.Shown(r.ctx, tx, r.memberActor(), []int64{id})
			if c, ok := shown[id]; err != nil || !ok || c.Confidential {
				return nil, notFoundOr(err)
			}
		}
		list = append(list, item)
	}
	return list, nil
}

func notFoundOr(err error) error {
	if err != nil {
		return err
	}
	return fault.New(fault.NotFound, "error.not_found")
}

// onItem runs a command on an item of the sitting of the address.
func (w *web) onItem(r *req, do func(tx *tenants.Tx, sitting, item int64) error) error {
	return w.sittingOffice(r, "agenda", func(tx *tenants.Tx, id int64, _ form) error {
		item, err := r.id("item")
		if err != nil {
			return err
		}
		return do(tx, id, item)
	})
}

func (w *web) sittingItemRemove(r *req) error {
	return w.onItem(r, func(tx *tenants.Tx, s, i int64) error { return committees.Remove(r.ctx, tx, s, i) })
}

func (w *web) sittingItemRise(r *req) error {
	return w.onItem(r, func(tx *tenants.Tx, s, i int64) error { return committees.Move(r.ctx, tx, s, i, true) })
}

func (w *web) sittingItemFall(r *req) error {
	return w.onItem(r, func(tx *tenants.Tx, s, i int64) error { return committees.Move(r.ctx, tx, s, i, false) })
}

// sittingInvitationCreate tells the members when and where.
func (w *web) sittingInvitationCreate(r *req) error {
	return w.sittingOffice(r, "invitation", func(tx *tenants.Tx, id int64, _ form) error { return committees.Invite(r.ctx, tx, id) })
}

// sittingCallingOffCreate calls a sitting off.
func (w *web) sittingCallingOffCreate(r *req) error {
	return w.sittingOffice(r, "calling_off", func(tx *tenants.Tx, id int64, f form) error {
		return committees.Cancel(r.ctx, tx, id, f.text("reason"))
	})
}

// sittingAttendanceCreate notes who came.
func (w *web) sittingAttendanceCreate(r *req) error {
	return w.sittingOffice(r, "attendance", func(tx *tenants.Tx, id int64, f form) error {
		var list []committees.Attendance
		for field := range f.values {
			member, ok := idAfter(field, "member_")
			if state := f.text(field); ok && state != "" {
				list = append(list, committees.Attendance{StaffID: member, State: committees.Presence(state), Deputy: f.text("deputy_" + idText(member))})
			}
		}
		return committees.Attend(r.ctx, tx, id, list)
	})
}

// sittingConclusionCreate ends a sitting with its minutes.
func (w *web) sittingConclusionCreate(r *req) error {
	return w.sittingOffice(r, "conclusion", func(tx *tenants.Tx, id int64, f form) error {
		return committees.Conclude(r.ctx, tx, id, f.text("minutes"))
	})
}

// orderOnSitting is the sitting of the address as an origin of directives; item
// is the line of the agenda that it is decided on, 0 = none.
func (r *req) orderOnSitting(item int64) (*orderOrigin, error) {
	s, c, err := r.sittingOf()
	if err != nil {
		return nil, err
	}
	if s.State == committees.Cancelled || !s.Begun(r.now()) {
		return nil, fault.New(fault.Conflict, "committee.conflict.early")
	}
	o := &orderOrigin{
		kind: directives.OnCommittee, id: s.ID, executive: c.ExecutiveID, page: sittingPath(s.ID), title: r.in(c.NameFA, c.NameEN), sitting: true, item: item,
	}
	agenda, err := committees.Agenda(r.ctx, r.db, s.ID)
	for i := range agenda {
		if agenda[i].ID == item && agenda[i].ComplaintID != nil {
			return o, r.holdCase(o, *agenda[i].ComplaintID)
		}
	}
	return o, err
}

// holdCase has a case wait for the decision; one that is kept from the person or
// closed does not.
func (r *req) holdCase(o *orderOrigin, id int64) error {
	shown, err := complaints.Shown(r.ctx, r.db, r.memberActor(), []int64{id})
	if c, ok := shown[id]; ok && c.Open() && !c.Confidential {
		o.complaint, o.citizen, o.unit = &c.ID, c.CitizenID, c.UnitID
		o.title += " — " + r.caseTitle(&c)
	}
	return err
}

func (w *web) sittingDirectiveNew(r *req) error {
	o, err := r.orderOnSitting(number(r.query("item")))
	if err != nil {
		return err
	}
	return w.directiveNewPage(r, o, views.OfficeForm{}, nil)
}

func (w *web) sittingDirectiveCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	o, err := r.orderOnSitting(f.id("item"))
	if err != nil {
		return err
	}
	return w.directiveCreate(r, o)
}
