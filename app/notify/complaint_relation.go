package notify

import (
	"context"

	"pasokh/app/complaints"
	"pasokh/tenants"
)

// ComplaintMerged tells the citizen of a member that it is followed up together
// with others like it.
func (p *Post) ComplaintMerged(ctx context.Context, db *tenants.DB, cause Cause, c Case) (string, error) {
	if !c.Follows() {
		return movedOn, nil
	}
	return p.complainant(ctx, db, cause, c, "sms.complaint.merged")
}

// ComplaintUnmerged tells the citizen that the case is followed up by itself again.
func (p *Post) ComplaintUnmerged(ctx context.Context, db *tenants.DB, cause Cause, c Case) (string, error) {
	if c.LeadID != nil || !c.Open() {
		return movedOn, nil
	}
	return p.complainant(ctx, db, cause, c, "sms.complaint.unmerged")
}

// ComplaintChild tells whoever has the parent what became of a child.
func (p *Post) ComplaintChild(ctx context.Context, db *tenants.DB, cause Cause, c Case) (string, error) {
	if !c.Open() {
		return movedOn, nil
	}
	list, err := account(ctx, db, c.HolderID)
	if err == nil && len(list) == 0 {
		list, err = inCharge(ctx, db, c.UnitID)
	}
	if err != nil {
		return "", err
	}
	return p.crew(ctx, db, cause, c, list, p.desk(db, c, "sms.complaint.child"))
}

// ComplaintReturned tells the citizen and the PR managers that another organization
// gave the case back.
func (p *Post) ComplaintReturned(ctx context.Context, db *tenants.DB, cause Cause, c Case) (string, error) {
	if !c.Open() {
		return movedOn, nil
	}
	if _, err := p.managers(ctx, db, cause, c, "sms.complaint.transfer_back"); err != nil {
		return "", err
	}
	return p.complainant(ctx, db, cause, c, "sms.complaint.transfer_returned")
}

// sent tells the citizen which organization has the case from now on.
func (p *Post) sent(ctx context.Context, db *tenants.DB, cause Cause, c Case) (string, error) {
	list, err := complaints.Transfers(ctx, db, c.ID)
	if err != nil {
		return "", err
	}
	for i := range list {
		if t := list[len(list)-1-i]; t.Direction == complaints.TransferOut && t.State != complaints.TransferRefused {
			return p.complainant(ctx, db, cause, c, "sms.complaint.transferred", "organization", named(t.OtherFA, t.OtherEN))
		}
	}
	return movedOn, nil // given back: the organization that has it again tells
}
