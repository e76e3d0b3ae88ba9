package privacy

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/tenants"
)

// Class is a kind of records with a period of its own.
type Class string

// The classes.
const (
	Cases       Class = "cases"       // words of closed cases, from their closure; a person goes with the last one
	Attachments Class = "attachments" // files of closed cases and of meetings that are over
	Meetings    Class = "meetings"    // words and minutes of meetings, from their day
	Messages    Class = "messages"    // the texts that were sent
	Inbound     Class = "inbound"     // what came in, and the numbers of calls
)

// Classes lists them as the page shows them.
func Classes() []Class { return []Class{Cases, Attachments, Meetings, Messages, Inbound} }

// Bound is what a period may be, in months, and what it is at first. The least
// leaves room for objections, the Administrative Court and a yearly inspection.
type Bound struct{ Least, Usual, Most int }

// Bounds are those of every class.
var Bounds = map[Class]Bound{
	Cases:       {24, 60, 240},
	Attachments: {12, 36, 240},
	Meetings:    {24, 60, 240},
	Messages:    {6, 12, 120},
	Inbound:     {3, 12, 120},
}

// Periods are how many months each class is kept.
type Periods map[Class]int

// Rules are the periods that hold from one change to the next.
type Rules struct {
	tenants.BaseModel `bun:"table:retention_rules,alias:rule"`
	tenants.Owned
	Version   int     `bun:",pk"`
	Periods   Periods `bun:"type:jsonb"`
	StaffID   *int64
	CreatedAt time.Time
}

// usual are the rules of an organization that has set none.
func usual() *Rules {
	p := Periods{}
	for class, b := range Bounds {
		p[class] = b.Usual
	}
	return &Rules{Periods: p}
}

// RulesOf reads the rules in force; version 0 are those of the program.
func RulesOf(ctx context.Context, r tenants.Reader) (*Rules, error) {
	in := new(Rules)
	err := tenants.Err(r.Select(in).Order("rule.version DESC").Limit(1).Scan(ctx))
	if fault.Is(err, fault.NotFound) {
		return usual(), nil
	}
	return in, fault.Wrap(err, "privacy.RulesOf")
}

// History lists the changes of the rules, the newest first.
func History(ctx context.Context, r tenants.Reader) ([]Rules, error) {
	var list []Rules
	err := r.Select(&list).Order("rule.version DESC").Limit(20).Scan(ctx)
	return list, fault.Wrap(tenants.Err(err), "privacy.History")
}

// Check reads periods. Field errors: the names of the classes.
func Check(in Periods) error {
	errs := fault.Fields{}
	for class, b := range Bounds {
		if n := in[class]; n < b.Least || n > b.Most {
			errs.Add(string(class), "retention.error.bounds")
		}
	}
	if len(errs) == 0 && in[Attachments] > min(in[Cases], in[Meetings]) {
		errs.Add(string(Attachments), "retention.error.attachments")
	}
	return errs.Err()
}

// SetPeriods writes new rules. Field errors as of Check; nothing is written when
// nothing changed.
func SetPeriods(ctx context.Context, tx *tenants.Tx, in Periods) error {
	if err := Check(in); err != nil {
		return err
	}
	now, err := RulesOf(ctx, tx)
	if err != nil || maps.Equal(now.Periods, in) {
		return err
	}
	tx.Replaces(now)
	by := tx.Actor().ID
	next := &Rules{Version: now.Version + 1, Periods: in, StaffID: &by, CreatedAt: tx.Now()}
	if err := tx.Insert(ctx, next); err != nil {
		return fault.Wrap(err, "privacy.SetPeriods")
	}
	return audit.Record(ctx, tx, "retention.rules", "retention", int64(next.Version), Changed(now.Periods, in))
}

// Changed says what of periods is another: "cases 60→48".
func Changed(from, to Periods) string {
	var list []string
	for _, class := range slices.Sorted(maps.Keys(to)) {
		if from[class] != to[class] {
			list = append(list, string(class)+" "+strconv.Itoa(from[class])+"→"+strconv.Itoa(to[class]))
		}
	}
	return strings.Join(list, ", ")
}

// Until is the instant up to which records of a class have had their time.
func (p Periods) Until(class Class, now time.Time) time.Time { return now.AddDate(0, -p[class], 0) }

// Setting implements tenants.Setting. The versions are states of one thing.
func (r *Rules) Setting() tenants.SettingRow {
	return tenants.SettingRow{Area: tenants.AreaPrivacy, Key: "retention", Hidden: []string{"staff_id"}}
}
