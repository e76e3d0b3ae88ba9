package notify

import (
	"context"
	"slices"
	"strconv"

	"pasokh/app/fault"
	"pasokh/app/quality"
	"pasokh/app/staff"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// Warnings leads to the early warnings, or with an id to one of them.
func (l Links) Warnings(t *tenants.Tenant, id int64) string {
	if id == 0 {
		return l.Home(t) + "/desk/warnings"
	}
	return l.Home(t) + "/desk/warnings/" + strconv.FormatInt(id, 10)
}

// WarningsRaised tells those who watch of new warnings, all of them in one
// message; those that were looked at meanwhile are left out.
func (p *Post) WarningsRaised(ctx context.Context, db *tenants.DB, cause Cause, ids []int64) (string, error) {
	var open []quality.Warning
	for _, id := range ids {
		w, err := quality.WarningByID(ctx, db, id)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return "", err
		}
		if w.State == quality.Open {
			open = append(open, *w)
		}
	}
	if len(open) == 0 {
		return movedOn, nil
	}
	list, err := quality.Watchers(ctx, db)
	if err != nil {
		return "", err
	}
	lead := int64(0)
	if len(open) == 1 {
		lead = open[0].ID
	}
	return p.staff(ctx, db, cause, list, told{
		subject: timeline.Subject{Kind: "warning", ID: open[0].ID}, key: "sms.warning.raised", args: []any{"n", len(open), "link", p.Links.Warnings(db.Tenant(), lead)},
	})
}

// WarningAssigned tells somebody that a warning is theirs to see to.
func (p *Post) WarningAssigned(ctx context.Context, db *tenants.DB, cause Cause, in quality.Assigned) (string, error) {
	w, err := quality.WarningByID(ctx, db, in.WarningID)
	if err != nil {
		return "", err
	}
	acts, err := quality.Acts(ctx, db, w.ID)
	if err != nil {
		return "", err
	}
	at := slices.IndexFunc(acts, func(a quality.Act) bool { return a.ID == in.ActID })
	if at < 0 || w.State == quality.Closed || w.AssignedTo == nil || acts[at].ToID == nil || *w.AssignedTo != *acts[at].ToID {
		return movedOn, nil
	}
	who, err := staff.ByID(ctx, db, *w.AssignedTo)
	if err != nil {
		return "", err
	}
	return p.staff(ctx, db, cause, []staff.Staff{*who}, told{
		subject: timeline.Subject{Kind: "warning", ID: w.ID}, key: "sms.warning.assigned", args: []any{"link", p.Links.Warnings(db.Tenant(), w.ID)},
	})
}
