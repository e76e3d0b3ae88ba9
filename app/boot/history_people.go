package boot

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/staff"
	"pasokh/app/web"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
)

// cast is who acts in an organization: the accounts of its staff by role and by
// unit, and its executives.
type cast struct {
	roles      map[string][]tenants.Actor
	crews      map[int64][]tenants.Actor // experts and heads of the executing units
	executives []executiveCast
}

type executiveCast struct {
	directives.Executive
	actor tenants.Actor
}

// readCast reads the accounts; actors see what their roles let them see.
func (h *history) readCast(ctx context.Context, db *tenants.DB) error {
	h.cast = cast{roles: map[string][]tenants.Actor{}, crews: map[int64][]tenants.Actor{}}
	byID := map[int64]tenants.Actor{}
	for _, role := range h.book.Roles() {
		list, err := staff.WithRole(ctx, db, role, nil)
		if err != nil {
			return err
		}
		for i := range list {
			actor, known := byID[list[i].ID]
			if !known {
				if actor, err = h.actor(ctx, db, &list[i]); err != nil {
					return err
				}
				byID[actor.ID] = actor
				if actor.Has("unit_expert") || actor.Has("unit_head") {
					h.cast.crews[actor.UnitID] = append(h.cast.crews[actor.UnitID], actor)
				}
			}
			h.cast.roles[role] = append(h.cast.roles[role], actor)
		}
	}
	list, err := directives.Executives(ctx, db)
	for _, e := range list {
		if e.StaffID == nil {
			return fault.New(fault.Invalid, "tenant.spec_incomplete", "what", "account of "+e.Code)
		}
		h.cast.executives = append(h.cast.executives, executiveCast{e, byID[*e.StaffID]})
	}
	return err
}

func (h *history) actor(ctx context.Context, db *tenants.DB, s *staff.Staff) (tenants.Actor, error) {
	roles, err := staff.Roles(ctx, db, s.ID)
	a := tenants.Actor{Kind: tenants.Staff, ID: s.ID, Name: s.NameFA, Roles: roles}
	if s.UnitID != nil {
		a.UnitID = *s.UnitID
	}
	web.Empower(h.book, h.tenant.ID, &a)
	return a, err
}

// one is a member of staff who holds the role.
func (h *history) one(dice *rand.Rand, role string) tenants.Actor {
	return pick(dice, h.cast.roles[role])
}

// office is who works in the PR office on a case: mostly the officer.
func (h *history) office(dice *rand.Rand) tenants.Actor {
	if chance(dice, 20) {
		return h.one(dice, "pr_manager")
	}
	return h.one(dice, "pr_officer")
}

// person is a made-up citizen.
type person struct {
	name       string
	mobile     string
	nationalID string
}

// people hands out citizens whom nobody else has.
type people struct {
	words *commonWords
	dice  *rand.Rand
	used  map[string]bool
	all   []*person
}

// stranger makes a new person. Mobile numbers are of a block that no operator
// has given out; staff have its first thousand.
func (p *people) stranger() *person {
	first := pick(p.dice, p.words.Men)
	if chance(p.dice, 48) {
		first = pick(p.dice, p.words.Women)
	}
	who := &person{name: first + " " + pick(p.dice, p.words.Families)}
	for who.mobile == "" || p.used[who.mobile] {
		who.mobile = fmt.Sprintf("+98912000%04d", 1000+p.dice.IntN(9000))
	}
	for who.nationalID == "" || p.used[who.nationalID] {
		who.nationalID = nationalID(p.dice)
	}
	p.used[who.mobile], p.used[who.nationalID] = true, true
	p.all = append(p.all, who)
	return who
}

// somebody is a stranger, or now and then one who has been here before.
func (p *people) somebody() *person {
	if len(p.all) > 20 && chance(p.dice, 11) {
		return pick(p.dice, p.all)
	}
	return p.stranger()
}

// nationalID draws a number with the right check digit.
func nationalID(dice *rand.Rand) string {
	digits := fmt.Sprintf("%03d%06d", 1+dice.IntN(699), 100000+dice.IntN(899999))
	sum := 0
	for i := range 9 {
		sum += int(digits[i]-'0') * (10 - i)
	}
	check := sum % 11
	if check >= 2 {
		check = 11 - check
	}
	return fmt.Sprintf("%s%d", digits, check)
}

