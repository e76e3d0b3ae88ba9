package tenants

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"pasokh/app/fault"
)

// Change is one thing that a file changes of an organization.
type Change struct {
	Verb   string // add, change, retire
	What   string // unit network, settings …
	Detail string // what of it: field: from → to
}

// String is the line of the plan.
func (c Change) String() string {
	if c.Detail == "" {
		return c.Verb + " " + c.What
	}
	return c.Verb + " " + c.What + ": " + c.Detail
}

// applying brings what stands to what a file says. A part that the file does not
// name stays as it is; what a named part no longer has is retired, never deleted.
type applying struct {
	tx      *Tx
	spec    *Spec
	changes []Change
	units   map[string]*Unit
	classes map[string]*SLAClass
}

// Apply brings units, classes, topics, districts, sources, contacts and settings
// of an organization to what its file says, and lists what it changed: nothing
// when it is applied again. Conflict with a line for what cannot be retired. The
// names are the platform's to write; see Root.ApplyNames.
func Apply(ctx context.Context, tx *Tx, spec *Spec) ([]Change, error) {
	if err := spec.Judge(); err != nil {
		return nil, err
	}
	a := &applying{tx: tx, spec: spec, units: map[string]*Unit{}, classes: map[string]*SLAClass{}}
	for _, step := range []func(context.Context) error{a.contacts, a.addUnits, a.applyClasses, a.topics, a.districts, a.sources, a.retireUnits, a.settings, a.weeks, a.closures} {
		if err := step(ctx); err != nil {
			return nil, fault.Wrap(err, "tenants.Apply")
		}
	}
	return a.changes, nil
}

func (a *applying) note(verb, what string, detail ...string) {
	a.changes = append(a.changes, Change{verb, what, strings.Join(detail, ", ")})
}

// differs lists the fields of two rows that are not alike, as a plan says them;
// ids and what the database keeps for itself are named in without.
func differs(old, next any, without ...string) (list []string) {
	o, n := reflect.Indirect(reflect.ValueOf(old)), reflect.Indirect(reflect.ValueOf(next))
	for i := range o.NumField() {
		f := o.Type().Field(i)
		if f.Anonymous || slices.Contains(without, f.Name) {
			continue
		}
		if x, y := inPlan(o.Field(i)), inPlan(n.Field(i)); x != y {
			list = append(list, fmt.Sprintf("%s: %s → %s", snake(f.Name), x, y))
		}
	}
	return list
}

// inPlan is a value as a plan says it; an empty list is none.
func inPlan(v reflect.Value) string {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return "–"
		}
		v = v.Elem()
	}
	if v.Kind() == reflect.Slice && v.Len() == 0 {
		return "[]"
	}
	return fmt.Sprintf("%v", v.Interface())
}

func (a *applying) contacts(ctx context.Context) error {
	if a.spec.Contacts == nil {
		return nil
	}
	var have []Contact
	if err := a.tx.Select(&have).Order("contact.position", "contact.id").Scan(ctx); err != nil {
		return Err(err)
	}
	same := len(have) == len(a.spec.Contacts)
	for i := 0; same && i < len(have); i++ {
		same = have[i].spec() == a.spec.Contacts[i]
	}
	if same {
		return nil
	}
	a.note("change", "contacts", fmt.Sprintf("%d → %d", len(have), len(a.spec.Contacts)))
	if _, err := a.tx.Delete(ctx, (*Contact)(nil), "TRUE"); err != nil {
		return err
	}
	return layContacts(ctx, a.tx, a.spec.Contacts)
}

func (c *Contact) spec() ContactSpec {
	return ContactSpec{c.Kind, c.LabelFA, c.LabelEN, c.Number, c.HoursFA, c.HoursEN}
}

func (a *applying) addUnits(ctx context.Context) error {
	var have []Unit
	if err := a.tx.Select(&have).Scan(ctx); err != nil {
		return Err(err)
	}
	for i := range have {
		a.units[have[i].Code] = &have[i]
	}
	for _, s := range a.spec.Units {
		next := &Unit{Code: s.Code, Kind: s.Kind, NameFA: s.NameFA, NameEN: s.NameEN, Phone: s.Phone, RoundTheClock: s.Always, Active: true, ParentID: a.unitID(s.Parent)}
		old := a.units[s.Code]
		if old == nil {
			next.ID = NewID()
			a.units[s.Code] = next
			a.note("add", "unit "+s.Code)
			if err := a.tx.Insert(ctx, next); err != nil {
				return err
			}
			continue
		}
		what := differs(old, next, "ID")
		if len(what) == 0 {
			continue
		}
		a.note("change", "unit "+s.Code, what...)
		next.ID = old.ID
		a.units[s.Code] = next
		if err := a.tx.Update(ctx, next, "kind", "parent_id", "name_fa", "name_en", "phone", "round_the_clock", "active"); err != nil {
			return err
		}
	}
	return nil
}

