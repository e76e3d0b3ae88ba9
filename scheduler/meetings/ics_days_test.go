package meetings_test

import (
	"strings"
	"testing"

	"pasokh/app/fault"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

func calendarOf(entries ...string) []byte {
	var b strings.Builder
	b.WriteString("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\n")
	for i, e := range entries {
		b.WriteString("BEGIN:VEVENT\r\nUID:" + string(rune('a'+i)) + "\r\nDTSTAMP:20260101T000000Z\r\n" + e + "\r\nEND:VEVENT\r\n")
	}
	b.WriteString("END:VCALENDAR\r\n")
	return []byte(b.String())
}

func TestHolidayEntries(t *testing.T) {
	raw := calendarOf(
		"DTSTART;VALUE=DATE:20270310\r\nDTEND;VALUE=DATE:20270312\r\nSUMMARY:عید سعید فطر",
		"DTSTART:20270312T203000Z\r\nSUMMARY:شب پیش در گرینویچ",
		"DTSTART;VALUE=DATE:20270320\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:هر سال",
		"DTSTART;VALUE=DATE:20270320\r\nDURATION:P30D\r\nSUMMARY:یک ماه",
		"SUMMARY:بی‌تاریخ",
		"DTSTART;VALUE=DATE:20279999\r\nSUMMARY:روزی که نیست",
	)
	list, err := meetings.HolidayEntries(raw)
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		line         int
		day, problem string
	}{
		{1, "2027-03-10", ""}, {1, "2027-03-11", ""}, {2, "2027-03-13", ""},
		{3, "", "holiday.error.repeats"}, {4, "", "holiday.error.days"}, {5, "", "holiday.error.date"}, {6, "", "holiday.error.date"},
	}
	if len(list) != len(want) || list[0].NameFA != "عید سعید فطر" {
		t.Fatalf("%+v", list)
	}
	for i, w := range want {
		if l := list[i]; l.Line != w.line || l.Day != w.day || l.Problem != w.problem {
			t.Errorf("%d: %+v, want %+v", i, l, w)
		}
	}
}

func TestHolidayEntriesOfABrokenFile(t *testing.T) {
	many := make([]string, tenants.MaxHolidayLines+1)
	for i := range many {
		many[i] = "DTSTART;VALUE=DATE:20270310\r\nSUMMARY:x"
	}
	for name, raw := range map[string][]byte{
		"empty": nil, "no calendar": []byte("hello"), "cut off": []byte("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n"),
		"too large": make([]byte, tenants.MaxHolidayFile+1), "too many": calendarOf(many...),
	} {
		if _, err := meetings.HolidayEntries(raw); !fault.Is(err, fault.Invalid) || fault.As(err).Fields["file"] == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzHolidayEntries(f *testing.F) {
	f.Add(calendarOf("DTSTART;VALUE=DATE:20270310\r\nSUMMARY:x"))
	f.Add([]byte("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;TZID=Nowhere:20270310T10\r\nDURATION:-P1W\r\nEND:VEVENT\r\nEND:VCALENDAR"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		list, err := meetings.HolidayEntries(raw)
		if err == nil && len(list) > tenants.MaxHolidayLines {
			t.Fatal("too many")
		}
	})
}
