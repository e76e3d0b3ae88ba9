package tenants

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"gopkg.in/yaml.v3"

	"pasokh/app/fault"
)

func (a *applying) districts(ctx context.Context) error {
	if a.spec.Districts == nil {
		return nil
	}
	have, err := AllDistricts(ctx, a.tx)
	if err != nil {
		return err
	}
	ids, named := map[string]*int64{}, map[string]bool{}
	for i := range have {
		ids[have[i].Code] = &have[i].ID
	}
	for i, s := range a.spec.Districts {
		named[s.Code] = true
		next := &District{Code: s.Code, Kind: s.Kind, NameFA: s.NameFA, NameEN: s.NameEN, ParentID: ids[s.Parent], UnitID: a.unitID(s.Unit), Position: i, Active: true}
		at := slices.IndexFunc(have, func(d District) bool { return d.Code == s.Code })
		if at < 0 {
			next.ID = NewID()
			ids[s.Code] = &next.ID
			a.note("add", "district "+s.Code)
			if err := a.tx.Insert(ctx, next); err != nil {
				return err
			}
			continue
		}
		what := differs(&have[at], next, "ID", "Position")
		if len(what) == 0 {
			continue
		}
		a.note("change", "district "+s.Code, what...)
		next.ID = have[at].ID
		if err := a.tx.Update(ctx, next, "kind", "name_fa", "name_en", "parent_id", "unit_id", "position", "active"); err != nil {
			return err
		}
	}
	for i := range have {
		if d := &have[i]; d.Active && !named[d.Code] {
			d.Active = false
			a.note("retire", "district "+d.Code)
			if err := a.tx.Update(ctx, d, "active"); err != nil {
				return err
			}
		}
	}
	return nil
}

func (a *applying) sources(ctx context.Context) error {
	if a.spec.Sources == nil {
		return nil
	}
	have, err := AllSources(ctx, a.tx)
	if err != nil {
		return err
	}
	named := map[string]bool{}
	for _, s := range a.spec.Sources {
		named[s.Code] = true
		next := &Source{Code: s.Code, NameFA: s.NameFA, NameEN: s.NameEN, Active: true}
		at := slices.IndexFunc(have, func(o Source) bool { return o.Code == s.Code })
		if at < 0 {
			next.ID = NewID()
			a.note("add", "source "+s.Code)
			if err := a.tx.Insert(ctx, next); err != nil {
				return err
			}
			continue
		}
		what := differs(&have[at], next, "ID")
		if len(what) == 0 {
			continue
		}
		a.note("change", "source "+s.Code, what...)
		next.ID = have[at].ID
		if err := a.tx.Update(ctx, next, "name_fa", "name_en", "active"); err != nil {
			return err
		}
	}
	for i := range have {
		if s := &have[i]; s.Active && !named[s.Code] {
			s.Active = false
			a.note("retire", "source "+s.Code)
			if err := a.tx.Update(ctx, s, "active"); err != nil {
				return err
			}
		}
	}
	return nil
}

// settings lays what the file says of them over those in force: what it does not
// name stays.
func (a *applying) settings(ctx context.Context) error {
	node := member(&a.spec.written, "settings")
	if node == nil {
		return nil
	}
	var failed error
	err := a.tx.ChangeSettings(ctx, func(s *Settings) {
		before := s.Defaults()
		next := before
		if failed = node.Decode(&next); failed != nil {
			return
		}
		next = next.Defaults()
		what := settingsDiffer(before, next)
		if len(what) > 0 {
			a.note("change", "settings", what...)
			*s = next
		}
	})
	if failed != nil {
		return fault.New(fault.Invalid, "tenant.spec_unreadable", "reason", failed.Error())
	}
	return err
}

// settingsDiffer names the settings that are not alike.
func settingsDiffer(a, b Settings) (list []string) {
	x, y := map[string]json.RawMessage{}, map[string]json.RawMessage{}
	for s, into := range map[*Settings]*map[string]json.RawMessage{&a: &x, &b: &y} {
		raw, _ := json.Marshal(s) // plain values
		_ = json.Unmarshal(raw, into)
	}
	for name := range y {
		if !bytes.Equal(none(x[name]), none(y[name])) {
			list = append(list, fmt.Sprintf("%s: %s → %s", name, x[name], y[name]))
		}
	}
	slices.Sort(list)
	return list
}

