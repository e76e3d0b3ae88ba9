package web

import (
	"strconv"

	"pasokh/app/audit"
	"pasokh/app/carriers"
	"pasokh/app/fault"
	"pasokh/app/notify"
	"pasokh/app/persian"
	"pasokh/app/staff"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

const channelsPath = "/desk/organization/channels"

// orgChannels lists the gateways, channel by channel.
func (w *web) orgChannels(r *req) error { return w.channelsPage(r, "") }

// channelsPage also shows an address that was made just now.
func (w *web) channelsPage(r *req, address string) error {
	list, err := notify.Gateways(r.ctx, r.db)
	if err != nil {
		return err
	}
	m := &views.OrgChannels{Address: address}
	if m.Doors, err = r.orgDoors(list); err != nil {
		return err
	}
	for _, channel := range []string{carriers.SMS, carriers.Mail, carriers.Bale} {
		group := views.OrgChannel{Name: channel}
		for _, g := range list {
			if g.Channel == channel {
				group.Rows = append(group.Rows, g)
			}
		}
		m.Groups = append(m.Groups, group)
	}
	p := r.frame("gateway.title")
	return r.page(parts.Desk, p, views.OrgChannelsPage(p, m))
}

// orgGatewayNew offers the kinds of gateways, or the form of the chosen one.
func (w *web) orgGatewayNew(r *req) error {
	g := &notify.Gateway{Provider: r.query("provider")}
	if _, ok := carriers.ProviderNamed(g.Provider); !ok {
		p := r.frame("gateway.new")
		return r.page(parts.Desk, p, views.OrgProvidersPage(p))
	}
	return r.gatewayForm(g, "", nil)
}

func (w *web) orgGateway(r *req) error {
	g, err := r.gatewayOfPath()
	if err != nil {
		return err
	}
	return r.gatewayForm(g, warnText(g), nil)
}

func (r *req) gatewayOfPath() (*notify.Gateway, error) {
	id, err := r.id("id")
	if err != nil {
		return nil, err
	}
	return notify.GatewayByID(r.ctx, r.db, id)
}

func warnText(g *notify.Gateway) string {
	if g.WarnBelow == nil {
		return ""
	}
	return strconv.FormatInt(*g.WarnBelow, 10)
}

// gatewayForm shows the form, with what is wrong beside its fields.
func (r *req) gatewayForm(g *notify.Gateway, warn string, cause error) error {
	provider, _ := carriers.ProviderNamed(g.Provider)
	m := &views.OrgGateway{Gateway: *g, Provider: provider, Warn: warn, Action: channelsPath, Errors: views.ErrorsOf(cause), Fresh: g.ID == 0}
	title := "gateway.new"
	if g.ID != 0 {
		m.Action, title = channelsPath+"/"+idText(g.ID), "gateway.edit"
		me, err := staff.ByID(r.ctx, r.db, r.principal.actor.ID)
		if err != nil {
			return err
		}
		m.Email = me.Email
		if me.Mobile != "" {
			m.Mobile = persian.ShowMobile(me.Mobile)
		}
	}
	p := r.frame(title)
	if cause != nil {
		m.Wrong = m.Errors.Of(r.ctx, "email")
		return r.again(cause, parts.Desk, p, views.OrgGatewayPage(p, m))
	}
	return r.page(parts.Desk, p, views.OrgGatewayPage(p, m))
}

func (w *web) orgGatewayCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	return w.saveGateway(r, f, &notify.Gateway{Provider: f.text("provider")})
}

func (w *web) orgGatewaySave(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	g, err := r.gatewayOfPath()
	if err != nil {
		return err
	}
	return w.saveGateway(r, f, g)
}

