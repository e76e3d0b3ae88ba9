package complaints

import (
	"context"
	"slices"

	"pasokh/app/fault"
	"pasokh/tenants"
)

// countLimit bounds the counts of the tabs: a badge says "999+".
const countLimit = 1000

var openStates = []State{Registered, Triage, Referred, InProgress, WaitingCitizen, Feedback, SpecialFollowup, AwaitingConfirmation}

// Counts counts the cases of the tabs for the actor, each up to 1000; TabClosed,
// which only grows, is not counted.
func Counts(ctx context.Context, r tenants.Reader, actor tenants.Actor, tabs ...Tab) (map[Tab]int, error) {
	counts, _, err := CountsAndUnread(ctx, r, actor, nil, tabs...)
	return counts, err
}

// CountsAndUnread is Counts, and what Unread counts with the rows of also: one statement for the
// person's own, and one for what the office shares, if nobody has counted that a
// moment ago.
func CountsAndUnread(ctx context.Context, r tenants.Reader, actor tenants.Actor, also *tenants.Query, tabs ...Tab) (counts map[Tab]int, unread int, err error) {
	tabs = slices.DeleteFunc(slices.Clone(tabs), func(t Tab) bool { return t == TabClosed })
	counts = make(map[Tab]int, len(tabs))
	own, shared := tabs, []Tab(nil)
	if who, ok := sharedBy(actor); ok {
		own, shared = nil, nil
		for _, tab := range tabs {
			if tab == TabMine {
				own = append(own, tab)
				continue
			}
			shared, who.tabs = append(shared, tab), who.tabs+" "+string(tab)
		}
		numbers, err := tenants.Glance(r, who, func() ([]int, error) { return count(ctx, r, actor, shared, nil) })
		if err != nil {
			return nil, 0, err
		}
		fill(counts, shared, numbers)
	}
	if also == nil {
		also = unreadOf(r, actor).Where("1 = 0")
	}
	numbers, err := count(ctx, r, actor, own, &unread, unreadOf(r, actor), also)
	fill(counts, own, numbers)
	return counts, unread, err
}

func fill(counts map[Tab]int, tabs []Tab, numbers []int) {
	for i, n := range numbers {
		counts[tabs[i]] = n
	}
}

// counters are those for whom the shared tabs come out the same.
type counters struct {
	all   bool
	unit  int64
	below bool // and the units below it
	tabs  string
}

// sharedBy tells with whom the actor shares the counts; ok is false for those to
// whom confidential cases are shown one by one.
func sharedBy(a tenants.Actor) (counters, bool) {
	return counters{all: a.SeesAll, unit: a.UnitID, below: len(a.Below) > 0}, a.Kind == tenants.Staff && !a.Inspects && !a.Arbitrates
}

// count counts the cases of the tabs, and where unread is asked for the rows
// that wait to be read, in one statement; none when there is nothing to count.
func count(ctx context.Context, r tenants.Reader, actor tenants.Actor, tabs []Tab, unread *int, waiting ...*tenants.Query) ([]int, error) {
	if len(tabs) == 0 && unread == nil {
		return nil, nil
	}
	numbers, q := make([]int, len(tabs)), r.Select((*tenants.Unit)(nil)).Limit(1)
	into := make([]any, len(tabs), len(tabs)+1)
	for i, tab := range tabs {
		sub := filtered(r, actor, Filter{Tab: tab}).ColumnExpr("1").Limit(countLimit)
		if tab == TabOpen { // without an order, each state is looked up
			sub = sub.Where("c.state IN (?)", tenants.In(openStates))
		}
		q = q.ColumnExpr("(SELECT count(*) FROM (?) AS t)", sub)
		into[i] = &numbers[i]
	}
	if unread != nil {
		q = q.ColumnExpr("(SELECT count(*) FROM (?) AS t) + (SELECT count(*) FROM (?) AS t)", waiting[0], waiting[1])
		into = append(into, unread)
	}
	if err := q.Scan(ctx, into...); err != nil {
		return nil, fault.Wrap(err, "complaints.Counts")
	}
	return numbers, nil
}
