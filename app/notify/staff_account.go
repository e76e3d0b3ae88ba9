package notify

import (
	"context"
	"fmt"
	"slices"

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

// PasswordChanged tells somebody that the password is another one, by every
// way there is: whoever did not change it must hear of it.
func (p *Post) PasswordChanged(ctx context.Context, db *tenants.DB, c Cause, staffID int64) (string, error) {
	who, err := staff.ByID(ctx, db, staffID)
	if err != nil {
		return "", err
	}
	at := c.task.CreatedAt
	return p.staff(ctx, db, c, []staff.Staff{*who}, told{key: "sms.staff.password_changed", urgent: true, args: []any{
		"date", date(at), "time", clock(at), "link", p.Links.Reset(db.Tenant()),
	}})
}

// TrainingDue tells somebody and the administrators that a record of a course
// will run out, or has; nothing when it was taken away meanwhile.
func (p *Post) TrainingDue(ctx context.Context, db *tenants.DB, c Cause, due staff.TrainingDue) (string, error) {
	t, course, err := staff.TrainingByID(ctx, db, due.TrainingID)
	if err != nil {
		return "", err
	}
	who, err := staff.ByID(ctx, db, t.StaffID)
	if err != nil {
		return "", err
	}
	if t.RemovedAt != nil || t.ExpiresAt == nil || who.DisabledAt != nil {
		return movedOn, nil
	}
	key := "sms.staff.training_soon"
	if due.Over {
		key = "sms.staff.training_over"
	}
	word, err := p.staff(ctx, db, c, []staff.Staff{*who}, told{key: key, args: []any{
		"course", named(course.NameFA, course.NameEN), "date", date(*t.ExpiresAt), "link", p.Links.Account(db.Tenant()),
	}})
	return both(word, err, func() (string, error) { return p.trainingAdmins(ctx, db, c, who, t, due.Over) })
}

func (p *Post) trainingAdmins(ctx context.Context, db *tenants.DB, c Cause, who *staff.Staff, t *staff.Training, over bool) (string, error) {
	admins, err := staff.Able(ctx, db, nil, "staff:edit")
	if err != nil {
		return "", err
	}
	admins = slices.DeleteFunc(admins, func(s staff.Staff) bool { return s.ID == who.ID })
	key := "sms.staff.training_soon_admin"
	if over {
		key = "sms.staff.training_over_admin"
	}
	return p.staff(ctx, db, c, admins, told{key: key, args: []any{
		"name", named(who.NameFA, who.NameEN), "date", date(*t.ExpiresAt), "link", p.Links.Training(db.Tenant()),
	}})
}