func (a *applying) unitID(code string) *int64 {
	if u := a.units[code]; code != "" && u != nil {
		return &u.ID
	}
	return nil
}

// retireUnits closes the units that the file does not name any more, when nobody
// and nothing is with them.
func (a *applying) retireUnits(ctx context.Context) error {
	if a.spec.Units == nil {
		return nil
	}
	for code, u := range a.units {
		if !u.Active || slices.ContainsFunc(a.spec.Units, func(s UnitSpec) bool { return s.Code == code }) {
			continue
		}
		for table, where := range map[string]string{"complaints": "state <> 'closed'", "staff": "disabled_at IS NULL", "topics": "active", "directives": "state <> 'done'"} {
			var n int
			query := fmt.Sprintf("SELECT count(*) FROM %s WHERE tenant_id = %d AND unit_id = %d AND %s", table, a.tx.tenant.ID, u.ID, where)
			if err := a.tx.conn.QueryRowContext(ctx, query).Scan(&n); err != nil {
				return Err(err)
			}
			if n > 0 {
				return fault.New(fault.Conflict, "apply.error.in_use", "what", fmt.Sprintf("unit %s (%d %s)", code, n, table))
			}
		}
		u.Active = false
		a.note("retire", "unit "+code)
		if err := a.tx.Update(ctx, u, "active"); err != nil {
			return err
		}
	}
	return nil
}

func (a *applying) applyClasses(ctx context.Context) error {
	list, err := SLAClasses(ctx, a.tx)
	if err != nil {
		return err
	}
	for i := range list {
		a.classes[list[i].Code] = &list[i]
	}
	own, err := OwnRoles(ctx, a.tx)
	if err != nil {
		return err
	}
	for _, s := range a.spec.Classes {
		next := s.row(a.tx)
		if err := next.Check(own...); err != nil {
			return err
		}
		old := a.classes[s.Code]
		if old == nil {
			a.note("add", "sla_class "+s.Code)
			if err := a.tx.Insert(ctx, next); err != nil {
				return err
			}
			a.classes[s.Code] = next
			continue
		}
		what := differs(old, next, "ID", "Version", "Current", "CreatedAt")
		if len(what) == 0 {
			continue
		}
		a.note("change", "sla_class "+s.Code, what...)
		if a.classes[s.Code], err = Revise(ctx, a.tx, old.ID, *next); err != nil {
			return err
		}
	}
	return nil
}

func (a *applying) topics(ctx context.Context) error {
	if a.spec.Topics == nil {
		return nil
	}
	var have []Topic
	if err := a.tx.Select(&have).Order("topic.active DESC", "topic.position", "topic.id").Scan(ctx); err != nil {
		return Err(err)
	}
	for i := range have {
		have[i].Position = i // the order counts, not the numbers
	}
	named := map[string]bool{}
	for i, s := range a.spec.Topics {
		named[s.Code] = true
		next := &Topic{
			Code: s.Code, UnitID: a.unitID(s.Unit), SLAClassID: a.classes[s.Class].ID, NameFA: s.NameFA, NameEN: s.NameEN, HintFA: s.HintFA, HintEN: s.HintEN,
			PlaceFields: append([]string{}, s.Place...), Urgent: s.Urgent, Confidential: s.Confidential, Position: i, Active: true,
		}
		at := slices.IndexFunc(have, func(t Topic) bool { return t.Code == s.Code })
		if at < 0 {
			next.ID = NewID()
			a.note("add", "topic "+s.Code)
			if err := a.tx.Insert(ctx, next); err != nil {
				return err
			}
			continue
		}
		what := differs(&have[at], next, "ID", "ParentID")
		if len(what) == 0 {
			continue
		}
		a.note("change", "topic "+s.Code, what...)
		next.ID = have[at].ID
		if err := a.tx.Update(ctx, next, "unit_id", "sla_class_id", "name_fa", "name_en", "hint_fa", "hint_en", "place_fields", "urgent", "confidential", "position", "active"); err != nil {
			return err
		}
	}
	for i := range have {
		if t := &have[i]; t.Active && !named[t.Code] {
			t.Active = false
			a.note("retire", "topic "+t.Code)
			if err := a.tx.Update(ctx, t, "active"); err != nil {
				return err
			}
		}
	}
	return nil
}
