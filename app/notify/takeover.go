package notify

import (
	"context"

	"pasokh/app/complaints"
	"pasokh/tenants"
)

// ComplaintTakenOver tells those in charge of the unit that another office
// answers its case now, or that the case is theirs again.
func (p *Post) ComplaintTakenOver(ctx context.Context, db *tenants.DB, cause Cause, c Case) (string, error) {
	given := c.Event.Kind == complaints.KindGivenBack
	if c.Confidential || given != (c.TakenOverBy == nil) {
		return movedOn, nil
	}
	list, err := complaints.Takeovers(ctx, db, c.ID)
	if err != nil || len(list) == 0 {
		return movedOn, err
	}
	last := list[len(list)-1]
	office, err := tenants.UnitByID(ctx, db, last.OfficeID)
	if err != nil {
		return "", err
	}
	people, err := inCharge(ctx, db, last.UnitID)
	if err != nil {
		return "", err
	}
	key := "sms.complaint.taken_over"
	if given {
		key = "sms.complaint.given_back"
	}
	return p.staff(ctx, db, cause, people, p.desk(db, c, key, "unit", named(office.NameFA, office.NameEN)))
}
