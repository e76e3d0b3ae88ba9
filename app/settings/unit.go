package settings

import (
	"context"
	"slices"
	"strings"

	"pasokh/app/audit"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/staff"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
)

// UnitKinds lists the kinds of units in the order they are offered.
func UnitKinds() []tenants.UnitKind {
	return []tenants.UnitKind{
		tenants.UnitExecutive, tenants.UnitPROffice, tenants.UnitCallCentre, tenants.UnitFeedback, tenants.UnitSpecialFollowup,
		tenants.UnitInspection, tenants.UnitManagement,
	}
}

// needed are the kinds that cases cannot do without.
var needed = []tenants.UnitKind{tenants.UnitPROffice, tenants.UnitFeedback, tenants.UnitSpecialFollowup}

// Tree puts units below the one that holds them and tells how deep each stands.
func Tree(list []tenants.Unit) (tree []tenants.Unit, depths []int) {
	known := map[int64]bool{}
	for i := range list {
		known[list[i].ID] = true
	}
	var walk func(parent int64, depth int)
	walk = func(parent int64, depth int) {
		for _, u := range list {
			above := int64(0)
			if u.ParentID != nil && known[*u.ParentID] {
				above = *u.ParentID
			}
			if above == parent {
				tree, depths = append(tree, u), append(depths, depth)
				walk(u.ID, depth+1)
			}
		}
	}
	walk(0, 0)
	return tree, depths
}

// SaveUnit writes a unit: a new one when it has no ID, else its names, kind,
// phone, head and place in the tree. Field errors: name_fa, name_en, code, kind,
// parent, head, phone.
func SaveUnit(ctx context.Context, tx *tenants.Tx, u *tenants.Unit) error {
	// Two moves at once could close a circle that neither of them sees.
	if _, err := tx.Own(ctx); err != nil {
		return fault.Wrap(err, "settings.SaveUnit")
	}
	old := new(tenants.Unit)
	if u.ID != 0 {
		if err := tx.Lock(ctx, old, "unit.id = ?", u.ID); err != nil {
			return err
		}
		u.Code, u.Active, u.RoundTheClock = old.Code, old.Active, old.RoundTheClock
	}
	u.Code = strings.ToLower(persian.ToASCII(persian.CleanLine(u.Code)))
	u.NameFA, u.NameEN, u.Phone = persian.CleanLine(u.NameFA), persian.CleanLine(u.NameEN), persian.ToASCII(persian.CleanLine(u.Phone))
	if err := checkUnit(ctx, tx, u, old); err != nil {
		return err
	}
	if u.ID != 0 {
		if err := tx.Update(ctx, u, "kind", "parent_id", "name_fa", "name_en", "phone", "head_id"); err != nil {
			return fault.Wrap(err, "settings.SaveUnit")
		}
		return audit.Record(ctx, tx, "organization:edit", "unit", u.ID, u.Code)
	}
	u.ID, u.Active = tenants.NewID(), true
	if err := tx.Insert(ctx, u); err != nil {
		return fault.Wrap(err, "settings.SaveUnit")
	}
	return audit.Record(ctx, tx, "organization:edit", "unit", u.ID, "new "+u.Code)
}

func checkUnit(ctx context.Context, tx *tenants.Tx, u, old *tenants.Unit) error {
	wrong := fault.Fields{}
	complaints.CheckNames(wrong, u.Code, u.NameFA, u.NameEN)
	if u.Phone != "" && digits(u.Phone) < 3 {
		wrong.Add("phone", "org_unit.error.phone")
	}
	all, err := tenants.AllUnits(ctx, tx)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(all, func(o tenants.Unit) bool { return o.Code == u.Code && o.ID != u.ID }) {
		wrong.Add("code", "intake.error.code_taken")
	}
	checkParent(all, u, wrong)
	if err := checkKind(ctx, tx, all, u, old, wrong); err != nil {
		return err
	}
	if u.HeadID != nil {
		who, err := staff.ByID(ctx, tx, *u.HeadID)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		if err != nil || who.DisabledAt != nil {
			wrong.Add("head", "org_unit.error.head")
		}
	}
	return wrong.Err()
}

// checkParent refuses circles, and places below units that are archived.
func checkParent(all []tenants.Unit, u *tenants.Unit, wrong fault.Fields) {
	if u.ParentID == nil {
		return
	}
	at := slices.IndexFunc(all, func(o tenants.Unit) bool { return o.ID == *u.ParentID && o.Active })
	switch {
	case u.ID != 0 && (*u.ParentID == u.ID || slices.Contains(tenants.Below(all, u.ID), *u.ParentID)):
		wrong.Add("parent", "org_unit.error.cycle")
	case at < 0:
		wrong.Add("parent", "org_unit.error.parent")
	}
}

// checkKind keeps one unit of each kind that cases cannot do without, and the
// kind of a unit that works on cases.
func checkKind(ctx context.Context, tx *tenants.Tx, all []tenants.Unit, u, old *tenants.Unit, wrong fault.Fields) error {
	if !slices.Contains(UnitKinds(), u.Kind) {
		wrong.Add("kind", "org_unit.error.kind")
		return nil
	}
	if old.ID == 0 || old.Kind == u.Kind {
		return nil
	}
	if last(all, old) {
		wrong.Add("kind", "org_unit.error.kind_last")
	}
	left, err := WorkOf(ctx, tx, old.ID)
	if err == nil && left.Cases+left.Directives+left.Topics+left.Districts+left.Rules > 0 {
		wrong.Add("kind", "org_unit.error.kind_work")
	}
	return err
}

