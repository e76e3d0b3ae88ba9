package tenants

import (
	"context"

	"pasokh/app/fault"
)

// Show is the file of an organization: what Apply would bring another one to.
// People are not in it; the questions of topics are the complaints room's to add.
func Show(ctx context.Context, r Reader) (*Spec, error) {
	t := r.Tenant()
	s := &Spec{Slug: t.Slug, Kind: t.Kind, NameFA: t.NameFA, NameEN: t.NameEN, Accent: t.Accent, Settings: t.Settings.Defaults()}
	contacts, err := Contacts(ctx, r)
	if err != nil {
		return nil, fault.Wrap(err, "tenants.Show")
	}
	for i := range contacts {
		s.Contacts = append(s.Contacts, contacts[i].spec())
	}
	units, err := s.showUnits(ctx, r)
	if err != nil {
		return nil, fault.Wrap(err, "tenants.Show")
	}
	if err := s.showTopics(ctx, r, units); err != nil {
		return nil, fault.Wrap(err, "tenants.Show")
	}
	districts, err := Districts(ctx, r)
	if err != nil {
		return nil, fault.Wrap(err, "tenants.Show")
	}
	codes := map[int64]string{}
	for i := range districts {
		d := &districts[i]
		codes[d.ID] = d.Code
		s.Districts = append(s.Districts, DistrictSpec{Code: d.Code, Kind: d.Kind, Parent: of(codes, d.ParentID), Unit: of(units, d.UnitID), NameFA: d.NameFA, NameEN: d.NameEN})
	}
	if err := s.showCalendar(ctx, r); err != nil {
		return nil, fault.Wrap(err, "tenants.Show")
	}
	sources, err := Sources(ctx, r)
	for i := range sources {
		s.Sources = append(s.Sources, SourceSpec{sources[i].Code, sources[i].NameFA, sources[i].NameEN})
	}
	return s, fault.Wrap(err, "tenants.Show")
}

func of(codes map[int64]string, id *int64) string {
	if id == nil {
		return ""
	}
	return codes[*id]
}

// showUnits lists parents before their children.
func (s *Spec) showUnits(ctx context.Context, r Reader) (map[int64]string, error) {
	units, err := Units(ctx, r)
	codes := map[int64]string{}
	for left := len(units) + 1; len(codes) < len(units) && left > 0; left-- {
		for i := range units {
			u := &units[i]
			if codes[u.ID] != "" || u.ParentID != nil && codes[*u.ParentID] == "" {
				continue
			}
			codes[u.ID] = u.Code
			s.Units = append(s.Units, UnitSpec{Code: u.Code, Kind: u.Kind, Parent: of(codes, u.ParentID), NameFA: u.NameFA, NameEN: u.NameEN, Phone: u.Phone, Always: u.RoundTheClock})
		}
	}
	return codes, err
}

func (s *Spec) showTopics(ctx context.Context, r Reader, units map[int64]string) error {
	classes, err := SLAClasses(ctx, r)
	if err != nil {
		return err
	}
	codes := map[int64]string{}
	for i := range classes {
		c := &classes[i]
		codes[c.ID] = c.Code
		s.Classes = append(s.Classes, ClassSpec{
			Code: c.Code, NameFA: c.NameFA, NameEN: c.NameEN, Respond: c.RespondMinutes, FirstAction: c.FirstActionMinutes, Hours: c.Hours,
			PauseCap: c.PauseCapMinutes, InterimLimit: c.InterimLimit, Rungs: c.Rungs,
		})
	}
	topics, err := Topics(ctx, r)
	for i := range topics {
		t := &topics[i]
		s.Topics = append(s.Topics, TopicSpec{
			Code: t.Code, Unit: of(units, t.UnitID), Class: codes[t.SLAClassID], NameFA: t.NameFA, NameEN: t.NameEN, HintFA: t.HintFA, HintEN: t.HintEN,
			Place: t.PlaceFields, Urgent: t.Urgent, Confidential: t.Confidential,
		})
	}
	return err
}

// ApplyNames writes the names and the colour that the file says, which are the
// platform's to write, and tells what changed.
func (r *Root) ApplyNames(ctx context.Context, t *Tenant, spec *Spec, dry bool) ([]Change, error) {
	next := *t
	next.NameFA, next.NameEN = spec.NameFA, spec.NameEN
	if spec.Accent != "" {
		next.Accent = spec.Accent
	}
	if next.Kind = spec.Kind; next.Kind != t.Kind {
		return nil, fault.New(fault.Conflict, "apply.error.slug", "slug", t.Slug)
	}
	type named struct{ NameFA, NameEN, Accent string }
	what := differs(&named{t.NameFA, t.NameEN, t.Accent}, &named{next.NameFA, next.NameEN, next.Accent})
	if len(what) == 0 {
		return nil, nil
	}
	list := []Change{{"change", "organization", what[0]}}
	for _, w := range what[1:] {
		list = append(list, Change{"change", "organization", w})
	}
	if dry {
		return list, nil
	}
	return list, r.UnscopedSaveOrganization(ctx, &next, "name_fa", "name_en", "accent")
}
