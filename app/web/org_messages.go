package web

import (
	"fmt"
	"strconv"
	"strings"

	"pasokh/app/audit"
	"pasokh/app/carriers"
	"pasokh/app/fault"
	"pasokh/app/notify"
	"pasokh/app/persian"
	"pasokh/app/staff"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

const messagesPath = "/desk/organization/messages"

// orgMessages is the matrix: every message, to whom it goes, when and how.
func (w *web) orgMessages(r *req) error {
	from, until, _ := r.tenant.Settings.Messages.Quiet()
	return r.messagesPage(clockOf(from), clockOf(until), nil)
}

func (r *req) messagesPage(from, until string, cause error) error {
	list, err := notify.Wordings(r.ctx, r.db)
	if err != nil {
		return err
	}
	m := &views.OrgMessages{QuietFrom: from, QuietUntil: until, Errors: views.ErrorsOf(cause)}
	area := r.query("area")
	areas := []string{""}
	for _, one := range list {
		if areas[len(areas)-1] != one.Event.Area {
			areas = append(areas, one.Event.Area)
		}
		if area == "" || area == one.Event.Area {
			m.Add(one)
		}
	}
	for _, a := range areas {
		tab := parts.Tab{Label: r.t("message.area.all"), Href: messagesPath, Current: a == area}
		if a != "" {
			tab.Label, tab.Href = r.t("message.area."+a), messagesPath+"?area="+a
		}
		m.Tabs = append(m.Tabs, tab)
	}
	p := r.frame("message.title")
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.OrgMessagesPage(p, m))
	}
	return r.page(parts.Desk, p, views.OrgMessagesPage(p, m))
}

func clockOf(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

// minuteOf reads a time of day; -1 when it is none.
func minuteOf(typed string) int {
	h, m, ok := strings.Cut(persian.ToASCII(strings.TrimSpace(typed)), ":")
	if !ok {
		m = "0"
	}
	hour, err := strconv.Atoi(h)
	minute, err2 := strconv.Atoi(m)
	if err != nil || err2 != nil || hour < 0 || hour > 23 || minute < 0 || minute > 59 {
		return -1
	}
	return hour*60 + minute
}

// orgQuietSave keeps the hours in which citizens are left alone.
func (w *web) orgQuietSave(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	from, until, wrong := minuteOf(f.text("quiet_from")), minuteOf(f.text("quiet_until")), fault.Fields{}
	if from < 0 {
		wrong.Add("quiet_from", "message.error.time")
	}
	if until < 0 {
		wrong.Add("quiet_until", "message.error.time")
	}
	if err := wrong.Err(); err != nil {
		return r.messagesPage(f.text("quiet_from"), f.text("quiet_until"), err)
	}
	if from == until {
		from, until = 1, 1 // none: both zero would be the usual hours
	}
	err = r.write(func(tx *tenants.Tx) error {
		if err := tx.ChangeSettings(r.ctx, func(s *tenants.Settings) {
			s.Messages = tenants.Messaging{QuietFrom: from, QuietUntil: until}
		}); err != nil {
			return err
		}
		return audit.Record(r.ctx, tx, "message.quiet", "organization", r.tenant.ID, clockOf(from)+"-"+clockOf(until))
	})
	if err != nil {
		return err
	}
	r.flash(parts.Success, "message.quiet_saved")
	return r.done(messagesPath)
}

// messageOfPath is the message that the address names.
func (r *req) messageOfPath() (*notify.Wording, error) {
	return notify.WordingOf(r.ctx, r.db, r.c.Params("event"))
}

// spot is the text that is edited: a channel and a language of a message.
func (r *req) spot(e *notify.Event, channel, language string) (string, messages.Lang) {
	l := messages.Parse(language)
	for _, c := range e.Channels() {
		if c == channel {
			return c, l
		}
	}
	return e.Channels()[0], l
}

func (w *web) orgMessage(r *req) error {
	said, err := r.messageOfPath()
	if err != nil {
		return err
	}
	channel, l := r.spot(said.Event, r.query("channel"), r.query("language"))
	return r.messageForm(said, channel, l, said.Open(channel, l), nil)
}

func (r *req) messageForm(said *notify.Wording, channel string, l messages.Lang, typed notify.Letter, cause error) error {
	e, home := said.Event, r.w.links.Home(r.tenant)
	_, own := said.Own(channel, l)
	m := &views.OrgMessage{Said: said, Channel: channel, Lang: l, Typed: typed, Own: own, Errors: views.ErrorsOf(cause), Action: messagesPath + "/" + e.ID}
	m.Preview = e.Preview(r.tenant, l, home, typed)
	m.Size = notify.PartsOf(m.Preview.Text)
	for _, c := range e.Channels() {
		for _, lang := range messages.Langs {
			m.Tabs = append(m.Tabs, parts.Tab{
				Label: r.t("message.channel."+c) + " – " + r.t("message.language."+string(lang)), Current: c == channel && lang == l,
				Href: m.Action + "?channel=" + c + "&language=" + string(lang),
			})
		}
	}
	for _, field := range e.Fields {
		example := e.Preview(r.tenant, l, home, notify.Letter{Text: "{" + field + "}"}).Text
		m.Fields = append(m.Fields, views.MessageField{Name: field, Label: r.t("message.field." + field), Example: example})
	}
	p := r.frame(e.NameKey())
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.OrgMessagePage(p, m))
	}
	return r.page(parts.Desk, p, views.OrgMessagePage(p, m))
}

