package tenants

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/schema"
)

// Setting is a row type that is part of how an organization is set up. Whatever
// writes such rows writes with them, in the same transaction, what they were and
// are: the door does it, so no command can forget to.
type Setting interface{ Setting() SettingRow }

// SettingRow says how changes of a row are kept.
type SettingRow struct {
	Area           string   // one of Areas
	Key            string   // names the thing; versions of one thing share it. Empty: the ID
	NameFA, NameEN string   // of the thing, as people know it
	Hidden         []string // columns that are no settings: counters, states, what follows from others
	Secret         []string // columns of which only that they changed is kept
}

// The areas that changes are listed by.
const (
	AreaIdentity   = "identity"
	AreaContacts   = "contacts"
	AreaUnits      = "units"
	AreaDistricts  = "districts"
	AreaTopics     = "topics"
	AreaClasses    = "classes"
	AreaCalendar   = "calendar"
	AreaRules      = "rules"
	AreaMeetings   = "meetings"
	AreaExecutives = "executives"
	AreaMessages   = "messages"
	AreaGateways   = "gateways"
	AreaTexts      = "texts"
	AreaRoles      = "roles"
	AreaSecurity   = "security"
	AreaInspection = "inspection"
	AreaIntake     = "intake"
	AreaCommittees = "committees"
	AreaTraining   = "training"
	AreaPrivacy    = "privacy"
)

// Areas lists the areas in the order they are offered.
func Areas() []string {
	return []string{
		AreaIdentity, AreaContacts, AreaUnits, AreaDistricts, AreaTopics, AreaClasses, AreaCalendar, AreaRules, AreaMeetings,
		AreaExecutives, AreaMessages, AreaGateways, AreaTexts, AreaIntake, AreaCommittees, AreaInspection, AreaTraining, AreaRoles, AreaSecurity,
		AreaPrivacy,
	}
}

// What happened to a thing.
const (
	SettingAdded   = "added"
	SettingChanged = "changed"
	SettingRemoved = "removed"
)

// FieldChange is one field before and after, as JSON; a missing one is empty.
// Of a secret both are missing.
type FieldChange struct {
	Field  string          `json:"field"`
	Before json.RawMessage `json:"before,omitempty"`
	After  json.RawMessage `json:"after,omitempty"`
	Secret bool            `json:"secret,omitempty"`
}

// SettingChange is what one transaction did to one thing.
type SettingChange struct {
	BaseModel `bun:"table:setting_changes,alias:change"`
	Owned
	ID         int64 `bun:",pk"` // rising
	Area       string
	Thing      string // units, topics …; settings for what has no row of its own
	ThingKey   string
	NameFA     string `bun:"name_fa"`
	NameEN     string `bun:"name_en"`
	Act        string // SettingAdded …
	ActorKind  ActorKind
	ActorID    int64
	At         time.Time
	Fields     []FieldChange `bun:"type:jsonb"`
	RestoresID *int64        // the change whose values were put back
}

// facts are the columns of a row by name, as JSON.
type facts map[string]json.RawMessage

// changing is what a transaction has done to settings so far.
type changing struct {
	order    []string
	things   map[string]*changed
	restores *int64
}

// changed is one thing, as it was first and is last.
type changed struct {
	row           SettingRow
	thing         string
	before, after facts
}

type changingKey struct{}

func (tx *Tx) changing() *changing {
	return tx.Keep(changingKey{}, func() any {
		tx.AtEnd(tx.writeChanges)
		return &changing{things: map[string]*changed{}}
	}).(*changing) //nolint:forcetypeassert // the key is ours
}

// Restores notes that the transaction puts values back that a change took away.
func (tx *Tx) Restores(change int64) { tx.changing().restores = &change }

// note keeps what a thing was and is; nil is that it did not or does not stand.
func (tx *Tx) note(thing string, row SettingRow, before, after facts) {
	if tx.founding {
		return
	}
	all := tx.changing()
	id := row.Area + "/" + thing + "/" + row.Key
	c, ok := all.things[id]
	if !ok {
		c = &changed{thing: thing, before: before}
		all.things[id], all.order = c, append(all.order, id)
	}
	if after != nil || c.after == nil {
		c.row = row
	}
	c.after = after
}

