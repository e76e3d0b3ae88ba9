package web

import (
	"bytes"
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"
	"github.com/redis/go-redis/v9"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/notify"
	"pasokh/app/staff"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// presence is who has a case open now: a sorted set for each case, its members
// the accounts, their scores the second they were last there.
const (
	presenceFor = 45 * time.Second // a little more than two beats
	presenceKey = "pasokh:here:"
)

// deskLive is the stream of a desk page: the counts of the inbox, of the side
// bar and of the bell; with case in the address also who else has it open, and
// whether it has changed since.
func (w *web) deskLive(r *req) error {
	d := &deskStream{w: w, tenant: r.tenant, token: r.principal.token, permission: r.route.Permission, lang: r.lang, actor: r.principal.actor, tabs: r.tabs(), caseID: number(r.query("case")), csrf: r.token()}
	if d.calls = r.query("calls") != "" && r.can("complaint:register"); d.calls {
		d.extension = r.query("extension")
	}
	if d.caseID != 0 {
		c, err := complaints.ByID(r.ctx, r.db, r.principal.actor, d.caseID)
		if err != nil {
			return err
		}
		d.version = c.Version
	}
	return r.stream(d.look, d.gone)
}

// deskStream is what one page follows. It opens the database anew for every
// look and gives it back.
type deskStream struct {
	w      *web
	tenant *tenants.Tenant
	token  string
	// permission is that of the route.
	permission string
	lang       messages.Lang
	actor      tenants.Actor
	tabs       []complaints.Tab
	caseID     int64
	version    int
	arrived    bool
	calls      bool   // tells of calls that ring
	extension  string // of the person; empty: all calls
	csrf       string // for the form in it
}

func (d *deskStream) look() (string, error) {
	ctx, cancel := context.WithTimeout(tenants.WithPatience(messages.With(context.Background(), d.lang), d.w.DatabaseTime), requestTime)
	defer cancel()
	db := d.w.Root.For(d.tenant)
	defer db.Release()
	// Who has signed out or was disabled in the meantime sees no more.
	p, err := staff.Authenticate(ctx, db, d.token)
	if err != nil {
		return "", err
	}
	if err := directives.Commission(ctx, db, &p.Actor); err != nil {
		return "", err
	}
	if err := empower(ctx, db, d.w.Book, &p.Actor); err != nil {
		return "", err
	}
	if err := d.judge(p); err != nil {
		return "", err
	}
	var b bytes.Buffer
	if err := d.counts(ctx, db, &b); err != nil {
		return "", err
	}
	if d.caseID != 0 {
		live, err := d.onCase(ctx, db)
		if err != nil {
			return "", err
		}
		if err := views.CaseLive(live).Render(ctx, &b); err != nil {
			return "", err
		}
	}
	if d.calls {
		if err := d.ringing(ctx, db, &b); err != nil {
			return "", err
		}
	}
	return b.String(), nil
}

// judge asks the policy anew, as admit did when the stream was opened: a role that
// was taken away ends it.
func (d *deskStream) judge(p *staff.Principal) error {
	can := func(permission string) bool { return d.w.Book.Can(d.tenant.ID, p.Actor.Roles, permission) }
	if p.Bare || !can(d.permission) {
		return fault.New(fault.Forbidden, "error.forbidden")
	}
	d.actor, d.calls = p.Actor, d.calls && can("complaint:register")
	d.tabs = tabsOf(d.actor, can)
	return nil
}

// tabsOf are the lists of somebody of whom the policy is asked.
func tabsOf(actor tenants.Actor, can func(permission string) bool) []complaints.Tab {
	if actor.SeesAll {
		return slices.DeleteFunc(complaints.Tabs(), func(t complaints.Tab) bool {
			return t == complaints.TabStuck && !can("complaint:sign_off") // the PR manager's list
		})
	}
	return []complaints.Tab{complaints.TabUnit, complaints.TabMine, complaints.TabOverdue, complaints.TabOpen, complaints.TabClosed}
}

func (d *deskStream) counts(ctx context.Context, db *tenants.DB, b *bytes.Buffer) error {
	tabs := d.tabs
	if !slices.Contains(tabs, complaints.TabUnit) {
		tabs = append(slices.Clone(tabs), complaints.TabUnit)
	}
	counts, unread, err := complaints.CountsAndUnread(ctx, db, d.actor, notify.UnreadOf(db, d.actor.ID), tabs...)
	if err != nil {
		return err
	}
	list := []templ.Component{parts.NavCount(parts.NavItem{Key: "nav-inbox", Count: counts[complaints.TabUnit]}), parts.UnreadCount(unread)}
	for _, tab := range d.tabs {
		list = append(list, parts.TabCount(parts.Tab{Key: "tab-" + string(tab), Count: counts[tab], Alert: tab == complaints.TabOverdue}))
	}
	for _, c := range list {
		if err := c.Render(ctx, b); err != nil {
			return err
		}
	}
	return nil
}

// onCase says who else is there; the first look also tells the others.
func (d *deskStream) onCase(ctx context.Context, db *tenants.DB) (views.LiveCase, error) {
	live := views.LiveCase{Href: casePath(d.caseID)}
	c, err := complaints.ByID(ctx, db, d.actor, d.caseID)
	if err != nil {
		return live, err
	}
	live.Changed = c.Version != d.version
	d.here(ctx)
	live.Others, err = d.w.others(ctx, db, d.lang, d.caseID, d.actor.ID)
	return live, err
}

func hereKey(tenant, id int64) string {
	return presenceKey + strconv.FormatInt(tenant, 10) + ":" + strconv.FormatInt(id, 10)
}

// here notes that the person has the case open. Redis may forget it.
func (d *deskStream) here(ctx context.Context) {
	key, now := hereKey(d.tenant.ID, d.caseID), d.w.Root.Clock()().Unix()
	pipe := d.w.Redis.Pipeline()
	pipe.ZAdd(ctx, key, redis.Z{Score: float64(now), Member: d.actor.ID})
	pipe.Expire(ctx, key, presenceFor)
	if _, err := pipe.Exec(ctx); err != nil {
		d.w.Log.Warn("live", "error", err)
	}
	if !d.arrived {
		d.arrived = true
		d.w.tell(d.tenant.ID)
	}
}

// gone takes the person off the case when the stream ends.
func (d *deskStream) gone() {
	if !d.arrived {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if err := d.w.Redis.ZRem(ctx, hereKey(d.tenant.ID, d.caseID), d.actor.ID).Err(); err != nil {
		d.w.Log.Warn("live", "error", err)
	}
	d.w.tell(d.tenant.ID)
}

// others names the colleagues who have the case open, without the reader.
// Without Redis nobody is named.
func (w *web) others(ctx context.Context, db *tenants.DB, lang messages.Lang, id, reader int64) ([]string, error) {
	since := w.Root.Clock()().Add(-presenceFor).Unix()
	members, err := w.Redis.ZRangeByScore(ctx, hereKey(db.Tenant().ID, id), &redis.ZRangeBy{Min: strconv.FormatInt(since, 10), Max: "+inf"}).Result()
	if err != nil {
		w.Log.Warn("live", "error", err)
		return nil, nil
	}
	var ids []int64
	for _, m := range members {
		if n := number(m); n != 0 && n != reader {
			ids = append(ids, n)
		}
	}
	people, err := staff.Names(ctx, db, ids)
	var names []string
	for _, id := range ids {
		if n, ok := people[id]; ok && lang == messages.EN {
			names = append(names, n.EN)
		} else if ok {
			names = append(names, n.FA)
		}
	}
	slices.Sort(names)
	return names, err
}
