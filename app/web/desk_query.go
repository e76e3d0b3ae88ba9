package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"pasokh/app/complaints"
)

// deskKeys are the values of the inbox's address, in their order.
var deskKeys = []string{"tab", "q", "topic", "unit", "kind", "channel", "after"}

// deskQuery is what the address of the inbox says; pages of a case carry it
// on, so that the way back leads to the same list.
type deskQuery map[string]string

func (r *req) deskQuery() deskQuery { return readQuery(r.query) }

// readQuery takes the known values out of an address.
func readQuery(value func(key string) string) deskQuery {
	q := deskQuery{}
	for _, key := range deskKeys {
		if v := value(key); v != "" {
			q[key] = v
		}
	}
	if !slices.Contains(complaints.Tabs(), q.tab()) {
		delete(q, "tab")
	}
	return q
}

func (q deskQuery) tab() complaints.Tab { return complaints.Tab(q["tab"]) }

// with is the query with some values changed; an empty value leaves one out.
// The place in the list is given up unless it is set anew.
func (q deskQuery) with(pairs ...string) deskQuery {
	next := deskQuery{}
	for key, v := range q {
		if key != "after" {
			next[key] = v
		}
	}
	for pair := range slices.Chunk(pairs, 2) {
		key, value := pair[0], pair[1]
		if next[key] = value; value == "" {
			delete(next, key)
		}
	}
	return next
}

// to is the address of a page with this query behind it.
func (q deskQuery) to(path string) string {
	values := url.Values{}
	for key, v := range q {
		values.Set(key, v)
	}
	if len(values) == 0 {
		return path
	}
	return path + "?" + values.Encode()
}

// narrowed tells whether more than the tab narrows the list.
func (q deskQuery) narrowed() bool { return len(q.with("tab", "")) > 0 }

// filter is the query as the room understands it.
func (q deskQuery) filter() complaints.Filter {
	return complaints.Filter{
		Tab: q.tab(), Text: q["q"], TopicID: number(q["topic"]), UnitID: number(q["unit"]),
		Kind: complaints.Kind(q["kind"]), Channel: q["channel"], After: cursorOf(q["after"]),
	}
}

// cursorOf reads a place in the list: microseconds and ID of the last row.
func cursorOf(s string) complaints.Cursor {
	at, id, ok := strings.Cut(s, ".")
	micros, err := strconv.ParseInt(at, 10, 64)
	if !ok || err != nil {
		return complaints.Cursor{}
	}
	return complaints.Cursor{Due: instant(micros), ID: number(id)}
}

// placeAfter is the place behind the last row of a page, in the order of its
// tab.
func placeAfter(row complaints.Listed, tab complaints.Tab) string {
	at := row.DueAt
	if tab == complaints.TabClosed && row.ClosedAt != nil {
		at = *row.ClosedAt
	}
	return strconv.FormatInt(at.UnixMicro(), 10) + "." + strconv.FormatInt(row.ID, 10)
}
