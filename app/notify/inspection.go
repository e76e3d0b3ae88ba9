package notify

import (
	"context"
	"slices"
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

// Violation leads to the file of a violation.
func (l Links) Violation(t *tenants.Tenant, id int64) string {
	return l.Home(t) + "/desk/violations/" + strconv.FormatInt(id, 10)
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

// InspectionDue tells the inspector on the morning of a visit that it is to be
// made; like the appointment it names neither unit nor place.
func (p *Post) InspectionDue(ctx context.Context, db *tenants.DB, cause Cause, id int64) (string, error) {
	return p.visitWaits(ctx, db, cause, id, "sms.inspection.due")
}

// InspectionOverdue tells the inspector that there is no report yet.
func (p *Post) InspectionOverdue(ctx context.Context, db *tenants.DB, cause Cause, id int64) (string, error) {
	return p.visitWaits(ctx, db, cause, id, "sms.inspection.overdue")
}

func (p *Post) visitWaits(ctx context.Context, db *tenants.DB, cause Cause, id int64, key string) (string, error) {
	v, err := inspection.ByID(ctx, db, tenants.SystemActor(), id)
	if err != nil {
		return "", err
	}
	if !v.Due(db.Now()) || key == "sms.inspection.overdue" && !v.Late(db.Now()) {
		return movedOn, nil
	}
	who, err := staff.ByID(ctx, db, v.InspectorID)
	if err != nil {
		return "", err
	}
	return p.staff(ctx, db, cause, []staff.Staff{*who}, told{
		subject: timeline.Subject{Kind: "inspection", ID: v.ID}, key: key, args: []any{"date", date(v.Noon()), "link", p.Links.Inspection(db.Tenant(), v.ID)},
	})
}

// InspectionAnswered tells the inspector and who sent them what the unit says to
// the report.
func (p *Post) InspectionAnswered(ctx context.Context, db *tenants.DB, cause Cause, id int64) (string, error) {
	v, err := inspection.ByID(ctx, db, tenants.SystemActor(), id)
	if err != nil {
		return "", err
	}
	if v.AnsweredAt == nil {
		return movedOn, nil
	}
	people, err := accounts(ctx, db, []int64{v.InspectorID, v.PlannedBy})
	if err != nil {
		return "", err
	}
	return p.staff(ctx, db, cause, people, told{
		subject: timeline.Subject{Kind: "inspection", ID: v.ID}, key: "sms.inspection.answered",
		args: []any{"date", date(*v.AnsweredAt), "link", p.Links.Inspection(db.Tenant(), v.ID)},
	})
}

// ViolationReported tells the others who inspect of a new file, save who is
// named in it or is of its unit.
func (p *Post) ViolationReported(ctx context.Context, db *tenants.DB, cause Cause, id int64) (string, error) {
	v, err := inspection.ViolationByID(ctx, db, tenants.SystemActor(), id)
	if err != nil {
		return "", err
	}
	if v.State != inspection.Reported {
		return movedOn, nil
	}
	able, err := inspection.Inspectors(ctx, db)
	if err != nil {
		return "", err
	}
	able = slices.DeleteFunc(able, func(s staff.Staff) bool {
		return s.ID == v.ReportedBy || v.StaffID != nil && s.ID == *v.StaffID || s.UnitID != nil && *s.UnitID == v.UnitID
	})
	return p.staff(ctx, db, cause, able, told{
		subject: timeline.Subject{Kind: "violation", ID: v.ID}, key: "sms.violation.reported", args: []any{"date", date(v.DueAt), "link", p.Links.Violation(db.Tenant(), v.ID)},
	})
}

// ViolationHeard tells those in charge of a unit that there is a file on it,
// with what was said to it.
func (p *Post) ViolationHeard(ctx context.Context, db *tenants.DB, cause Cause, id int64) (string, error) {
	return p.violationUnit(ctx, db, cause, id, "sms.violation.heard")
}

// ViolationDecided tells them of the decision, or that it was taken back.
func (p *Post) ViolationDecided(ctx context.Context, db *tenants.DB, cause Cause, id int64) (string, error) {
	return p.violationUnit(ctx, db, cause, id, "sms.violation.decided")
}

// violationUnit tells a unit of its file, unless a confidential visit has
// brought it.
func (p *Post) violationUnit(ctx context.Context, db *tenants.DB, cause Cause, id int64, key string) (string, error) {
	v, err := inspection.ViolationByID(ctx, db, tenants.SystemActor(), id)
	if err != nil {
		return "", err
	}
	if may, err := inspection.MayTell(ctx, db, v); err != nil || !may {
		return "not to be told", err
	}
	people, err := staff.Able(ctx, db, &v.UnitID, "unit:lead", "violation:read")
	if err != nil {
		return "", err
	}
	return p.staff(ctx, db, cause, people, told{
		subject: timeline.Subject{Kind: "violation", ID: v.ID}, key: key, args: []any{"link", p.Links.Violation(db.Tenant(), v.ID)},
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
	people, err := staff.Able(ctx, db, &v.UnitID, "inspection:answer") // who may read and answer it
	if err != nil {
		return "", err
	}
	return p.staff(ctx, db, cause, people, told{
		subject: timeline.Subject{Kind: "inspection", ID: v.ID}, key: "sms.inspection.reported",
		args: []any{"date", date(*v.AnswerDueAt), "link", p.Links.Inspection(db.Tenant(), v.ID)},
	})
}
