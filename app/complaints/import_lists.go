package complaints

import (
	"context"
	"time"

	"pasokh/app/persian"
	"pasokh/tenants"
)

// lists is all that registrations are judged against and registered by, read
// once for many of them.
type lists struct {
	topics    map[int64]*tenants.Topic
	groups    map[int64]bool
	forms     map[int64]Form
	sources   map[string]bool // that are active
	districts []tenants.District
	classes   map[int64]*tenants.SLAClass
	atlas     *Atlas
	office    int64
	now       time.Time

	topicWords, unitWords, districtWords index[int64]
	sourceWords                          index[string]
}

// index finds what a file names by code or name; a name that two bear finds
// neither.
type index[K comparable] struct {
	found map[string]K
	twice map[string]bool
}

func (x *index[K]) add(value K, names ...string) {
	if x.found == nil {
		x.found, x.twice = map[string]K{}, map[string]bool{}
	}
	for _, name := range names {
		key := headerKey(name)
		if key == "" {
			continue
		}
		if old, known := x.found[key]; known && old != value {
			x.twice[key] = true
		}
		x.found[key] = value
	}
}

// find looks a name up; key is what is wrong with it.
func (x *index[K]) find(name string) (value K, key string) {
	at := headerKey(name)
	value, known := x.found[at]
	switch {
	case x.twice[at]:
		return value, "import.error.ambiguous"
	case !known:
		return value, "import.error.unknown"
	}
	return value, ""
}

// listsOf reads the lists of the reader's organization.
func listsOf(ctx context.Context, r tenants.Reader) (l *lists, err error) {
	l = &lists{topics: map[int64]*tenants.Topic{}, groups: map[int64]bool{}, sources: map[string]bool{}, now: r.Now()}
	if err := l.readTopics(ctx, r); err != nil {
		return nil, err
	}
	sources, err := tenants.AllSources(ctx, r)
	if err != nil {
		return nil, err
	}
	for _, s := range sources {
		if s.Active {
			l.sources[s.Code] = true
			l.sourceWords.add(s.Code, s.Code, s.NameFA, s.NameEN)
		}
	}
	if l.districts, err = tenants.Districts(ctx, r); err != nil {
		return nil, err
	}
	for _, d := range l.districts {
		l.districtWords.add(d.ID, d.Code, d.NameFA, d.NameEN)
	}
	if l.classes, err = tenants.AllClasses(ctx, r); err != nil {
		return nil, err
	}
	units, err := tenants.Units(ctx, r)
	if err != nil {
		return nil, err
	}
	for _, u := range units {
		if u.Kind == tenants.UnitExecutive {
			l.unitWords.add(u.ID, u.Code, u.NameFA, u.NameEN)
		}
	}
	office, err := tenants.UnitOfKind(ctx, r, tenants.UnitPROffice)
	if err != nil {
		return nil, err
	}
	l.office = office.ID
	l.atlas, err = AtlasOf(ctx, r, AtHand{Units: units})
	return l, err
}

func (l *lists) readTopics(ctx context.Context, r tenants.Reader) (err error) {
	if l.forms, err = FormsByTopic(ctx, r); err != nil {
		return err
	}
	all, err := AllTopics(ctx, r)
	if err != nil {
		return err
	}
	for i := range all {
		l.topics[all[i].ID] = &all[i]
	}
	for i := range all {
		t := &all[i]
		if t.ParentID != nil && t.Active {
			l.groups[*t.ParentID] = true
		}
	}
	for i := range all {
		t := &all[i]
		if l.groups[t.ID] || !t.Active {
			continue
		}
		l.topicWords.add(t.ID, t.Code, t.NameFA, t.NameEN)
		if t.ParentID != nil && l.topics[*t.ParentID] != nil { // "group / topic" tells two of one name apart
			group := l.topics[*t.ParentID]
			l.topicWords.add(t.ID, group.NameFA+"/"+t.NameFA, group.NameEN+"/"+t.NameEN)
		}
	}
	return nil
}

// judge is Registration.Judge by lists that were read before.
func (in *Registration) judge(l *lists) (*tenants.Topic, error) {
	a := &asking{form: &Form{}, districts: map[int64][]tenants.District{}, now: l.now}
	topic := l.topics[in.TopicID]
	if topic != nil {
		if form, ok := l.forms[topic.ID]; ok {
			a.form = &form
		}
		in.group = l.groups[topic.ID]
	}
	a.noSource = in.Source != "" && !l.sources[in.Source]
	for _, id := range in.named(a.form) {
		a.districts[id] = tenants.DistrictPath(l.districts, id)
	}
	in.asking = a
	return topic, in.Check(topic)
}

// external is a case's number in its source, as it is kept.
type external struct{ source, number string }

func (in *Registration) external() external {
	return external{in.Source, persian.ToASCII(persian.CleanLine(in.ExternalNumber))}
}

// externalsOf tells which of the numbers stand already, and as which case.
func externalsOf(ctx context.Context, r tenants.Reader, wanted map[external]int) (map[external]string, error) {
	bySource := map[string][]string{}
	for e := range wanted {
		bySource[e.source] = append(bySource[e.source], e.number)
	}
	taken := map[external]string{}
	const together = 500
	for source, numbers := range bySource {
		for from := 0; from < len(numbers); from += together {
			var rows []Complaint
			err := r.Select(&rows).Column("external_number", "code").
				Where("c.source = ? AND c.external_number <> '' AND c.external_number IN (?)", source, tenants.In(numbers[from:min(from+together, len(numbers))])).
				Scan(ctx)
			if err != nil {
				return nil, tenants.Err(err)
			}
			for i := range rows {
				taken[external{source, rows[i].ExternalNumber}] = rows[i].Code
			}
		}
	}
	return taken, nil
}
