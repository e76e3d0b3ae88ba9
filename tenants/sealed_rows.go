package tenants

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/uptrace/bun"

	"pasokh/app/fault"
	"pasokh/app/vault"
)

// sealedField is a field of a struct whose column is sealed. Its tag says where
// the value stands and what binds it:
//
//	sealed:"citizens.name,key=SubjectKey"  under the person's own key
//	sealed:"sessions.mobile,blind=mobile"  the column keeps the blind index; the
//	                                       field MobileSealed beside it the value
//	sealed:"citizens.name,row=CitizenID"   in a list that joins another table
type sealedField struct {
	at, companion, key, row []int
	table, column, blind    string
	named                   string // the column as bun knows it
	listed                  bool   // only read
	nested                  bool   // in a document
	raw                     bool   // json.RawMessage
}

var plans sync.Map // reflect.Type → []sealedField

func planOf(t reflect.Type) []sealedField {
	if t == nil || t.Kind() != reflect.Struct {
		return nil
	}
	if p, ok := plans.Load(t); ok {
		return p.([]sealedField)
	}
	p := planFields(t, t, nil, nil, "")
	plans.Store(t, p)
	return p
}

// planFields collects the sealed fields of t, which stands at prefix of whole;
// above is where its owner stands.
func planFields(whole, t reflect.Type, prefix, above []int, column string) []sealedField {
	var list []sealedField
	for i := range t.NumField() {
		f := t.Field(i)
		at := append(slices.Clone(prefix), i)
		if tag, ok := f.Tag.Lookup("sealed"); ok {
			list = append(list, planField(whole, t, f, at, prefix, above, tag, column))
			continue
		}
		if f.Type.Kind() == reflect.Struct && f.Type != reflect.TypeFor[time.Time]() && (f.Anonymous || f.Type.PkgPath() != "") {
			next, name := prefix, columnOf(f)
			if f.Anonymous {
				next, name = at, ""
			}
			list = append(list, planFields(whole, f.Type, at, next, name)...)
		}
	}
	return list
}

func planField(whole, t reflect.Type, f reflect.StructField, at, prefix, above []int, tag, column string) sealedField {
	place, rest, _ := strings.Cut(tag, ",")
	s := sealedField{at: at, listed: strings.Contains(f.Tag.Get("bun"), "scanonly"), raw: f.Type == reflect.TypeFor[json.RawMessage]()}
	s.table, s.column, _ = strings.Cut(place, ".")
	if s.named, s.nested = column, column != ""; column == "" {
		s.named = columnOf(f)
	}
	row := "ID"
	for _, option := range strings.Split(rest, ",") {
		name, value, _ := strings.Cut(option, "=")
		switch name {
		case "row":
			row = value
		case "blind":
			s.blind = value
			if c, ok := t.FieldByName(f.Name + "Sealed"); ok {
				s.companion = append(slices.Clone(prefix), c.Index...)
			}
		case "key":
			if c, ok := t.FieldByName(value); ok {
				s.key = append(slices.Clone(prefix), c.Index...)
			}
		}
	}
	if id, ok := t.FieldByName(row); ok {
		s.row = append(slices.Clone(prefix), id.Index...)
		return s
	}
	owner := whole
	if len(above) > 0 {
		owner = whole.FieldByIndex(above).Type
	}
	if id, ok := owner.FieldByName(row); ok {
		s.row = append(slices.Clone(above), id.Index...)
	}
	return s
}

// columnOf is the column of a field: what its tag names, else its name in the
// way of the database.
func columnOf(f reflect.StructField) string {
	if name, _, _ := strings.Cut(f.Tag.Get("bun"), ","); name != "" && !strings.Contains(name, ":") {
		return name
	}
	return snake(f.Name)
}

func snake(name string) string {
	var b strings.Builder
	for i, r := range name {
		if r >= 'A' && r <= 'Z' {
			if i > 0 {
				b.WriteByte('_')
			}
			r += 'a' - 'A'
		}
		b.WriteRune(r)
	}
	return b.String()
}

// place is where the field of one row stands.
func (f *sealedField) place(tenant int64, v reflect.Value) vault.Place {
	at := vault.Place{Tenant: tenant, Table: f.table, Column: f.column}
	if f.row == nil {
		return at
	}
	id := v.FieldByIndex(f.row)
	if id.Kind() == reflect.Pointer {
		if id.IsNil() {
			return at
		}
		id = id.Elem()
	}
	switch id.Kind() { //nolint:exhaustive // ids are numbers or words
	case reflect.String:
		at.Row = rowOf(id.String())
	default:
		at.Row = id.Int()
	}
	return at
}

// rowOf makes a number of an id that is a word.
func rowOf(id string) int64 {
	sum := sha256.Sum256([]byte(id))
	return int64(binary.BigEndian.Uint64(sum[:8])) //nolint:gosec // any number will do
}

// open puts what the row's sealed fields stand for into them.
func (r *Root) open(k *ring, plan []sealedField, v reflect.Value) {
	for i := range plan {
		f := &plan[i]
		field, word := v.FieldByIndex(f.at), ""
		switch {
		case f.raw:
			if _ = json.Unmarshal(field.Bytes(), &word); !strings.HasPrefix(word, byTenant) {
				continue
			}
			field.SetBytes([]byte(r.shown(k, word, f.place(k.tenant, v))))
			continue
		case f.companion != nil:
			beside := v.FieldByIndex(f.companion)
			if word = beside.String(); word == "" {
				continue // clear, or empty
			}
			beside.SetString("")
		default:
			word = field.String()
		}
		if f.key != nil && strings.HasPrefix(word, bySubject) {
			word = v.FieldByIndex(f.key).String() + word
		}
		if strings.HasPrefix(word, "#") {
			field.SetString(r.shown(k, word, f.place(k.tenant, v)))
		}
	}
}

