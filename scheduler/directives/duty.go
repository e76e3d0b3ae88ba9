package directives

import (
	"context"
	"slices"
	"time"

	"pasokh/tenants"
)

// Duty tells who acts for the posts from now on: those who hold them and those
// who stand in, as the terms say today.
type Duty struct {
	posts map[int64]*Executive
	terms map[int64][]Term
}

// DutyFromNow reads it, in two statements.
func DutyFromNow(ctx context.Context, r tenants.Reader) (*Duty, error) {
	var posts []Executive
	if err := r.Select(&posts).Order("executive.id").Limit(500).Scan(ctx); err != nil {
		return nil, tenants.Err(err)
	}
	var terms []Term
	err := r.Select(&terms).Where("term.until_at IS NULL OR term.until_at > ?", r.Now()).Order("term.id").Scan(ctx)
	d := &Duty{posts: map[int64]*Executive{}, terms: map[int64][]Term{}}
	for i := range posts {
		d.posts[posts[i].ID] = &posts[i]
	}
	for _, t := range terms {
		d.terms[t.ExecutiveID] = append(d.terms[t.ExecutiveID], t)
	}
	return d, tenants.Err(err)
}

// Post is the row of a post, with the holder from before the first term; nil
// when there is none.
func (d *Duty) Post(executiveID int64) *Executive { return d.posts[executiveID] }

// At lists the accounts that act for a post at an instant to come: of the holder,
// if there is one, and of the deputies.
func (d *Duty) At(executiveID int64, at time.Time) []int64 {
	post := d.posts[executiveID]
	if post == nil {
		return nil
	}
	then := Executive{StaffID: post.StaffID}
	for _, t := range d.terms[executiveID] {
		switch {
		case !t.At(at):
		case t.Kind == TermHolder:
			then.StaffID = t.StaffID
		default:
			then.Deputies = append(then.Deputies, *t.StaffID)
		}
	}
	return then.Acting()
}

// Everybody lists all accounts that act for some post now or later.
func (d *Duty) Everybody() []int64 {
	var ids []int64
	for _, post := range d.posts {
		if post.StaffID != nil {
			ids = append(ids, *post.StaffID)
		}
	}
	for _, list := range d.terms {
		for _, t := range list {
			if t.StaffID != nil {
				ids = append(ids, *t.StaffID)
			}
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}
