package notify

import (
	"context"

	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/tenants"
)

// NewDevice tells somebody that their account was opened in a browser that they
// had not used before.
func (p *Post) NewDevice(ctx context.Context, db *tenants.DB, c Cause, f staff.NewDevice) (string, error) {
	list, err := account(ctx, db, &f.StaffID)
	if err != nil || len(list) == 0 {
		return "nobody to tell", err
	}
	from, err := staff.BrowserByID(ctx, db, f.DeviceID)
	if fault.Is(err, fault.NotFound) {
		return "dropped: gone", nil
	}
	if err != nil {
		return "", err
	}
	browser, system := staff.Agent(from.UserAgent)
	return p.staff(ctx, db, c, list, told{key: "sms.staff.new_device", args: []any{
		"browser", worded(browser), "system", worded(system), "date", date(from.At), "time", clock(from.At), "link", p.Links.Security(db.Tenant()),
	}})
}

// FactorChanged tells somebody that a way to sign in was added or taken away.
func (p *Post) FactorChanged(ctx context.Context, db *tenants.DB, c Cause, f staff.FactorFact) (string, error) {
	return p.aboutAccount(ctx, db, c, f.StaffID, "sms.staff.factor_changed")
}

// FactorsReset tells somebody that an administrator took their factors away.
func (p *Post) FactorsReset(ctx context.Context, db *tenants.DB, c Cause, f staff.FactorFact) (string, error) {
	return p.aboutAccount(ctx, db, c, f.StaffID, "sms.staff.factors_reset")
}

// Linked tells somebody that their account was linked to another, or is no longer.
func (p *Post) Linked(ctx context.Context, db *tenants.DB, c Cause, staffID int64) (string, error) {
	return p.aboutAccount(ctx, db, c, staffID, "sms.staff.linked")
}

func (p *Post) aboutAccount(ctx context.Context, db *tenants.DB, c Cause, staffID int64, key string) (string, error) {
	list, err := account(ctx, db, &staffID)
	if err != nil || len(list) == 0 {
		return "nobody to tell", err
	}
	return p.staff(ctx, db, c, list, told{key: key, args: []any{
		"date", date(c.task.RunAt), "time", clock(c.task.RunAt), "link", p.Links.Security(db.Tenant()),
	}})
}

// AddressLeft tells somebody, at the number and the mail that they were known by
// until then, that one of them is another now.
func (p *Post) AddressLeft(ctx context.Context, db *tenants.DB, c Cause, f staff.AddressLeft) (string, error) {
	left, err := staff.LeftByID(ctx, db, f.LeftID)
	if fault.Is(err, fault.NotFound) {
		return "dropped: gone", nil
	}
	if err != nil {
		return "", err
	}
	who, err := staff.ByID(ctx, db, left.StaffID)
	if err != nil {
		return "", err
	}
	who.Mobile, who.Email = left.Mobile, left.Email
	return p.staff(ctx, db, c, []staff.Staff{*who}, told{key: "sms.staff.address_changed", urgent: true, args: []any{
		"date", date(left.LeftAt), "time", clock(left.LeftAt), "link", p.Links.Security(db.Tenant()),
	}})
}
