package web

import (
	"time"

	"pasokh/app/fault"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
	"pasokh/views/parts"
)

// changePost does one thing to a post and shows its page again; name is the form
// that comes back with what was wrong.
func (r *req) changePost(name string, act func(tx *tenants.Tx, id int64, f form) error) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	err = r.write(func(tx *tenants.Tx) error { return act(tx, id, f) })
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return r.postPage(id, name, f.postFields(), err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "posts.done."+name)
	return r.done(postsPath + "/" + idText(id))
}

// fromNow is the beginning of the day that was typed; of today, and without a
// day, it is now.
func (r *req) fromNow(f form) (time.Time, error) {
	from, err := f.beginning("from")
	if err == nil && from.Equal(startOfDay(r.now())) {
		return time.Time{}, nil
	}
	return from, err
}

func (w *web) orgPostSave(r *req) error {
	return r.changePost("name", func(tx *tenants.Tx, id int64, f form) error {
		return directives.EditPost(r.ctx, tx, id, f.text("post_fa"), f.text("post_en"))
	})
}

func (w *web) orgPostMove(r *req) error {
	return r.move(postsPath, func(tx *tenants.Tx, id int64, down bool) error { return directives.MovePost(r.ctx, tx, id, down) })
}

// orgPostHolderCreate gives the post to somebody else from a date on.
func (w *web) orgPostHolderCreate(r *req) error {
	return r.changePost("holder", func(tx *tenants.Tx, id int64, f form) error {
		from, err := r.fromNow(f)
		if err != nil {
			return err
		}
		return directives.ChangeHolder(r.ctx, tx, id, directives.Holder{StaffID: f.account(), NameFA: f.text("name_fa"), NameEN: f.text("name_en"), FromAt: from})
	})
}

// orgPostDeputyCreate lets somebody stand in for the holder for a time.
func (w *web) orgPostDeputyCreate(r *req) error {
	return r.changePost("deputy", func(tx *tenants.Tx, id int64, f form) error {
		from, err := r.fromNow(f)
		if err != nil {
			return err
		}
		until, err := f.moment("until")
		if err != nil {
			return err
		}
		return directives.AppointDeputy(r.ctx, tx, id, directives.Deputy{StaffID: f.id("staff"), FromAt: from, UntilAt: until})
	})
}

// orgPostInvitesSave says whether the sessions of the post are mailed to calendars.
func (w *web) orgPostInvitesSave(r *req) error {
	return r.changePost("invites", func(tx *tenants.Tx, id int64, f form) error {
		return directives.SetInvites(r.ctx, tx, id, f.yes("invites"))
	})
}

func (w *web) orgPostRetirementCreate(r *req) error {
	return r.changePost("retirement", func(tx *tenants.Tx, id int64, _ form) error { return meetings.RetirePost(r.ctx, tx, id) })
}

func (w *web) orgPostRestorationCreate(r *req) error {
	return r.changePost("restoration", func(tx *tenants.Tx, id int64, _ form) error { return directives.Restore(r.ctx, tx, id) })
}

// orgTermEndCreate ends the time of a deputy, or takes back what has not begun.
func (w *web) orgTermEndCreate(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	t, err := directives.TermByID(r.ctx, r.db, id)
	if err != nil {
		return err
	}
	err = r.write(func(tx *tenants.Tx) error { return directives.EndTerm(r.ctx, tx, id) })
	if fault.Is(err, fault.Conflict) {
		return r.postPage(t.ExecutiveID, "term", map[string]string{}, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "posts.done.term")
	return r.done(postsPath + "/" + idText(t.ExecutiveID))
}