func (w *web) saveGateway(r *req, f form, g *notify.Gateway) error {
	secrets := fillGateway(g, f)
	typed := *g
	err := r.write(func(tx *tenants.Tx) error {
		*g = typed // the transaction may run again
		return w.Gateways.Save(r.ctx, tx, g, secrets)
	})
	if fault.Is(err, fault.Invalid) {
		if _, known := carriers.ProviderNamed(typed.Provider); !known {
			return fault.New(fault.NotFound, "error.not_found")
		}
		return r.gatewayForm(&typed, f.text("warn_below"), err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "org.saved")
	return r.done(channelsPath + "/" + idText(g.ID))
}

// fillGateway takes what was typed into the fields of the provider; the secrets
// are given apart.
func fillGateway(g *notify.Gateway, f form) (secrets map[string]string) {
	provider, _ := carriers.ProviderNamed(g.Provider)
	g.Line, g.Enabled = f.text("line"), f.yes("active")
	g.Settings, g.Templates, secrets = map[string]string{}, map[string]string{}, map[string]string{}
	for _, name := range provider.Settings {
		g.Settings[name] = f.text(name)
	}
	for _, name := range provider.Secrets {
		secrets[name] = f.text(name)
	}
	for _, key := range notify.CodeTemplates {
		g.Templates[key] = f.text(key)
	}
	g.WarnBelow = nil
	if f.text("warn_below") != "" {
		n, ok := f.number("warn_below")
		below := int64(n)
		if !ok {
			below = -1
		}
		g.WarnBelow = &below
	}
	return secrets
}

// orgGatewayMove changes the order of a channel.
func (w *web) orgGatewayMove(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	if err := r.write(func(tx *tenants.Tx) error { return notify.MoveGateway(r.ctx, tx, id, f.text("to") == "up") }); err != nil {
		return err
	}
	return r.done(channelsPath)
}

// orgGatewayStateSave turns a gateway on or off.
func (w *web) orgGatewayStateSave(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	if err := r.write(func(tx *tenants.Tx) error { return notify.EnableGateway(r.ctx, tx, id, f.yes("on")) }); err != nil {
		return err
	}
	r.flash(parts.Success, "org.saved")
	return r.done(channelsPath)
}

// orgGatewayTrialCreate sends a text to the person who asks, and shows what the
// gateway said.
func (w *web) orgGatewayTrialCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	g, err := r.gatewayOfPath()
	if err != nil {
		return err
	}
	to, err := r.trialAddress(g, f)
	if fault.Is(err, fault.Invalid) {
		return r.gatewayForm(g, warnText(g), err)
	}
	if err != nil {
		return err
	}
	r.db.Release() // the gateway may take its time
	key := "trial:" + idText(g.ID) + ":" + strconv.FormatInt(r.now().UnixMilli(), 10)
	tried := w.Gateways.Try(r.ctx, g, key, to, r.t("gateway.trial"), r.t("gateway.trial_message", "office", r.in(r.tenant.NameFA, r.tenant.NameEN)))
	if err := r.write(func(tx *tenants.Tx) error { return noteTrial(r, tx, g, tried) }); err != nil {
		return err
	}
	if tried == nil {
		r.flash(parts.Success, "gateway.tried")
	} else {
		r.flash(parts.Danger, "gateway.not_tried")
	}
	return r.done(channelsPath + "/" + idText(g.ID) + "#trial")
}

func noteTrial(r *req, tx *tenants.Tx, g *notify.Gateway, tried error) error {
	if err := g.Note(r.ctx, tx, tried); err != nil {
		return err
	}
	reason, _ := carriers.Why(tried)
	return audit.Record(r.ctx, tx, "gateway.tried", "gateway", g.ID, reason)
}

// trialAddress is the own number of who asks; for mail the own address, which is
// kept.
func (r *req) trialAddress(g *notify.Gateway, f form) (string, error) {
	if g.Channel != carriers.Mail {
		me, err := staff.ByID(r.ctx, r.db, r.principal.actor.ID)
		if err == nil && me.Mobile == "" {
			err = fault.New(fault.Conflict, "gateway.no_mobile")
		}
		if err != nil {
			return "", err
		}
		return me.Mobile, nil
	}
	address := f.text("email")
	if address == "" {
		return "", fault.Field("email", "gateway.error.missing")
	}
	err := r.write(func(tx *tenants.Tx) error { return staff.SetEmail(r.ctx, tx, r.principal.actor.ID, address) })
	return address, err
}
