package web

import (
	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/inbound"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

const mailboxPath = channelsPath + "/inbound/mailbox"

func (w *web) fetcher() *inbound.Fetcher {
	return &inbound.Fetcher{Gateways: w.Gateways, Files: w.Files}
}

// orgMailbox is the form of the mailbox that is looked through.
func (w *web) orgMailbox(r *req) error {
	d, err := inbound.MailDoor(r.ctx, r.db)
	if err != nil {
		return err
	}
	return r.mailboxForm(d, d.Mailbox(), nil)
}

func (r *req) mailboxForm(d *inbound.Door, typed inbound.Mailbox, cause error) error {
	typed.Password = ""
	m := &views.OrgMailbox{
		Form: typed, Saved: d.Settings["host"] != "", Sealed: d.Secrets != "", LookedAt: d.LookedAt, LastAt: d.LastAt,
		Problem: d.Problem, Since: d.ProblemAt, Errors: views.ErrorsOf(cause),
	}
	p := r.frame("inbound.mailbox.title")
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.OrgMailboxPage(p, m))
	}
	return r.page(parts.Desk, p, views.OrgMailboxPage(p, m))
}

// orgMailboxSave keeps how the mailbox is reached.
func (w *web) orgMailboxSave(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	in := inbound.Mailbox{
		Host: f.text("host"), Port: f.text("port"), User: f.text("user"), Password: f.raw("password"),
		Folder: f.text("folder"), Done: f.text("done"), On: f.yes("on"),
	}
	err = r.write(func(tx *tenants.Tx) error { return w.fetcher().SaveMailbox(r.ctx, tx, in) })
	if fault.Is(err, fault.Invalid) {
		d, again := inbound.MailDoor(r.ctx, r.db)
		if again != nil {
			return again
		}
		return r.mailboxForm(d, in, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "org.saved")
	return r.done(mailboxPath)
}

// orgMailboxTrialCreate enters the mailbox and says what came of it.
func (w *web) orgMailboxTrialCreate(r *req) error {
	d, err := inbound.MailDoor(r.ctx, r.db)
	if err != nil {
		return err
	}
	if d.Settings["host"] == "" {
		return fault.New(fault.NotFound, "error.not_found")
	}
	r.db.Release() // the server may take its time
	problem := w.fetcher().TryMailbox(r.ctx, d)
	err = r.write(func(tx *tenants.Tx) error {
		if err := inbound.NoteTrial(r.ctx, tx, d.ID, problem); err != nil {
			return err
		}
		return audit.Record(r.ctx, tx, "inbound.tried", "inbound_door", d.ID, problem)
	})
	if err != nil {
		return err
	}
	if problem == "" {
		r.flash(parts.Success, "inbound.mailbox.tried")
	}
	return r.done(mailboxPath)
}