// orgMessageSave saves a text, shows how it would read, or goes back to the
// catalogue's.
func (w *web) orgMessageSave(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	said, err := r.messageOfPath()
	if err != nil {
		return err
	}
	channel, l := r.spot(said.Event, f.text("channel"), f.text("language"))
	typed, done := notify.Letter{Subject: f.text("subject"), Text: f.text("text")}, "message.saved"
	switch f.text("do") {
	case "preview":
		_, err := said.Event.Check(channel, typed)
		return r.messageForm(said, channel, l, typed, err)
	case "reset":
		done = "message.reset_done"
		err = r.write(func(tx *tenants.Tx) error { return notify.ResetText(r.ctx, tx, said.Event.ID, channel, l) })
	default:
		err = r.write(func(tx *tenants.Tx) error { return notify.SaveText(r.ctx, tx, said.Event.ID, channel, l, typed) })
	}
	if fault.Is(err, fault.Invalid) {
		return r.messageForm(said, channel, l, typed, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, done)
	return r.done(messagesPath + "/" + said.Event.ID + "?channel=" + channel + "&language=" + string(l))
}

// orgMessageChannelsSave decides by which channels a message goes.
func (w *web) orgMessageChannelsSave(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	said, err := r.messageOfPath()
	if err != nil {
		return err
	}
	on := map[string]bool{}
	for _, c := range said.Event.Channels() {
		on[c] = f.yes("channel_" + c)
	}
	err = r.write(func(tx *tenants.Tx) error { return notify.SaveRules(r.ctx, tx, said.Event.ID, on) })
	if fault.Is(err, fault.Invalid) {
		first := said.Event.Channels()[0]
		return r.messageForm(said, first, messages.FA, said.Open(first, messages.FA), err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "message.saved")
	return r.done(messagesPath + "/" + said.Event.ID)
}

// orgMessageTrialCreate sends the text as it stands to the person who asks.
func (w *web) orgMessageTrialCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	said, err := r.messageOfPath()
	if err != nil {
		return err
	}
	channel, l := r.spot(said.Event, f.text("channel"), f.text("language"))
	tone, key, err := w.tryMessage(r, said, channel, l)
	if err != nil {
		return err
	}
	r.flash(tone, key)
	return r.done(messagesPath + "/" + said.Event.ID + "?channel=" + channel + "&language=" + string(l))
}

// tryMessage sends through the first gateway of the channel.
func (w *web) tryMessage(r *req, said *notify.Wording, channel string, l messages.Lang) (parts.Tone, string, error) {
	me, err := staff.ByID(r.ctx, r.db, r.principal.actor.ID)
	if err != nil {
		return "", "", err
	}
	to := me.Mobile
	if channel == carriers.Mail {
		to = me.Email
	}
	if to == "" {
		return parts.Warning, "message.trial_no_address", nil
	}
	g, err := notify.FirstGateway(r.ctx, r.db, channel)
	if err != nil || g == nil {
		return parts.Warning, "message.trial_no_gateway", err
	}
	r.db.Release() // the gateway may take its time
	text := said.Event.Preview(r.tenant, l, w.links.Home(r.tenant), said.Open(channel, l))
	tried := w.Gateways.TryEvent(r.ctx, g, said.Event, "trial:"+said.Event.ID+":"+strconv.FormatInt(r.now().UnixMilli(), 10), to, text)
	if err := r.write(func(tx *tenants.Tx) error { return noteTrial(r, tx, g, tried) }); err != nil {
		return "", "", err
	}
	if tried != nil {
		return parts.Danger, "message.trial_failed", nil //nolint:nilerr // it is said in words
	}
	return parts.Success, "message.trial_sent", nil
}
