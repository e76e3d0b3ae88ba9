package quality

import (
	"cmp"
	"context"
	"slices"
	"time"

	"pasokh/app/audit"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/inspection"
	"pasokh/tenants"
)

// Conduct is how the people of a unit, or one of them, treated others over a
// time. Whether the result was right stands beside it and is never part of it.
type Conduct struct {
	UnitID    int64
	StaffID   int64 // 0 is the whole unit
	Answers   int   // of citizens to the conduct question
	AnswerSum int   // good 100, fair 50, poor 0
	Reviews   int   // of calls
	ReviewSum int
	Visits    int // of inspection; of a unit only
	SeenGot   int
	SeenOf    int
	Justified int // violations of conduct that were upheld
	Verdicts  int // on the result
	Satisfied int
}

// N is on how much the score rests.
func (c *Conduct) N() int { return c.Answers + c.Reviews + c.Visits }

// Survey is the mean of what citizens said of the conduct, in percent; like Calls
// and Seen a part of the score.
func (c *Conduct) Survey() (int, bool) { return share(c.AnswerSum, 100*c.Answers) }

// Calls is the mean of the reviews.
func (c *Conduct) Calls() (int, bool) { return share(c.ReviewSum, 100*c.Reviews) }

// Seen is what inspection saw.
func (c *Conduct) Seen() (int, bool) { return share(c.SeenGot, c.SeenOf) }

// Result is the share of citizens who were content with the result.
func (c *Conduct) Result() (int, bool) { return share(100*c.Satisfied, 100*c.Verdicts) }

func share(part, of int) (int, bool) { return percent(part, of), of > 0 }

// Score is the conduct in percent: the mean of the parts that are known by
// their weights, less what upheld violations cost. False when it would rest on
// too little.
//
//	score = Σ weight × part ÷ Σ weight − points × violations
func (c *Conduct) Score(rules tenants.ConductRules) (int, bool) {
	if c.N() < rules.Least {
		return 0, false
	}
	survey, asked := c.Survey()
	calls, heard := c.Calls()
	seen, visited := c.Seen()
	whole, ok := tenants.Whole(
		tenants.Weighed{Percent: survey, Weight: rules.Survey, Known: asked}, tenants.Weighed{Percent: calls, Weight: rules.Reviews, Known: heard},
		tenants.Weighed{Percent: seen, Weight: rules.Inspection, Known: visited})
	return max(0, whole-rules.Justified*c.Justified), ok
}

func (c *Conduct) add(o *Conduct) {
	c.Answers, c.AnswerSum, c.Reviews, c.ReviewSum = c.Answers+o.Answers, c.AnswerSum+o.AnswerSum, c.Reviews+o.Reviews, c.ReviewSum+o.ReviewSum
	c.Visits, c.SeenGot, c.SeenOf, c.Justified = c.Visits+o.Visits, c.SeenGot+o.SeenGot, c.SeenOf+o.SeenOf, c.Justified+o.Justified
	c.Verdicts, c.Satisfied = c.Verdicts+o.Verdicts, c.Satisfied+o.Satisfied
}

// Whole is the conduct of all units together.
func Whole(units []Conduct) Conduct {
	var all Conduct
	for i := range units {
		all.add(&units[i])
	}
	return all
}

// ConductOf reads the conduct of units and of persons over a time, in the order
// of their ids. Four statements, whatever the number of either.
func ConductOf(ctx context.Context, r tenants.Reader, from, until time.Time) (units, people []Conduct, err error) {
	t := tally{units: map[int64]*Conduct{}, people: map[int64]*Conduct{}}
	treated, err := complaints.Treatment(ctx, r, from, until)
	if err != nil {
		return nil, nil, err
	}
	for _, one := range treated {
		t.add(one.UnitID, one.StaffID, &Conduct{Answers: one.Answers, AnswerSum: one.Sum, Verdicts: one.Verdicts, Satisfied: one.Satisfied})
	}
	means, err := Means(ctx, r, from, until)
	if err != nil {
		return nil, nil, err
	}
	for _, one := range means {
		unit := int64(0)
		if one.UnitID != nil {
			unit = *one.UnitID
		}
		t.add(unit, &one.OperatorID, &Conduct{Reviews: one.N, ReviewSum: one.Sum})
	}
	seen, err := inspection.Manners(ctx, r, from, until)
	if err != nil {
		return nil, nil, err
	}
	for _, one := range seen {
		t.add(one.UnitID, nil, &Conduct{Visits: one.Visits, SeenGot: one.Got, SeenOf: one.Of})
	}
	justified, err := inspection.JustifiedConduct(ctx, r, from, until)
	for _, one := range justified {
		t.add(one.UnitID, one.StaffID, &Conduct{Justified: one.N})
	}
	return inOrder(t.units), inOrder(t.people), err
}

type tally struct{ units, people map[int64]*Conduct }

// add counts for a unit and, when the person is known, for the person.
func (t tally) add(unit int64, person *int64, c *Conduct) {
	if unit != 0 {
		if t.units[unit] == nil {
			t.units[unit] = &Conduct{UnitID: unit}
		}
		t.units[unit].add(c)
	}
	if person == nil {
		return
	}
	if t.people[*person] == nil {
		t.people[*person] = &Conduct{UnitID: unit, StaffID: *person}
	}
	t.people[*person].add(c)
}

func inOrder(from map[int64]*Conduct) []Conduct {
	list := make([]Conduct, 0, len(from))
	for _, c := range from {
		list = append(list, *c)
	}
	slices.SortFunc(list, func(a, b Conduct) int {
		return cmp.Or(cmp.Compare(a.UnitID, b.UnitID), cmp.Compare(a.StaffID, b.StaffID))
	})
	return list
}

// ConductNumbers are the rules of the score by the name of their field.
func ConductNumbers(c *tenants.ConductRules) map[string]*int {
	return map[string]*int{"survey": &c.Survey, "reviews": &c.Reviews, "inspection": &c.Inspection, "justified": &c.Justified, "least": &c.Least}
}

// SaveConductRules writes them. The three weights together are a hundred, a
// violation costs at most fifty points, and nobody has a score below three
// answers. Field errors: survey, reviews, inspection, justified, least.
func SaveConductRules(ctx context.Context, tx *tenants.Tx, in tenants.ConductRules) error {
	bad := fault.Fields{}
	for field, n := range map[string]int{"survey": in.Survey, "reviews": in.Reviews, "inspection": in.Inspection} {
		if n < 0 || n > 100 {
			bad.Add(field, "weights.error")
		}
	}
	if in.Justified < 1 || in.Justified > 50 {
		bad.Add("justified", "conduct.error.justified")
	}
	if in.Least < 3 || in.Least > 100 {
		bad.Add("least", "conduct.error.least")
	}
	if err := bad.Err(); err != nil {
		return err
	}
	if in.Survey+in.Reviews+in.Inspection != 100 {
		return fault.Field("survey", "weights.error_sum")
	}
	if in == tx.Tenant().Settings.Defaults().Conduct {
		return nil
	}
	if err := tx.ChangeSettings(ctx, func(s *tenants.Settings) { s.Conduct = in }); err != nil {
		return err
	}
	return audit.Record(ctx, tx, "conduct:rules", "organization", tx.Tenant().ID, "")
}