// last tells whether a unit is the only one in use of a kind that is needed.
func last(all []tenants.Unit, u *tenants.Unit) bool {
	return u.Active && slices.Contains(needed, u.Kind) && !slices.ContainsFunc(all, func(o tenants.Unit) bool {
		return o.ID != u.ID && o.Active && o.Kind == u.Kind
	})
}

// Work is what would be left without a unit; Last tells that cases cannot do
// without it.
type Work struct {
	Cases, Directives, Staff, Topics, Districts, Rules, Boxes, Below int
	Last                                                             bool
	hidden                                                           int // confidential cases and directives, which are counted for nobody
}

// Any tells whether the unit cannot be archived.
func (w *Work) Any() bool {
	return w.Last || w.hidden+w.Cases+w.Directives+w.Staff+w.Topics+w.Districts+w.Rules+w.Boxes+w.Below > 0
}

// WorkOf counts what a unit still has to do or to answer for.
func WorkOf(ctx context.Context, r tenants.Reader, id int64) (*Work, error) {
	w, legs, parts, orders, shares := new(Work), 0, 0, 0, 0
	secret := r.Select((*directives.Directive)(nil)).Column("id").Where("directive.confidential")
	kept := r.Select((*complaints.Complaint)(nil)).Column("id").Where("c.confidential AND c.state <> 'closed'")
	for _, c := range []struct {
		into  *int
		query *tenants.Query
	}{
		{&w.Cases, r.Select((*complaints.Complaint)(nil)).Where("c.unit_id = ? AND c.state <> 'closed' AND NOT c.confidential", id)},
		{&w.hidden, r.Select((*complaints.Complaint)(nil)).Where("c.unit_id = ? AND c.state <> 'closed' AND c.confidential", id)},
		{&legs, r.Select((*complaints.Referral)(nil)).Where("leg.unit_id = ? AND leg.ended_at IS NULL AND NOT leg.lead AND leg.complaint_id NOT IN (?)", id, kept)},
		{&w.Directives, r.Select((*directives.Directive)(nil)).Where("directive.unit_id = ? AND directive.state <> 'done' AND NOT directive.confidential", id)},
		{&orders, r.Select((*directives.Directive)(nil)).Where("directive.unit_id = ? AND directive.state <> 'done' AND directive.confidential", id)},
		{&parts, r.Select((*directives.Part)(nil)).Where("part.unit_id = ? AND part.state <> 'accepted' AND part.directive_id NOT IN (?)", id, secret)},
		{&shares, r.Select((*directives.Part)(nil)).Where("part.unit_id = ? AND part.state <> 'accepted' AND part.directive_id IN (?)", id, secret)},
		{&w.Staff, r.Select((*staff.Staff)(nil)).Where("staff.unit_id = ? AND staff.disabled_at IS NULL", id)},
		{&w.Topics, r.Select((*tenants.Topic)(nil)).Where("topic.unit_id = ? AND topic.active", id)},
		{&w.Districts, r.Select((*tenants.District)(nil)).Where("district.unit_id = ? AND district.active", id)},
		{&w.Rules, r.Select((*complaints.Rule)(nil)).Where("rule.unit_id = ? AND rule.active", id)},
		{&w.Boxes, r.Select((*complaints.Box)(nil)).Where("box.unit_id = ? AND box.active", id)},
		{&w.Below, r.Select((*tenants.Unit)(nil)).Where("unit.parent_id = ? AND unit.active", id)},
	} {
		n, err := c.query.Count(ctx)
		if err != nil {
			return nil, fault.Wrap(tenants.Err(err), "settings.WorkOf")
		}
		*c.into = int(n)
	}
	w.Cases, w.Directives, w.hidden = w.Cases+legs, w.Directives+parts, w.hidden+orders+shares
	all, err := tenants.AllUnits(ctx, r)
	if at := slices.IndexFunc(all, func(u tenants.Unit) bool { return u.ID == id }); at >= 0 {
		w.Last = last(all, &all[at])
	}
	return w, err
}

// ArchiveUnit takes a unit out of use; Conflict while it has anything to do.
func ArchiveUnit(ctx context.Context, tx *tenants.Tx, id int64) error {
	if _, err := tx.Own(ctx); err != nil {
		return fault.Wrap(err, "settings.ArchiveUnit")
	}
	u := new(tenants.Unit)
	if err := tx.Lock(ctx, u, "unit.id = ?", id); err != nil {
		return err
	}
	if !u.Active {
		return nil
	}
	left, err := WorkOf(ctx, tx, id)
	if err != nil {
		return err
	}
	if left.Any() {
		return fault.New(fault.Conflict, "org_unit.conflict.work")
	}
	return setActive(ctx, tx, u, false, "archived ")
}

// RestoreUnit takes an archived unit into use again, at the top of the tree when
// the unit above it is archived.
func RestoreUnit(ctx context.Context, tx *tenants.Tx, id int64) error {
	u := new(tenants.Unit)
	if err := tx.Lock(ctx, u, "unit.id = ?", id); err != nil {
		return err
	}
	if u.ParentID != nil {
		above, err := tenants.UnitByID(ctx, tx, *u.ParentID)
		if err != nil {
			return err
		}
		if !above.Active {
			u.ParentID = nil
		}
	}
	return setActive(ctx, tx, u, true, "restored ")
}

func setActive(ctx context.Context, tx *tenants.Tx, u *tenants.Unit, on bool, word string) error {
	u.Active = on
	if err := tx.Update(ctx, u, "active", "parent_id"); err != nil {
		return fault.Wrap(err, "settings.setActive")
	}
	return audit.Record(ctx, tx, "organization:edit", "unit", u.ID, word+u.Code)
}
