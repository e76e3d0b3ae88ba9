package meetings

import (
	"bytes"
	"errors"
	"io"
	"sort"
	"strings"
	"time"

	"github.com/emersion/go-ical"

	"pasokh/app/fault"
	"pasokh/app/persian"
)

// Bounds of a calendar that is read: somebody else wrote it.
const (
	MaxCalendarFile  = 2 << 20 // bytes
	maxCalendarDepth = 8       // BEGIN within BEGIN; five are in use
	maxBusy          = 2000    // entries and repetitions that count
)

// Span is a time from a moment until another.
type Span struct{ From, Until time.Time }

// BusyEntries reads when somebody is busy between from and until: entries that
// are neither cancelled nor marked as free, with their repetitions. Times without
// a zone, and of the zone's Windows name, are Tehran's. Field errors of field:
// busy.error.large, unreadable, many.
func BusyEntries(field string, raw []byte, from, until time.Time) (list []Span, err error) {
	if len(raw) > MaxCalendarFile {
		return nil, fault.Field(field, "busy.error.large")
	}
	unreadable := fault.Field(field, "busy.error.unreadable")
	if tooDeep(raw) {
		return nil, unreadable
	}
	defer func() {
		if recover() != nil { // the library was written for well-formed files
			list, err = nil, unreadable
		}
	}()
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	read := 0
	for decoder := ical.NewDecoder(bytes.NewReader(raw)); ; read++ {
		cal, err := decoder.Decode()
		if errors.Is(err, io.EOF) && read > 0 {
			break
		}
		if err != nil {
			return nil, unreadable
		}
		for _, e := range cal.Events() {
			spans, err := busySpans(&e, from, until)
			if errors.Is(err, errMany) || len(list)+len(spans) > maxBusy {
				return nil, fault.Field(field, "busy.error.many")
			}
			if err != nil {
				return nil, unreadable
			}
			list = append(list, spans...)
		}
	}
	sort.Slice(list, func(i, j int) bool { return list[i].From.Before(list[j].From) })
	return list, nil
}

// tooDeep tells whether components stand in each other deeper than any calendar
// needs: the library would follow millions of them.
func tooDeep(raw []byte) bool {
	depth := 0
	for line := range bytes.Lines(raw) {
		switch word, _, _ := bytes.Cut(bytes.TrimSpace(line), []byte(":")); strings.ToUpper(string(word[:min(len(word), 6)])) {
		case "BEGIN":
			depth++
		case "END":
			depth--
		}
		if depth > maxCalendarDepth {
			return true
		}
	}
	return false
}

// busySpans are the times of one entry and its repetitions.
func busySpans(e *ical.Event, from, until time.Time) ([]Span, error) {
	if free(e) {
		return nil, nil
	}
	start, err := moment(e.Props.Get(ical.PropDateTimeStart))
	if err != nil {
		return nil, err
	}
	length, err := lengthOf(e, start)
	if err != nil || length <= 0 {
		return nil, err
	}
	starts := []time.Time{start}
	if e.Props.Get(ical.PropRecurrenceRule) != nil {
		if starts, err = repetitions(e, from.Add(-length), until); err != nil {
			return nil, err
		}
	}
	var list []Span
	for _, at := range starts {
		if at.Before(until) && at.Add(length).After(from) {
			list = append(list, Span{at.UTC(), at.Add(length).UTC()})
		}
	}
	return list, nil
}

// free tells whether an entry keeps nobody busy.
func free(e *ical.Event) bool {
	for name, word := range map[string]string{"TRANSP": "TRANSPARENT", ical.PropStatus: "CANCELLED", "X-MICROSOFT-CDO-BUSYSTATUS": "FREE"} {
		if p := e.Props.Get(name); p != nil && strings.EqualFold(p.Value, word) {
			return true
		}
	}
	return false
}

var errMany = errors.New("more repetitions than anybody keeps")

// repetitions are the starts of a repeated entry between two moments.
func repetitions(e *ical.Event, from, until time.Time) ([]time.Time, error) {
	if p := e.Props.Get(ical.PropDateTimeStart); known(p) {
		p.Params.Del(ical.PropTimezoneID)
	}
	set, err := e.RecurrenceSet(persian.Tehran)
	if err != nil || set == nil {
		return nil, errors.Join(err, errors.New("no repetition"))
	}
	var list []time.Time
	next := set.Iterator()
	for range 20 * maxBusy { // one that began long ago is walked up to today
		at, ok := next()
		switch {
		case !ok || at.After(until):
			return list, nil
		case len(list) > maxBusy:
			return nil, errMany
		case at.After(from):
			list = append(list, at)
		}
	}
	return nil, errMany
}

// known tells whether a moment's zone is Tehran by a name that the library does
// not know.
func known(p *ical.Prop) bool {
	return p != nil && strings.Contains(strings.ToLower(p.Params.Get(ical.PropTimezoneID)), "iran")
}

// moment reads a date or a time; dates begin at midnight in Tehran.
func moment(p *ical.Prop) (time.Time, error) {
	if p == nil {
		return time.Time{}, errors.New("no time")
	}
	if known(p) {
		p.Params.Del(ical.PropTimezoneID)
	}
	return p.DateTime(persian.Tehran)
}

func lengthOf(e *ical.Event, start time.Time) (time.Duration, error) {
	if p := e.Props.Get(ical.PropDateTimeEnd); p != nil {
		end, err := moment(p)
		return end.Sub(start), err
	}
	if p := e.Props.Get(ical.PropDuration); p != nil {
		return p.Duration()
	}
	if p := e.Props.Get(ical.PropDateTimeStart); len(p.Value) == len("20060102") {
		return day, nil
	}
	return 0, nil
}
