package notify

import (
	"context"
	"fmt"

	"pasokh/app/staff"
	"pasokh/tenants"
)

// StaffInvited makes the link by which somebody chooses a password, and sends
// it. What the record keeps leads to where another one can be asked for.
func (p *Post) StaffInvited(ctx context.Context, db *tenants.DB, c Cause, passID int64) (string, error) {
	pass, err := staff.PassByID(ctx, db, passID)
	if err != nil {
		return "", err
	}
	who, err := staff.ByID(ctx, db, pass.StaffID)
	if err != nil {
		return "", err
	}
	if !pass.Live(db.Now()) || who.DisabledAt != nil {
		return movedOn, nil
	}
	plain := p.Links.Reset(db.Tenant())
	t := told{key: "sms.staff.invited", args: []any{"user", who.UserName, "date", date(pass.ExpiresAt), "link", plain}}
	if pass.Purpose == staff.ByReset {
		t = told{key: "sms.staff.reset", args: []any{"minutes", int(staff.ResetLife.Minutes()), "link", plain}}
	}
	return p.opened(ctx, db, c, who, pass, t)
}

// opened sends a message whose every copy carries a link of its own.
func (p *Post) opened(ctx context.Context, db *tenants.DB, c Cause, who *staff.Staff, pass *staff.Pass, t told) (string, error) {
	w, err := WordingOf(ctx, db, t.key)
	if err != nil {
		return "", err
	}
	folder := string(pass.Purpose) + "s"
	return p.each(ctx, db, c.Key(fmt.Sprintf("staff.%d", who.ID)), w, who.Email != "", func(channel string) func(*tenants.Tx) (Draft, error) {
		return func(tx *tenants.Tx) (Draft, error) {
			d := Draft{Channel: channel, Template: t.key, Staff: who.ID, Mail: who.Email, To: address(channel, who.Mobile, who.Email)}
			word, err := staff.NewLink(ctx, tx, pass.ID)
			if err != nil {
				return d, err
			}
			d.Kept = w.Say(tx.Tenant(), channel, who.Language, t.args).Text
			t := t
			t.args = append([]any{"link", p.Links.Password(tx.Tenant(), folder, word)}, t.args...)
			return d, p.write(ctx, tx, &d, w, who.Language, t)
		}
	})
}
