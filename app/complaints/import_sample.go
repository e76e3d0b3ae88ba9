package complaints

import (
	"context"

	"pasokh/app/sheet"
	"pasokh/tenants"
)

// Sample is a file to begin with: the columns of an import under the names that
// the caller gives them, with one line, and the codes of the organization's own
// lists.
type Sample struct {
	Topics, Units, Sources, Districts [][2]string // code, name in the language asked for
}

// SampleOf reads the codes that a file may name.
func SampleOf(ctx context.Context, r tenants.Reader, name func(fa, en string) string) (*Sample, error) {
	l, err := listsOf(ctx, r)
	if err != nil {
		return nil, err
	}
	s := &Sample{}
	topics, err := AllTopics(ctx, r)
	if err != nil {
		return nil, err
	}
	for _, t := range topics {
		if t.Active && !l.groups[t.ID] {
			s.Topics = append(s.Topics, [2]string{t.Code, name(t.NameFA, t.NameEN)})
		}
	}
	units, err := tenants.Units(ctx, r, tenants.UnitExecutive)
	if err != nil {
		return nil, err
	}
	for _, u := range units {
		s.Units = append(s.Units, [2]string{u.Code, name(u.NameFA, u.NameEN)})
	}
	sources, err := tenants.Sources(ctx, r)
	for _, x := range sources {
		s.Sources = append(s.Sources, [2]string{x.Code, name(x.NameFA, x.NameEN)})
	}
	for _, d := range l.districts {
		s.Districts = append(s.Districts, [2]string{d.Code, name(d.NameFA, d.NameEN)})
	}
	return s, err
}

// Peek reads the beginning of a file that was kept.
func (b *Batch) Peek(ctx context.Context, raw []byte, name string) (*sheet.Table, error) {
	return sheet.Read(ctx, b.Format, raw, name, SampleRows)
}
