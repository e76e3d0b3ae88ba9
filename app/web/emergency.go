package web

import (
	"net/http"
	"time"

	"pasokh/app/audit"
	"pasokh/app/emergency"
	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// Who looks by an emergency grant is nobody of the staff: a browser with a
// cookie of its own, which opens the pages that the route table marks, and
// writes nothing but the reason for which masked fields are shown.

const (
	emergencyCookie = "pasokh-emergency"
	orgEmergency    = "/desk/organization/emergency"
)

// emergencyPermissions are what such a browser may; the marked routes narrow it.
var emergencyPermissions = []string{"complaint:read", "meeting:read", "directive:read", "directive:read_all", "delivery:read", "citizen:unmask"}

var errLooksOnly = fault.New(fault.Forbidden, "emergency.error.looks_only")

// authenticateEmergency tells whether the browser looks by a grant. The grant and
// its holder are judged anew for every request; one that is over is like none.
func (r *req) authenticateEmergency() (bool, error) {
	token := r.cookie(emergencyCookie)
	if r.tenant.IsPlatform() || !tenants.IsToken(token) {
		return false, nil
	}
	g, err := emergency.Authenticate(r.ctx, r.db, token)
	if err == nil {
		err = r.holds(g)
	}
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	actor := g.Actor()
	r.principal = principal{
		kind: Staff, actor: actor, nameFA: g.HolderFA, nameEN: g.HolderEN, token: token, grant: g,
		account: &staff.Principal{Actor: actor},
	}
	return true, nil
}

// holds judges the account at the platform: still open, still with the right.
func (r *req) holds(g *emergency.Grant) error {
	r.db.Release()
	db, err := r.w.Root.UnscopedDoor(r.ctx, tenants.PlatformSlug)
	if err != nil {
		return err
	}
	defer db.Release()
	who, err := staff.ByID(r.ctx, db, g.HolderID)
	if err != nil {
		return err
	}
	roles, err := staff.Roles(r.ctx, db, g.HolderID)
	if err == nil && (who.DisabledAt != nil || !r.w.Book.Can(db.Tenant().ID, roles, "platform:emergency")) {
		err = tenants.ErrSessionEnded()
	}
	return err
}

// admitEmergency opens the marked pages and puts each of them on record, in the
// organization's chain and in the platform's, before it is shown.
func (r *req) admitEmergency() error {
	if !r.route.Emergency || !r.can(r.route.Permission) {
		return errLooksOnly
	}
	g, page := r.principal.grant, r.c.Method()+" "+r.c.Path()
	err := r.db.Write(r.ctx, r.principal.actor, func(tx *tenants.Tx) error { return emergency.Saw(r.ctx, tx, g.ID, page) })
	if err != nil {
		return err
	}
	db, err := r.w.Root.UnscopedDoor(r.ctx, tenants.PlatformSlug)
	if err != nil {
		return err
	}
	defer db.Release()
	holder := tenants.Actor{Kind: tenants.Staff, ID: g.HolderID, Name: g.HolderFA}
	return db.Write(r.ctx, holder, func(tx *tenants.Tx) error {
		return audit.Record(r.ctx, tx, "emergency:view", "tenant", r.tenant.ID, r.tenant.Slug+" "+page)
	})
}

// mayWrite tells whether the request is the one act that is open to who looks.
func (r *req) mayWrite() bool {
	return r.route != nil && r.route.Emergency && r.c.Method() == http.MethodPost
}

// emergencyBar marks every page that is shown by a grant, and tells the
// administrators while somebody looks.
func (r *req) emergencyBar(p *parts.Page) {
	if g := r.principal.grant; g != nil {
		p.Alarm = &parts.Alarm{
			Text: r.t("emergency.bar", "until", r.until(g.ExpiresAt), "ticket", isolated(g.Ticket)), Action: "/emergency/end", Act: r.t("emergency.leave"),
		}
		return
	}
	if r.db == nil || r.tenant.IsPlatform() || !r.can("emergency:read") {
		return
	}
	// Without the bar a page is poorer but not wrong; the message has gone out.
	running, err := emergency.Running(r.ctx, r.db)
	if err != nil || len(running) == 0 {
		return
	}
	g := running[0]
	p.Alarm = &parts.Alarm{
		Text: r.t("emergency.running", "name", r.in(g.HolderFA, g.HolderEN), "until", r.until(g.ExpiresAt)),
		Link: parts.LinkOpts{Label: r.t("emergency.more"), Href: orgEmergency + "/" + idText(g.ID)},
	}
	if r.can("emergency:end") {
		p.Alarm.Action, p.Alarm.Act = orgEmergency+"/"+idText(g.ID)+"/end", r.t("emergency.end")
	}
}

func (r *req) until(at time.Time) string { return messages.Clock(r.ctx, at) }

// emergencyForm asks for the one press that lets the holder in. It looks nothing
// up: every word has the same page.
func (w *web) emergencyForm(r *req) error {
	p := r.frame("emergency.enter_title")
	return r.page(parts.Plain, p, views.EmergencyEnterPage(p, "/emergency/"+r.c.Params("word")))
}

// emergencyEnter lets the holder in, once.
func (w *web) emergencyEnter(r *req) error {
	if err := r.count(limitSignInIP, r.ip()); err != nil {
		return err
	}
	var token string
	err := r.db.Write(r.ctx, tenants.SystemActor(), func(tx *tenants.Tx) (err error) {
		token, err = emergency.Enter(r.ctx, tx, r.c.Params("word"))
		return err
	})
	if err != nil {
		return err
	}
	w.setCookie(r.c, emergencyCookie, token, 0)
	return r.done("/desk")
}

// emergencyLeave ends the grant by which this browser looks.
func (w *web) emergencyLeave(r *req) error {
	looks, err := r.authenticateEmergency()
	if err != nil {
		return err
	}
	if g := r.principal.grant; looks {
		err = r.db.Write(r.ctx, r.principal.actor, func(tx *tenants.Tx) error {
			return emergency.End(r.ctx, tx, g.ID, emergency.ByHolder, g.HolderID)
		})
	}
	if err != nil {
		return err
	}
	w.setCookie(r.c, emergencyCookie, "", -1)
	r.c.Set("Clear-Site-Data", `"cache"`)
	r.principal = principal{kind: Public}
	p := r.frame("emergency.left")
	return r.page(parts.Plain, p, views.EmergencyLeftPage(p))
}
