// Package settings is how an organization rules itself: its identity, contacts,
// units, second factor and retention, what was changed of all its settings, and
// what is still missing until it can work.
package settings

import (
	"context"
	"slices"

	"pasokh/app/audit"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// PageSize is how many changes a page of the history holds.
const PageSize = 30

// Filter narrows the history; zero values do not.
type Filter struct {
	Area    string
	Kind    tenants.ActorKind
	ActorID int64
	Before  int64 // changes before this one
}

// History gives one page of the changes, newest first, and whether there are more.
func History(ctx context.Context, r tenants.Reader, f Filter) ([]tenants.SettingChange, bool, error) {
	var list []tenants.SettingChange
	q := r.Select(&list)
	if f.Area != "" {
		q = q.Where("change.area = ?", f.Area)
	}
	if f.Kind != "" {
		q = q.Where("change.actor_kind = ?", f.Kind)
	}
	if f.ActorID != 0 || f.Kind == tenants.System { // the program has no number
		q = q.Where("change.actor_id = ?", f.ActorID)
	}
	if f.Before != 0 {
		q = q.Where("change.id < ?", f.Before)
	}
	err := q.Order("change.id DESC").Limit(PageSize + 1).Scan(ctx)
	if len(list) > PageSize {
		return list[:PageSize], true, fault.Wrap(tenants.Err(err), "settings.History")
	}
	return list, false, fault.Wrap(tenants.Err(err), "settings.History")
}

// ChangeByID reads one change; NotFound when this organization has no such one.
func ChangeByID(ctx context.Context, r tenants.Reader, id int64) (*tenants.SettingChange, error) {
	c := new(tenants.SettingChange)
	return c, fault.Wrap(tenants.Err(r.Select(c).Where("change.id = ?", id).Scan(ctx)), "settings.ChangeByID")
}

// Restore puts back what a field was before a change, which is a change itself.
// Conflict when the rules of today do not allow the value any more.
func Restore(ctx context.Context, tx *tenants.Tx, id int64, field string) error {
	c, err := ChangeByID(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := c.PutBack(ctx, tx, field); err != nil {
		return err
	}
	now, err := tx.Own(ctx)
	if err != nil {
		return fault.Wrap(err, "settings.Restore")
	}
	if c.Area == tenants.AreaSecurity {
		err = staff.TellSecurity(ctx, tx, false)
	}
	if err != nil {
		return err
	}
	if !stands(c.Area, now) {
		return fault.New(fault.Conflict, "change.conflict.value")
	}
	return audit.Record(ctx, tx, "organization:edit", "settings", now.ID, "restored "+field)
}

// stands tells whether the settings of an area keep its rules.
func stands(area string, t *tenants.Tenant) bool {
	s := t.Settings
	switch area {
	case tenants.AreaRules:
		in := complaints.RulesOf(s)
		for field, n := range in.Numbers() {
			if b := complaints.RuleBounds[field]; *n < b.Least || *n > b.Most {
				return false
			}
		}
	case tenants.AreaMeetings:
		in := meetings.RulesOf(s)
		for field, b := range meetings.RuleBounds {
			if in[field] < b.Least || in[field] > b.Most {
				return false
			}
		}
		return in["release_least"] <= in["release_most"]
	case tenants.AreaSecurity:
		// Service-only is switched on only where the service can be asked.
		return !s.ServiceOnly && slices.Contains(FactorRules(), s.SecondFactor)
	case tenants.AreaIdentity:
		i := identity(t.Identity())
		return i.check() == nil
	}
	return true
}