// ensure writes the citizen, once, and gives the row.
func (p *person) ensure(ctx context.Context, tx *tenants.Tx, withID bool) (*citizens.Citizen, error) {
	in := citizens.Identity{Mobile: p.mobile, Name: p.name, Verified: tx.Actor().Kind == tenants.Citizen}
	if withID {
		in.NationalID = p.nationalID
	}
	return citizens.Ensure(ctx, tx, in)
}

// place is where a matter is, in the fields of its topic and as people say it.
type place struct {
	complaints.Place
	street  string
	unit    string // code of the unit whose street it is
	station string
	line    string
}

// somewhere draws a place, one of at or else any street, and fills the fields
// that the topic asks for.
func (w *sectorWords) somewhere(dice *rand.Rand, fields, at []string) place {
	st := pick(dice, w.streets)
	if len(at) > 0 {
		st = street{pick(dice, at), ""}
	}
	p := place{street: st.name, unit: st.unit}
	if len(w.Lines) > 0 {
		l := pick(dice, w.Lines)
		p.line, p.station = l.Name, pick(dice, l.Stations)
	}
	for i, field := range fields {
		if i > 0 && chance(dice, 35) {
			continue // people leave out what they are not made to fill in
		}
		switch field {
		case "address":
			p.Address = persian.ToPersian(fmt.Sprintf("%s، %s%s، کوچه %s، پلاک %d", w.City, st.district(), st.name, pick(dice, w.Common.Alleys), 1+dice.IntN(120)))
		case "postal_code":
			p.PostalCode = fmt.Sprintf("4%d%d3%d%05d", 3+dice.IntN(7), 3+dice.IntN(7), 4+dice.IntN(6), 11111+dice.IntN(80000))
		case "subscription":
			p.Subscription = fmt.Sprintf("%010d", 1_000_000_000+dice.Int64N(8_999_999_999))
		case "station":
			p.Station = p.station
		case "line":
			p.Line = p.line
		}
	}
	return p
}

// district is the part of the city, where units are districts: region06.
func (s street) district() string {
	var n int
	if _, err := fmt.Sscanf(s.unit, "region%d", &n); err != nil {
		return ""
	}
	return fmt.Sprintf("منطقه %d، ", n)
}

// fill puts the place into a text.
func (w *sectorWords) fill(dice *rand.Rand, text string, p place) string {
	return strings.NewReplacer("{street}", p.street, "{station}", "ایستگاه "+p.station, "{line}", p.line,
		"{span}", pick(dice, w.Common.Spans)).Replace(text)
}

// duties are the hours in which different people act.
type duties struct {
	office   tenants.WorkingTime // offices, executives
	desk     tenants.WorkingTime // PR office: somebody is on duty late and on Fridays
	crew     tenants.WorkingTime // executing units work in shifts
	caller   tenants.WorkingTime // feedback calls
	awake    tenants.WorkingTime // citizens
	official tenants.WorkingTime // the organization's own calendar
}

func newDuties(set tenants.Settings, holidays []tenants.Holiday) duties {
	// half hours from midnight
	at := func(from, until int) []tenants.Interval {
		return []tenants.Interval{{From: from * 30, Until: until * 30}}
	}
	hours := func(plain, thursday, friday []tenants.Interval, off []tenants.Holiday) tenants.WorkingTime {
		week := [7][]tenants.Interval{plain, plain, plain, plain, plain, thursday, friday}
		return tenants.NewWorkingTime(tenants.Calendar{Week: week}, off)
	}
	return duties{
		office:   hours(at(15, 30), at(15, 26), nil, holidays),
		crew:     hours(at(13, 40), at(13, 38), at(16, 24), nil),
		desk:     hours(at(14, 43), at(14, 43), at(16, 40), nil),
		caller:   hours(at(18, 38), at(18, 32), at(19, 26), nil),
		awake:    hours(at(15, 45), at(15, 45), at(18, 45), nil),
		official: tenants.NewWorkingTime(set.Calendar, holidays),
	}
}

// between draws a duration, to the second.
func between(dice *rand.Rand, low, high time.Duration) time.Duration {
	return low + time.Duration(dice.Int64N(int64(high-low)/int64(time.Second)+1))*time.Second
}

// shuffled is a list in another order.
func shuffled[T any](dice *rand.Rand, list []T) []T {
	list = slices.Clone(list)
	dice.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	return list
}