// none makes an empty list and no list the same, at any depth.
func none(raw json.RawMessage) []byte { return bytes.ReplaceAll(raw, []byte("[]"), []byte("null")) }

// member is what a mapping says under a key; nil when it does not.
func member(n *yaml.Node, key string) *yaml.Node {
	if n.Kind == yaml.DocumentNode && len(n.Content) > 0 {
		n = n.Content[0]
	}
	if n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

// line is where the i-th entry of a list stands in the file, or one of its
// members; 0 when the specification came from elsewhere.
func (s *Spec) line(list string, i int, key string) int {
	n := member(&s.written, list)
	if n == nil || i >= len(n.Content) {
		return 0
	}
	if m := member(n.Content[i], key); m != nil {
		return m.Line
	}
	return n.Content[i].Line
}

var contactKinds = []string{"phone", "voicemail", "short_code", "sms", "ivr", "link"}

var unitKinds = []UnitKind{UnitPROffice, UnitExecutive, UnitFeedback, UnitSpecialFollowup, UnitInspection, UnitCallCentre, UnitManagement}

var placeFields = []string{"address", "postal_code", "station", "line", "subscription"}

// Judge refuses values that mean nothing, with the line of the file.
func (s *Spec) Judge() error {
	wrong := func(list string, i int, key, what string) error {
		return fault.New(fault.Invalid, "apply.error.value", "line", fmt.Sprint(s.line(list, i, key)), "what", what)
	}
	for i, c := range s.Contacts {
		if !slices.Contains(contactKinds, c.Kind) {
			return wrong("contacts", i, "kind", fmt.Sprintf("contact kind %q; one of %v", c.Kind, contactKinds))
		}
	}
	codes := map[string]bool{}
	for i, u := range s.Units {
		if u.Code == "" || codes["unit "+u.Code] {
			return wrong("units", i, "code", fmt.Sprintf("unit code %q is empty or stands twice", u.Code))
		}
		if !slices.Contains(unitKinds, u.Kind) {
			return wrong("units", i, "kind", fmt.Sprintf("unit kind %q; one of %v", u.Kind, unitKinds))
		}
		if u.Parent != "" && !codes["unit "+u.Parent] {
			return wrong("units", i, "parent", fmt.Sprintf("unit %q is not above in the list", u.Parent))
		}
		codes["unit "+u.Code] = true
	}
	return s.judgeMore(wrong)
}

func (s *Spec) judgeMore(wrong func(list string, i int, key, what string) error) error {
	for i, c := range s.Classes {
		row := SLAClass{NameFA: c.NameFA, NameEN: c.NameEN, RespondMinutes: c.Respond, FirstActionMinutes: c.FirstAction, Hours: c.Hours, PauseCapMinutes: c.PauseCap, InterimLimit: c.InterimLimit, Rungs: slices.Clone(c.Rungs)}
		if err := row.Check(); err != nil {
			for field, key := range fault.As(err).Fields {
				return wrong("sla_classes", i, "code", fmt.Sprintf("sla_class %s: %s (%s)", c.Code, field, key))
			}
		}
	}
	codes := map[string]bool{}
	for i, t := range s.Topics {
		if t.Code == "" || codes[t.Code] {
			return wrong("topics", i, "code", fmt.Sprintf("topic code %q is empty or stands twice", t.Code))
		}
		codes[t.Code] = true
		for _, p := range t.Place {
			if !slices.Contains(placeFields, p) {
				return wrong("topics", i, "place", fmt.Sprintf("place field %q; some of %v", p, placeFields))
			}
		}
	}
	above := map[string]bool{"": true}
	for i, d := range s.Districts {
		if !slices.Contains(DistrictKinds(), d.Kind) {
			return wrong("districts", i, "kind", fmt.Sprintf("district kind %q; one of %v", d.Kind, DistrictKinds()))
		}
		if !above[d.Parent] {
			return wrong("districts", i, "parent", fmt.Sprintf("district %q is not above in the list", d.Parent))
		}
		above[d.Code] = true
	}
	return nil
}
