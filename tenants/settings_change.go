package tenants

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/uptrace/bun"

	"pasokh/app/fault"
)

// ChangeSettings lets change write on the organization's settings as they stand
// now, and keeps them. Other processes see them within a few seconds of the
// commit; transactions that run keep those they began with.
func (tx *Tx) ChangeSettings(ctx context.Context, change func(*Settings)) error {
	return tx.changeSelf(ctx, []string{"settings"}, func(t *Tenant) { change(&t.Settings) })
}

// Identity is what an organization is called and looks like.
type Identity struct {
	NameFA, NameEN   string
	ShortFA, ShortEN string
	AboutFA, AboutEN string
	Accent           string
}

// Identity is how the organization shows itself now.
func (t *Tenant) Identity() Identity {
	s := &t.Settings
	return Identity{t.NameFA, t.NameEN, s.ShortFA, s.ShortEN, s.AboutFA, s.AboutEN, t.Accent}
}

// ChangeIdentity lets change write on the organization's identity as it stands now.
func (tx *Tx) ChangeIdentity(ctx context.Context, change func(*Identity)) error {
	return tx.changeSelf(ctx, []string{"settings", "name_fa", "name_en", "accent"}, func(t *Tenant) {
		i := t.Identity()
		change(&i)
		t.NameFA, t.NameEN, t.Accent = i.NameFA, i.NameEN, i.Accent
		s := &t.Settings
		s.ShortFA, s.ShortEN, s.AboutFA, s.AboutEN = i.ShortFA, i.ShortEN, i.AboutFA, i.AboutEN
	})
}

// Own reads the organization's row as it stands in the transaction.
func (tx *Tx) Own(ctx context.Context) (*Tenant, error) {
	row := new(Tenant)
	q := tx.root.write.NewSelect().Conn(tx.conn).Model(row).Where("tenant.id = ?", tx.tenant.ID)
	if tx.root.postgres {
		q = q.For("NO KEY UPDATE OF ?", bun.Ident("tenant"))
	}
	return row, Err(q.Scan(ctx))
}

func (tx *Tx) changeSelf(ctx context.Context, columns []string, change func(*Tenant)) error {
	row, err := tx.Own(ctx)
	if err != nil {
		return fault.Wrap(err, "tenants.ChangeSettings")
	}
	before, err := row.settingFacts()
	if err != nil {
		return err
	}
	change(row)
	after, err := row.settingFacts()
	if err != nil {
		return err
	}
	tx.conn.settings = true
	res, err := tx.root.write.NewUpdate().Conn(tx.conn).Model(row).Column(columns...).Where("id = ?", tx.tenant.ID).Exec(ctx)
	if err := one(res, err); err != nil {
		return fault.Wrap(err, "tenants.ChangeSettings")
	}
	for _, area := range Areas() {
		tx.note(SettingsThing, SettingRow{Area: area, Key: area}, before.of(area), after.of(area))
	}
	return nil
}

// SettingsThing is the thing of changes of what has no row of its own.
const SettingsThing = "settings"

// settingAreas says which area a setting without a row of its own is listed in;
// groups stand for all that is in them.
var settingAreas = map[string]string{
	"calendar": AreaCalendar, "booking": AreaMeetings, "messages": AreaMessages, "ranking": AreaInspection,
	"reviews": AreaInspection, "conduct": AreaInspection, "warnings": AreaInspection,
	"second_factor": AreaSecurity, "service_only": AreaSecurity, "bounce_limit": AreaRules, "feedback_attempts": AreaRules, "triage_minutes": AreaRules,
	"feedback_minutes": AreaRules, "followup_minutes": AreaRules, "legal_months": AreaRules, "objection_days": AreaRules,
	"refuse_transfers": AreaRules, "transfer_days": AreaRules, "keep_photo_place": AreaRules, "hold_minutes": AreaMeetings,
	"lead_hours": AreaMeetings, "horizon_days": AreaMeetings, "approval": AreaMeetings, "quota_days": AreaMeetings,
	"cool_down_days": AreaMeetings, "reschedule_limit": AreaMeetings, "directive_days": AreaMeetings, "sessions_ahead": AreaMeetings,
	"public_days": AreaMeetings, "walk_in_room": AreaMeetings, "minutes_template": AreaMeetings, "directive_objection_days": AreaMeetings,
}

// of are the facts that an area lists; what no area names is identity.
func (f facts) of(area string) facts {
	own := facts{}
	for name, raw := range f {
		group, _, _ := strings.Cut(name, ".")
		in, ok := settingAreas[group]
		if !ok {
			in = AreaIdentity
		}
		if in == area {
			own[name] = raw
		}
	}
	return own
}

// settingGroups are the settings whose parts are told one by one.
var settingGroups = []string{"calendar", "booking", "messages", "ranking", "reviews", "conduct", "warnings"}

// settingFacts are the settings and the names by field.
func (t *Tenant) settingFacts() (facts, error) {
	f, err := fields(t.Settings)
	if err != nil {
		return nil, err
	}
	for _, group := range settingGroups {
		inner, err := fields(f[group])
		if err != nil {
			return nil, err
		}
		delete(f, group)
		for name, raw := range inner {
			f[group+"."+name] = raw
		}
	}
	own, err := fields(map[string]string{"name_fa": t.NameFA, "name_en": t.NameEN, "accent": t.Accent})
	for name, raw := range own {
		f[name] = raw
	}
	return f, err
}

func fields(v any) (facts, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	f := facts{}
	return f, json.Unmarshal(raw, &f)
}

// Restorable tells whether the value that a change took away can be put back by
// itself: a number, a word or a yes that stood among the settings.
func (c *SettingChange) Restorable(field string) bool {
	if c.Thing != SettingsThing || c.Area == AreaCalendar {
		return false
	}
	for _, f := range c.Fields {
		if f.Field == field {
			return len(f.Before) == 0 || !strings.ContainsAny(string(f.Before[:1]), "[{")
		}
	}
	return false
}

// PutBack gives the settings with one field as it was before a change; NotFound
// when the change did not touch it.
func (c *SettingChange) PutBack(ctx context.Context, tx *Tx, field string) error {
	if !c.Restorable(field) {
		return fault.New(fault.NotFound, "error.not_found")
	}
	var before json.RawMessage
	for _, f := range c.Fields {
		if f.Field == field {
			before = f.Before
		}
	}
	tx.Restores(c.ID)
	return tx.changeSelf(ctx, []string{"settings", "name_fa", "name_en", "accent"}, func(t *Tenant) { t.put(field, before) })
}

// put writes one field from its JSON; nothing is its zero.
func (t *Tenant) put(field string, raw json.RawMessage) {
	own := map[string]*string{"name_fa": &t.NameFA, "name_en": &t.NameEN, "accent": &t.Accent}
	if at := own[field]; at != nil {
		_ = json.Unmarshal(raw, at) // what was a text once
		return
	}
	all, err := fields(t.Settings)
	if err != nil {
		return
	}
	group, name, inner := strings.Cut(field, ".")
	target := all
	if inner {
		if target, err = fields(all[group]); err != nil {
			return
		}
	} else {
		name = group
	}
	if delete(target, name); len(raw) > 0 {
		target[name] = raw
	}
	if inner {
		all[group], _ = json.Marshal(target)
	}
	whole, _ := json.Marshal(all)
	fresh := Settings{}
	if json.Unmarshal(whole, &fresh) == nil {
		t.Settings = fresh
	}
}
