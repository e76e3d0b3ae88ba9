package inbound

import (
	"context"
	"encoding/base64"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"pasokh/app/audit"
	"pasokh/app/carriers"
	"pasokh/app/fault"
	"pasokh/app/fetch"
	"pasokh/app/persian"
	"pasokh/app/staff"
	"pasokh/app/vault"
	"pasokh/tenants"
)

// Mailbox is how a mailbox is reached, as typed. Done is the folder for what was
// taken; empty: it stays and is marked as read.
type Mailbox struct {
	Host, Port, User, Folder, Done string
	Password                       string // empty leaves what is sealed
	On                             bool
}

// Mailbox is what the door of mail keeps of it; the password stays sealed.
func (d *Door) Mailbox() Mailbox {
	s := d.Settings
	return Mailbox{Host: s["host"], Port: s["port"], User: s["user"], Folder: s["folder"], Done: s["done"], On: d.Polls()}
}

// Polls tells whether the door's mailbox is read.
func (d *Door) Polls() bool {
	return d.Kind == Mail && d.Enabled && d.Settings["host"] != "" && d.Settings["poll"] == "yes"
}

// MailDoor is the door of mail; one without an ID when there is none yet.
func MailDoor(ctx context.Context, r tenants.Reader) (*Door, error) {
	var list []Door
	err := r.Select(&list).Where("door.kind = ?", Mail).Limit(1).Scan(ctx)
	if err != nil || len(list) == 0 {
		return &Door{Kind: Mail, Settings: map[string]string{}}, tenants.Err(err)
	}
	return &list[0], nil
}

// SaveMailbox checks and keeps how the mailbox is reached. An empty host and user
// forget it. Field errors: host, port, user, password, folder, done.
func (f *Fetcher) SaveMailbox(ctx context.Context, tx *tenants.Tx, in Mailbox) error {
	d, err := lockDoor(ctx, tx, Mail, 0)
	if err != nil {
		return err
	}
	before := d.Mailbox()
	settings, err := in.settings(d.Secrets != "", before.Host)
	if err != nil {
		return err
	}
	d.Settings, d.UpdatedAt = settings, tx.Now()
	if now := d.Mailbox(); now.Host != before.Host || now.User != before.User || now.Folder != before.Folder {
		d.Place = ""
	}
	switch {
	case settings["host"] == "":
		d.Secrets, d.Place = "", ""
	case in.Password != "":
		if err := f.seal(d, in.Password); err != nil {
			return fault.Wrap(err, "inbound.SaveMailbox")
		}
	}
	d.Enabled = in.On || (d.Enabled && d.TokenHash != "")
	d.Problem, d.ProblemAt, d.LookedAt = "", nil, nil
	if err := tx.Update(ctx, d, "settings", "secrets", "place", "enabled", "problem", "problem_at", "looked_at", "updated_at"); err != nil {
		return err
	}
	if err := audit.Record(ctx, tx, "inbound.mailbox", "inbound_door", d.ID, settings["host"]+" "+strconv.FormatBool(in.On)); err != nil {
		return err
	}
	return staff.TellSecurity(ctx, tx, false)
}

// settings is what is kept of the form. A password that is sealed was given for the
// host that stands, and goes to no other one.
func (in Mailbox) settings(sealed bool, stands string) (map[string]string, error) {
	line := func(s string) string { return cut(persian.ToASCII(persian.CleanLine(s)), 200) }
	host, user, port, folder := strings.ToLower(line(in.Host)), line(in.User), line(in.Port), cut(persian.CleanLine(in.Folder), 200)
	if host == "" && user == "" && !in.On {
		return map[string]string{}, nil
	}
	wrong := fault.Fields{}
	for name, value := range map[string]string{"host": host, "user": user, "folder": folder} {
		if value == "" {
			wrong.Add(name, "gateway.error.missing")
		}
	}
	switch {
	case in.Password != "":
	case !sealed:
		wrong.Add("password", "gateway.error.missing")
	case host != stands:
		wrong.Add("password", "gateway.error.again")
	}
	if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
		wrong.Add("port", "gateway.error.port")
	}
	if strings.ContainsAny(host, "/@ ") {
		wrong.Add("host", "gateway.error.host")
	}
	done := cut(persian.CleanLine(in.Done), 200)
	if done != "" && done == folder {
		wrong.Add("done", "inbound.mailbox.error.done")
	}
	kept := map[string]string{"host": host, "port": port, "user": user, "folder": folder, "done": done}
	if in.On {
		kept["poll"] = "yes"
	}
	return kept, wrong.Err()
}

func (d *Door) vaultPlace() vault.Place {
	return vault.Place{Tenant: d.TenantID, Table: "inbound_doors", Column: "secrets", Row: d.ID}
}

func (f *Fetcher) seal(d *Door, password string) error {
	sealed, err := f.Gateways.Keys.Seal([]byte(password), d.vaultPlace())
	d.Secrets = base64.StdEncoding.EncodeToString(sealed)
	return err
}

// box opens what the door keeps; Down when its password cannot be opened.
func (f *Fetcher) box(d *Door) (*carriers.Mailbox, error) {
	raw, err := base64.StdEncoding.DecodeString(d.Secrets)
	if err != nil || f.Gateways.Keys == nil {
		return nil, &carriers.Down{Reason: carriers.Sealed}
	}
	password, err := f.Gateways.Keys.Open(raw, d.vaultPlace())
	if err != nil {
		return nil, &carriers.Down{Reason: carriers.Sealed}
	}
	o, in := f.Gateways.Options, d.Mailbox()
	return &carriers.Mailbox{
		Host: in.Host, Port: in.Port, User: in.User, Password: string(password), Folder: in.Folder, Done: in.Done,
		Loopback: o.Loopback, Reach: reach(o),
	}, nil
}

// reach tells which addresses mailboxes are read from: those of the public
// internet, and nearer ones only where the deployment says so.
func reach(o carriers.Options) func(netip.Addr) bool {
	return func(at netip.Addr) bool {
		return fetch.Public(at) || (o.Loopback && at.IsLoopback()) || (o.Inside && at.IsPrivate())
	}
}

// TryMailbox enters the mailbox and leaves it; the word is why that failed, as in
// inbound.mailbox.problem.<word>, or empty.
func (f *Fetcher) TryMailbox(ctx context.Context, d *Door) string {
	ctx, cancel := context.WithTimeout(ctx, fetchLimit)
	defer cancel()
	box, err := f.box(d)
	if err == nil {
		err = box.Check(ctx)
	}
	reason, _ := carriers.Why(err)
	return reason
}

const (
	// lookLimit is how long one look into a mailbox may take.
	lookLimit = time.Minute
	// lookAgain is after how long a mailbox that could not be read is tried again:
	// one that hangs must not keep the others waiting every minute.
	lookAgain = 10 * time.Minute
)

// NoteTrial keeps what a trial of the mailbox came to.
func NoteTrial(ctx context.Context, tx *tenants.Tx, id int64, problem string) error {
	d := new(Door)
	if err := tx.Lock(ctx, d, "door.id = ?", id); err != nil {
		return err
	}
	return d.noteLook(ctx, tx, problem)
}
