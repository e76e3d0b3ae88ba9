package directives

import (
	"context"
	"regexp"
	"slices"
	"unicode/utf8"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// maxName bounds the names of posts and people, in characters.
const maxName = 120

var codeShape = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,39}$`)

// AddPost writes a new post with its first holder behind the others. Field
// errors: code, post_fa, post_en, name_fa, name_en, staff.
func AddPost(ctx context.Context, tx *tenants.Tx, e *Executive) error {
	bad := fault.Fields{}
	e.Code = UserCode(e.Code)
	if !codeShape.MatchString(e.Code) {
		bad.Add("code", "posts.error.code")
	}
	e.checkPost(bad)
	if err := takeNames(ctx, tx, &e.StaffID, &e.NameFA, &e.NameEN, bad); err != nil {
		return err
	}
	all, err := Posts(ctx, tx)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(all, func(o Executive) bool { return o.Code == e.Code }) {
		bad.Add("code", "posts.error.code_known")
	}
	if err := bad.Err(); err != nil {
		return err
	}
	e.ID, e.Position, e.Active = tenants.NewID(), 0, true
	for i := range all {
		e.Position = max(e.Position, all[i].Position+1)
	}
	if err := tx.Insert(ctx, e); err != nil {
		return err
	}
	return audit.Record(ctx, tx, "executive:create", "executive", e.ID, e.Code)
}

// UserCode is the one form of a post's code.
func UserCode(typed string) string { return persian.ToASCII(persian.CleanLine(typed)) }

// EditPost changes what the post is called. Field errors: post_fa, post_en.
func EditPost(ctx context.Context, tx *tenants.Tx, id int64, fa, en string) error {
	e, err := lockPost(ctx, tx, id)
	if err != nil {
		return err
	}
	e.PostFA, e.PostEN = fa, en
	bad := fault.Fields{}
	if e.checkPost(bad); bad.Err() != nil {
		return bad.Err()
	}
	if err := tx.Update(ctx, e, "post_fa", "post_en"); err != nil {
		return err
	}
	return audit.Record(ctx, tx, "executive:edit", "executive", id, "")
}

// SetInvites says whether the sessions of a post are mailed to the calendars of
// those who hold it.
func SetInvites(ctx context.Context, tx *tenants.Tx, id int64, on bool) error {
	e, err := lockPost(ctx, tx, id)
	if err != nil || e.InvitesOff != on {
		return err
	}
	e.InvitesOff = !on
	if err := tx.Update(ctx, e, "invites_off"); err != nil {
		return err
	}
	detail := "off"
	if on {
		detail = "on"
	}
	return audit.Record(ctx, tx, "executive:invites", "executive", id, detail)
}

// MovePost changes the place with the next active post above or below; at the
// end of the list nothing happens.
func MovePost(ctx context.Context, tx *tenants.Tx, id int64, down bool) error {
	list, err := Executives(ctx, tx)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(list, func(e Executive) bool { return e.ID == id })
	if at < 0 {
		return errUnknown()
	}
	other := at - 1
	if down {
		other = at + 1
	}
	if other < 0 || other >= len(list) {
		return nil
	}
	list[at], list[other] = list[other], list[at]
	for i := range list {
		if list[i].Position == i {
			continue
		}
		if _, err := tx.Set(ctx, (*Executive)(nil), "position = ?", []any{i}, "id = ?", list[i].ID); err != nil {
			return err
		}
	}
	return audit.Record(ctx, tx, "executive:move", "executive", id, "")
}

// Retire ends a post, which no directive may wait for; meetings.RetirePost looks
// after its sessions first. Conflict: posts.conflict.directives with their
// number n.
func Retire(ctx context.Context, tx *tenants.Tx, id int64) error {
	e, err := lockPost(ctx, tx, id)
	if err != nil {
		return err
	}
	if !e.Active {
		return fault.New(fault.Conflict, "posts.conflict.state")
	}
	open, err := OpenOf(ctx, tx, id)
	if err != nil {
		return err
	}
	if open > 0 {
		return fault.New(fault.Conflict, "posts.conflict.directives", "n", open)
	}
	return e.setActive(ctx, tx, false, "executive:retire")
}

// Restore brings a retired post back, with the holder it had.
func Restore(ctx context.Context, tx *tenants.Tx, id int64) error {
	e, err := lockPost(ctx, tx, id)
	if err != nil {
		return err
	}
	if e.Active {
		return fault.New(fault.Conflict, "posts.conflict.state")
	}
	return e.setActive(ctx, tx, true, "executive:restore")
}

func (e *Executive) setActive(ctx context.Context, tx *tenants.Tx, active bool, act string) error {
	e.Active = active
	if err := tx.Update(ctx, e, "active"); err != nil {
		return err
	}
	return audit.Record(ctx, tx, act, "executive", e.ID, "")
}

// OpenOf counts the directives of a post that are not done.
func OpenOf(ctx context.Context, r tenants.Reader, id int64) (int, error) {
	n, err := r.Select((*Directive)(nil)).Where("directive.executive_id = ? AND directive.state <> ?", id, Done).Count(ctx)
	return int(n), tenants.Err(err)
}

// lockPost locks a post; the holder on the row is the first one.
func lockPost(ctx context.Context, tx *tenants.Tx, id int64) (*Executive, error) {
	e := new(Executive)
	return e, tx.Lock(ctx, e, "executive.id = ?", id)
}

func (e *Executive) checkPost(bad fault.Fields) {
	e.PostFA, e.PostEN = persian.CleanLine(e.PostFA), persian.CleanLine(e.PostEN)
	for field, text := range map[string]string{"post_fa": e.PostFA, "post_en": e.PostEN} {
		if n := utf8.RuneCountInString(text); n == 0 || n > maxName {
			bad.Add(field, "posts.error.post")
		}
	}
}