// openAll opens a row or a list of rows.
func (r *Root) openAll(tenant int64, model any) {
	v := reflect.ValueOf(model)
	for v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return
		}
		v = v.Elem()
	}
	t := v.Type()
	if t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	plan := planOf(t)
	if len(plan) == 0 {
		return
	}
	k, err := r.ring(tenant)
	if err != nil {
		k = &ring{tenant: tenant, data: new(vault.Keys)} // every value is a dash and a line in the log
	}
	k = k.once()
	if v.Kind() != reflect.Slice {
		r.open(k, plan, v)
		return
	}
	for i := range v.Len() {
		r.open(k, plan, reflect.Indirect(v.Index(i)))
	}
}

// Reveal opens the sealed fields of rows that were scanned into something else
// than the model of the query.
func Reveal(r Reader, rows any) { r.self().root.openAll(r.Tenant().ID, rows) }

// seal makes of a row to be written the one that is: the same with its sealed
// columns sealed. With columns, only those are written.
func (r *Root) seal(k *ring, plan []sealedField, from, to reflect.Value, columns []string) error {
	for i := range plan {
		f := &plan[i]
		if f.listed || len(columns) > 0 && !slices.Contains(columns, f.named) {
			continue
		}
		at := f.place(k.tenant, from)
		if f.key != nil && from.FieldByIndex(f.key).String() == "" {
			if len(columns) > 0 {
				return fault.New(fault.Conflict, "citizen.erased")
			}
			key, err := k.newSubject(subjectPlace(at))
			if err != nil {
				return err
			}
			from.FieldByIndex(f.key).SetString(key)
			to.FieldByIndex(f.key).SetString(key)
		}
		if err := sealField(k, f, from, to, at); err != nil {
			return err
		}
	}
	return nil
}

func sealField(k *ring, f *sealedField, from, to reflect.Value, at vault.Place) (err error) {
	plain, word := "", ""
	if field := from.FieldByIndex(f.at); f.raw {
		plain = string(field.Bytes())
	} else {
		plain = field.String()
	}
	switch {
	case plain == "":
	case f.key != nil:
		word, err = k.sealSubject(from.FieldByIndex(f.key).String(), plain, at)
	default:
		word, err = k.seal(plain, at)
	}
	switch field := to.FieldByIndex(f.at); {
	case err != nil:
		return err
	case f.raw && plain != "":
		field.Set(reflect.ValueOf(json.RawMessage(`"` + word + `"`)))
	case f.companion != nil:
		to.FieldByIndex(f.companion).SetString(word)
		if plain != "" {
			field.SetString(k.blindText(f.blind, plain))
		}
	case !f.raw:
		field.SetString(word)
	}
	return nil
}

// sealed makes of a row, or of a pointer to a list of rows, what is written.
// The rows themselves stay as they are.
func (r *Root) sealed(tenant int64, rows any, columns []string) (any, []string, error) {
	v := reflect.ValueOf(rows).Elem()
	t := v.Type()
	if t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	pointers := t.Kind() == reflect.Pointer
	if pointers {
		t = t.Elem()
	}
	plan := planOf(t)
	if len(plan) == 0 {
		return rows, columns, nil
	}
	k, err := r.ring(tenant)
	if err != nil {
		return nil, nil, fault.Wrap(err, "tenants.seal")
	}
	k = k.once()
	out := reflect.New(v.Type())
	if v.Kind() != reflect.Slice {
		out.Elem().Set(v)
		return out.Interface(), beside(plan, columns), r.seal(k, plan, v, out.Elem(), columns)
	}
	list := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
	for i := range v.Len() {
		from, to := v.Index(i), list.Index(i)
		if pointers {
			to.Set(reflect.New(t))
			from, to = from.Elem(), to.Elem()
		}
		to.Set(from)
		if err := r.seal(k, plan, from, to, columns); err != nil {
			return nil, nil, err
		}
	}
	out.Elem().Set(list)
	return out.Interface(), beside(plan, columns), nil
}

// beside adds the columns that hold what the named ones are indexes of.
func beside(plan []sealedField, columns []string) []string {
	all := columns
	for i := range plan {
		if f := &plan[i]; f.companion != nil && !f.listed && !f.nested && slices.Contains(columns, f.named) {
			all = append(slices.Clone(all), f.named+"_sealed")
		}
	}
	return all
}

// opener is told of every query: what was scanned is opened before the caller
// sees it.
type opener struct{ root *Root }

type openingKey struct{}

// BeforeQuery implements bun.QueryHook: the connection notes whose rows these are.
func (o opener) BeforeQuery(ctx context.Context, e *bun.QueryEvent) context.Context {
	if e.Model == nil || e.Operation() != "SELECT" || len(planOf(rowKind(e.Model.Value()))) == 0 {
		return ctx
	}
	return context.WithValue(ctx, openingKey{}, new(int64))
}

// AfterQuery implements bun.QueryHook.
func (o opener) AfterQuery(ctx context.Context, e *bun.QueryEvent) {
	if tenant, ok := ctx.Value(openingKey{}).(*int64); ok && *tenant != 0 && e.Err == nil {
		o.root.openAll(*tenant, e.Model.Value())
	}
}

// rowKind is the struct that a model is made of.
func rowKind(model any) reflect.Type {
	t := reflect.TypeOf(model)
	for t != nil && (t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice) {
		t = t.Elem()
	}
	return t
}