// writeChanges writes what came of it all, in one statement.
func (tx *Tx) writeChanges(ctx context.Context) error {
	all := tx.changing()
	var list []SettingChange
	for _, id := range all.order {
		c := all.things[id]
		fields := differ(c.before, c.after, c.row.Secret)
		if len(fields) == 0 {
			continue
		}
		act := SettingChanged
		if c.before == nil {
			act = SettingAdded
		} else if c.after == nil {
			act = SettingRemoved
		}
		list = append(list, SettingChange{
			ID: NewID(), Area: c.row.Area, Thing: c.thing, ThingKey: c.row.Key, NameFA: c.row.NameFA, NameEN: c.row.NameEN, Act: act,
			ActorKind: tx.actor.Kind, ActorID: tx.actor.ID, At: tx.Now(), Fields: fields, RestoresID: all.restores,
		})
	}
	if len(list) == 0 {
		return nil
	}
	return tx.Insert(ctx, &list)
}

// differ lists the fields in which two states are not the same, by name. Of a
// thing that came or went those are left out that say nothing.
func differ(before, after facts, secret []string) []FieldChange {
	names := slices.Sorted(maps.Keys(after))
	for name := range before {
		if _, ok := after[name]; !ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	fields := []FieldChange{}
	for _, name := range names {
		was, is := plain(before[name]), plain(after[name])
		switch {
		case bytes.Equal(was, is):
		case slices.Contains(secret, name):
			fields = append(fields, FieldChange{Field: name, Secret: true})
		default:
			fields = append(fields, FieldChange{Field: name, Before: was, After: is})
		}
	}
	return fields
}

// plain makes all ways of saying nothing one.
func plain(raw json.RawMessage) json.RawMessage {
	switch string(raw) {
	case "null", `""`, "[]", "{}":
		return nil
	}
	return raw
}

var settingType = reflect.TypeFor[Setting]()

// settingOf finds the table and the type of a model whose rows are settings.
func (tx *Tx) settingOf(model any) (*schema.Table, bool) {
	t := reflect.TypeOf(model)
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if !reflect.PointerTo(t).Implements(settingType) {
		return nil, false
	}
	return tx.root.table(model), true
}

// about is what a row says of itself, with the key that its ID gives.
func about(table *schema.Table, row reflect.Value) SettingRow {
	s := row.Addr().Interface().(Setting).Setting() //nolint:forcetypeassert // settingOf has looked
	if s.Key == "" {
		for _, pk := range table.PKs {
			if pk.Name != "tenant_id" {
				s.Key = strings.TrimPrefix(s.Key+"|"+plainText(pk.Value(row)), "|")
			}
		}
	}
	return s
}

func plainText(v reflect.Value) string {
	raw, _ := json.Marshal(v.Interface()) // a number or a text
	return strings.Trim(string(raw), `"`)
}

// unsaid are the columns that say when and by whom, which the change itself does.
var unsaid = []string{"tenant_id", "id", "created_at", "updated_at", "changed_at", "changed_by", "version"}

// factsOf reads the columns of a row; no columns are all of them.
func factsOf(table *schema.Table, row reflect.Value, hidden, columns []string) facts {
	f := facts{}
	for _, field := range table.Fields {
		if slices.Contains(unsaid, field.Name) || slices.Contains(hidden, field.Name) || len(columns) > 0 && !slices.Contains(columns, field.Name) {
			continue
		}
		v := field.Value(row).Interface()
		switch at := v.(type) {
		case time.Time:
			v = at.UTC().Truncate(time.Microsecond)
		case *time.Time:
			if at != nil {
				v = at.UTC().Truncate(time.Microsecond)
			}
		}
		raw, err := json.Marshal(v)
		if err != nil {
			raw = nil // no column of a setting is a channel
		}
		f[field.Name] = raw
	}
	return f
}

// rowsOf are the rows of a model: one row, or those of a slice.
func rowsOf(model any) []reflect.Value {
	v := reflect.Indirect(reflect.ValueOf(model))
	if v.Kind() != reflect.Slice {
		return []reflect.Value{v}
	}
	list := make([]reflect.Value, v.Len())
	for i := range list {
		list[i] = reflect.Indirect(v.Index(i))
	}
	return list
}

// sameRow narrows a query to the row with the keys of another.
func sameRow(q *Query, table *schema.Table, row reflect.Value) *Query {
	for _, pk := range table.PKs {
		if pk.Name != "tenant_id" {
			q = q.Where("? = ?", bun.Ident(pk.Name), pk.Value(row).Interface())
		}
	}
	return q
}
