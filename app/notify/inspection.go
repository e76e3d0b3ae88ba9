package notify

import (
	"context"
	"strconv"

	"pasokh/app/inspection"
	"pasokh/app/staff"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// Inspection leads to a visit.
func (l Links) Inspection(t *tenants.Tenant, id int64) string {
	return l.Home(t) + "/desk/inspections/" + strconv.FormatInt(id, 10)
}

// InspectionAppointed tells an inspector of a visit to make. Neither the unit nor
// the place is named: the message may be of a confidential visit.
func (p *Post) InspectionAppointed(ctx context.Context, db *tenants.DB, cause Cause, id int64) (string, error) {
	v, err := inspection.ByID(ctx, db, tenants.SystemActor(), id)
	if err != nil {
		return "", err
	}
	if v.State != inspection.Planned {
		return movedOn, nil
	}
	who, err := staff.ByID(ctx, db, v.InspectorID)
	if err != nil {
		return "", err
	}
	return p.staff(ctx, db, cause, []staff.Staff{*who}, told{
		subject: timeline.Subject{Kind: "inspection", ID: v.ID}, key: "sms.inspection.appointed",
		args: []any{"date", date(v.Noon()), "link", p.Links.Inspection(db.Tenant(), v.ID)},
	})
}

// InspectionReported tells those in charge of a unit that the report on an open
// visit stands and until when they may answer.
func (p *Post) InspectionReported(ctx context.Context, db *tenants.DB, cause Cause, id int64) (string, error) {
	v, err := inspection.ByID(ctx, db, tenants.SystemActor(), id)
	if err != nil {
		return "", err
	}
	if v.Confidential || !v.Answerable(db.Now()) {
		return movedOn, nil
	}
	people, err := staff.WithRole(ctx, db, "unit_head", &v.UnitID) // who may read and answer it
	if err != nil {
		return "", err
	}
	return p.staff(ctx, db, cause, people, told{
		subject: timeline.Subject{Kind: "inspection", ID: v.ID}, key: "sms.inspection.reported",
		args: []any{"date", date(*v.AnswerDueAt), "link", p.Links.Inspection(db.Tenant(), v.ID)},
	})
}
