package meetings_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pasokh/app/fault"
	"pasokh/scheduler/meetings"
)

var (
	busyFrom  = time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	busyUntil = busyFrom.AddDate(0, 0, 14)
)

func busyFile(entries ...string) []byte {
	var b strings.Builder
	b.WriteString("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n")
	for i, e := range entries {
		fmt.Fprintf(&b, "BEGIN:VEVENT\r\nUID:%d\r\nDTSTAMP:20261101T000000Z\r\n%s\r\nEND:VEVENT\r\n", i, strings.ReplaceAll(e, "\n", "\r\n"))
	}
	b.WriteString("END:VCALENDAR\r\n")
	return []byte(b.String())
}

func TestBusyEntries(t *testing.T) {
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 11, day, hour, minute, 0, 0, time.UTC) }
	for name, c := range map[string]struct {
		entry string
		want  []meetings.Span
	}{
		"utc":              {"DTSTART:20261123T060000Z\nDTEND:20261123T070000Z", []meetings.Span{{at(23, 6, 0), at(23, 7, 0)}}},
		"zone":             {"DTSTART;TZID=Asia/Tehran:20261123T093000\nDTEND;TZID=Asia/Tehran:20261123T103000", []meetings.Span{{at(23, 6, 0), at(23, 7, 0)}}},
		"windows zone":     {"DTSTART;TZID=Iran Standard Time:20261123T093000\nDURATION:PT1H", []meetings.Span{{at(23, 6, 0), at(23, 7, 0)}}},
		"floating":         {"DTSTART:20261123T093000\nDTEND:20261123T103000", []meetings.Span{{at(23, 6, 0), at(23, 7, 0)}}},
		"whole day":        {"DTSTART;VALUE=DATE:20261123", []meetings.Span{{at(22, 20, 30), at(23, 20, 30)}}},
		"weekly":           {"DTSTART:20261102T060000Z\nDTEND:20261102T070000Z\nRRULE:FREQ=WEEKLY", []meetings.Span{{at(23, 6, 0), at(23, 7, 0)}, {at(30, 6, 0), at(30, 7, 0)}}},
		"weekly, windows":  {"DTSTART;TZID=Iran Standard Time:20261102T093000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=4", []meetings.Span{{at(23, 6, 0), at(23, 7, 0)}}},
		"but one":          {"DTSTART:20261102T060000Z\nDTEND:20261102T070000Z\nRRULE:FREQ=WEEKLY\nEXDATE:20261123T060000Z", []meetings.Span{{at(30, 6, 0), at(30, 7, 0)}}},
		"over":             {"DTSTART:20261001T060000Z\nDTEND:20261001T070000Z", nil},
		"begun before":     {"DTSTART:20261121T230000Z\nDTEND:20261122T010000Z", []meetings.Span{{at(21, 23, 0), at(22, 1, 0)}}},
		"free":             {"DTSTART:20261123T060000Z\nDTEND:20261123T070000Z\nTRANSP:TRANSPARENT", nil},
		"cancelled":        {"DTSTART:20261123T060000Z\nDTEND:20261123T070000Z\nSTATUS:CANCELLED", nil},
		"no length":        {"DTSTART:20261123T060000Z", nil},
		"the end is first": {"DTSTART:20261123T060000Z\nDTEND:20261123T050000Z", nil},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := meetings.BusyEntries("file", busyFile(c.entry), busyFrom, busyUntil)
			if err != nil || fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("%v, %v, want %v", got, err, c.want)
			}
		})
	}
}

func TestBusyEntriesSurvivesAnything(t *testing.T) {
	many := make([]string, 2100)
	for i := range many {
		many[i] = "DTSTART:20261123T060000Z\nDTEND:20261123T070000Z"
	}
	for name, c := range map[string]struct {
		raw []byte
		key string
	}{
		"empty":            {nil, "busy.error.unreadable"},
		"no calendar":      {[]byte("<html>"), "busy.error.unreadable"},
		"half":             {[]byte("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n"), "busy.error.unreadable"},
		"deep":             {[]byte(strings.Repeat("BEGIN:X\r\n", 1_000_00)), "busy.error.unreadable"},
		"large":            {make([]byte, meetings.MaxCalendarFile+1), "busy.error.large"},
		"panics the tool":  {[]byte("BEGIN:VCALENDAR\r\nA;B=c\r\nEND:VCALENDAR\r\n"), "busy.error.unreadable"},
		"panics it, too":   {[]byte("BEGIN:VCALENDAR\r\nA;B=\"c\"d:e\r\nEND:VCALENDAR\r\n"), "busy.error.unreadable"},
		"too many":         {busyFile(many...), "busy.error.many"},
		"every second":     {busyFile("DTSTART:20261101T060000Z\nDTEND:20261101T060001Z\nRRULE:FREQ=SECONDLY"), "busy.error.many"},
		"a foreign zone":   {busyFile("DTSTART;TZID=Nowhere/Land:20261123T060000\nDURATION:PT1H"), "busy.error.unreadable"},
		"no start":         {busyFile("DTEND:20261123T070000Z"), "busy.error.unreadable"},
		"a broken pattern": {busyFile("DTSTART:20261123T060000Z\nDURATION:PT1H\nRRULE:FREQ=NEVER"), "busy.error.unreadable"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := meetings.BusyEntries("file", c.raw, busyFrom, busyUntil)
			if f := fault.As(err); f == nil || f.Fields["file"] != c.key {
				t.Errorf("%v, want %s", err, c.key)
			}
		})
	}
	if list, err := meetings.BusyEntries("file", append([]byte("\xef\xbb\xbf"), busyFile("DTSTART:20261123T060000Z\nDTEND:20261123T070000Z")...), busyFrom, busyUntil); err != nil || len(list) != 1 {
		t.Errorf("with a byte order mark: %v, %v", list, err)
	}
}

func FuzzBusyEntries(f *testing.F) {
	f.Add(busyFile("DTSTART:20261102T060000Z\nDTEND:20261102T070000Z\nRRULE:FREQ=WEEKLY"))
	f.Add([]byte("BEGIN:VCALENDAR\r\nA;B=\"c\"d:e\r\nEND:VCALENDAR\r\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		list, err := meetings.BusyEntries("file", raw, busyFrom, busyUntil)
		if err != nil && fault.As(err) == nil {
			t.Errorf("%v is no error of a field", err)
		}
		for _, s := range list {
			if !s.Until.After(s.From) || !s.From.Before(busyUntil) || !s.Until.After(busyFrom) {
				t.Errorf("%v", s)
			}
		}
	})
}
