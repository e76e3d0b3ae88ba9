package meetings

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"time"

	"github.com/emersion/go-ical"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// maxEventDays is the longest single entry that is taken for a holiday.
const maxEventDays = 10

// HolidayEntries reads the all-day entries of a calendar file, one line for each
// day; Line counts the entries. Calendar files are read and written in this
// room, so that one place knows their library; whatever is in the file, the
// program goes on.
func HolidayEntries(raw []byte) (list []tenants.HolidayLine, err error) {
	if len(raw) > tenants.MaxHolidayFile {
		return nil, fault.Field("file", "holiday.error.large")
	}
	defer func() {
		if recover() != nil { // the library was written for well-formed files
			list, err = nil, fault.Field("file", "holiday.error.unreadable")
		}
	}()
	entry := 0
	for decoder := ical.NewDecoder(bytes.NewReader(raw)); ; {
		cal, err := decoder.Decode()
		if errors.Is(err, io.EOF) && entry > 0 {
			return list, nil
		}
		if err != nil {
			return nil, fault.Field("file", "holiday.error.unreadable")
		}
		for _, e := range cal.Events() {
			entry++
			list = append(list, holidayEntry(entry, &e)...)
			if len(list) > tenants.MaxHolidayLines {
				return nil, fault.Field("file", "holiday.error.many")
			}
		}
	}
}

// holidayEntry is the days of one entry.
func holidayEntry(at int, e *ical.Event) []tenants.HolidayLine {
	bad := func(key string) []tenants.HolidayLine {
		return []tenants.HolidayLine{{Line: at, NameFA: entryName(e), Problem: key}}
	}
	if e.Props.Get(ical.PropRecurrenceRule) != nil || e.Props.Get(ical.PropRecurrenceDates) != nil {
		return bad("holiday.error.repeats")
	}
	first, ok := entryDay(e.Props.Get(ical.PropDateTimeStart))
	if !ok {
		return bad("holiday.error.date")
	}
	days := 1
	if p := e.Props.Get(ical.PropDateTimeEnd); p != nil {
		end, ok := entryDay(p)
		if !ok || end.Before(first) {
			return bad("holiday.error.date")
		}
		days = max(1, int(end.Sub(first)/(24*time.Hour)))
	} else if p := e.Props.Get(ical.PropDuration); p != nil {
		d, err := p.Duration()
		if err != nil || d < 0 {
			return bad("holiday.error.date")
		}
		days = max(1, int(d/(24*time.Hour)))
	}
	if days > maxEventDays {
		return bad("holiday.error.days")
	}
	list := make([]tenants.HolidayLine, days)
	for i := range list {
		list[i] = tenants.HolidayLine{Line: at, Day: first.AddDate(0, 0, i).Format(time.DateOnly), NameFA: entryName(e)}
	}
	return list
}

// entryDay reads the date of an all-day entry; a moment counts by its day in
// Tehran.
func entryDay(p *ical.Prop) (time.Time, bool) {
	if p == nil {
		return time.Time{}, false
	}
	value := p.Value
	if _, err := strconv.Atoi(value); err == nil && len(value) == 8 {
		t, err := time.Parse("20060102", value)
		return t, err == nil
	}
	t, err := p.DateTime(persian.Tehran)
	if err != nil {
		return time.Time{}, false
	}
	y, m, d := t.In(persian.Tehran).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC), true
}

func entryName(e *ical.Event) string {
	name, err := e.Props.Text(ical.PropSummary)
	if err != nil {
		return ""
	}
	return persian.CleanLine(name)
}
