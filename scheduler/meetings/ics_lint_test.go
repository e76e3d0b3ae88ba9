package meetings_test

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// lint checks a calendar file by the rules of icalendar.md that no common tool
// checks, and gives what is wrong.
func lint(body []byte) []string { return lintOf(body, lintCounts) }

// lintFeed checks a calendar to subscribe to: any number of entries.
func lintFeed(body []byte) []string { return lintOf(body, lintFeedCounts) }

func lintOf(body []byte, counts func(map[string]int, func(string, ...any))) (faults []string) {
	bad := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	text := string(body)
	if !utf8.ValidString(text) {
		bad("not UTF-8")
	}
	if !strings.HasSuffix(text, "\r\n") || strings.Count(text, "\n") != strings.Count(text, "\r\n") || strings.Count(text, "\r") != strings.Count(text, "\r\n") {
		bad("line ends are not CRLF")
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\r\n"), "\r\n") {
		if len(line) > 75 {
			bad("%d octets: %q", len(line), line)
		}
		if line == "" || line == " " {
			bad("empty line")
		}
		if !utf8.ValidString(line) {
			bad("a character is split: %q", line)
		}
		for _, r := range line {
			if unicode.IsControl(r) {
				bad("control character %U", r)
			}
		}
	}
	lintLines(strings.Split(strings.TrimSuffix(strings.ReplaceAll(text, "\r\n ", ""), "\r\n"), "\r\n"), counts, bad)
	return faults
}

// contentLine is name, parameters and value of RFC 5545, 3.1, over the names that
// the product writes.
var contentLine = regexp.MustCompile(`^(BEGIN|END|VERSION|PRODID|CALSCALE|METHOD|UID|DTSTAMP|DTSTART|DTEND|SEQUENCE|STATUS|CLASS|SUMMARY|DESCRIPTION|LOCATION|URL|ORGANIZER|ATTENDEE|ACTION|TRIGGER|NAME|X-WR-CALNAME|REFRESH-INTERVAL|X-PUBLISHED-TTL|TZID|TZOFFSETFROM|TZOFFSETTO)` +
	`((?:;[A-Z-]+=(?:"[^"]*"|[^";:,]*))*):(.*)$`)

var shapes = map[string]*regexp.Regexp{
	"DTSTAMP": utc, "DTSTART": regexp.MustCompile(`^([0-9]{8}T[0-9]{6}Z|20220922T000000)$`), "DTEND": utc,
	"REFRESH-INTERVAL": regexp.MustCompile(`^PT1H$`),
	"UID":              regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-[45][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`),
	"SEQUENCE":         regexp.MustCompile(`^[0-9]+$`),
	"STATUS":           regexp.MustCompile(`^(CONFIRMED|TENTATIVE|CANCELLED)$`),
	"METHOD":           regexp.MustCompile(`^(PUBLISH|REQUEST|CANCEL)$`),
	"TRIGGER":          regexp.MustCompile(`^-PT[0-9]+S$`),
	"PRODID":           regexp.MustCompile(`^.{1,60}$`),
	// No bare comma or semicolon, and no backslash but of an escape.
	"SUMMARY": escaped, "DESCRIPTION": escaped, "LOCATION": escaped,
}

var (
	utc     = regexp.MustCompile(`^[0-9]{8}T[0-9]{6}Z$`)
	escaped = regexp.MustCompile(`^(?:[^\\,;]|\\[\\,;n])+$`)
)

func lintLines(lines []string, counts func(map[string]int, func(string, ...any)), bad func(string, ...any)) {
	var open []string
	seen := map[string]int{}
	for _, line := range lines {
		m := contentLine.FindStringSubmatch(line)
		if m == nil {
			bad("no content line: %q", line)
			continue
		}
		name, value := m[1], m[3]
		switch {
		case name == "BEGIN":
			open = append(open, value)
		case name == "END" && (len(open) == 0 || open[len(open)-1] != value):
			bad("END:%s does not close %v", value, open)
		case name == "END":
			open = open[:len(open)-1]
		}
		if shape := shapes[name]; shape != nil && !shape.MatchString(value) {
			bad("%s has the value %q", name, value)
		}
		if len(open) > 0 {
			seen[open[len(open)-1]+"/"+name]++
		}
	}
	if len(open) > 0 {
		bad("%v is not closed", open)
	}
	counts(seen, bad)
}

// lintMail checks an invitation by mail: who invites and who is invited stand in
// it once each.
func lintMail(body []byte) []string {
	return lintOf(body, func(seen map[string]int, bad func(string, ...any)) {
		for _, once := range []string{
			"VCALENDAR/VERSION", "VCALENDAR/PRODID", "VCALENDAR/METHOD", "VEVENT/UID", "VEVENT/DTSTAMP", "VEVENT/DTSTART", "VEVENT/DTEND",
			"VEVENT/SEQUENCE", "VEVENT/STATUS", "VEVENT/SUMMARY", "VEVENT/LOCATION", "VEVENT/ORGANIZER", "VEVENT/ATTENDEE",
		} {
			if seen[once] != 1 {
				bad("%d times %s", seen[once], once)
			}
		}
	})
}

func lintCounts(seen map[string]int, bad func(string, ...any)) {
	for _, once := range []string{
		"VCALENDAR/VERSION", "VCALENDAR/PRODID", "VCALENDAR/METHOD", "VEVENT/UID", "VEVENT/DTSTAMP", "VEVENT/DTSTART",
		"VEVENT/DTEND", "VEVENT/SEQUENCE", "VEVENT/STATUS", "VEVENT/SUMMARY", "VEVENT/DESCRIPTION", "VEVENT/LOCATION", "VEVENT/ORGANIZER",
	} {
		if seen[once] != 1 {
			bad("%d times %s", seen[once], once)
		}
	}
	for name, n := range seen {
		if n > 1 {
			bad("%d times %s", n, name)
		}
	}
}

// lintFeedCounts checks how often things stand in a feed; refresh is named with
// its type, which RFC 7986 requires and tools forget.
func lintFeedCounts(seen map[string]int, bad func(string, ...any)) {
	for _, once := range []string{"VCALENDAR/VERSION", "VCALENDAR/PRODID", "VCALENDAR/METHOD", "VCALENDAR/NAME", "VCALENDAR/X-WR-CALNAME", "VCALENDAR/REFRESH-INTERVAL", "VCALENDAR/X-PUBLISHED-TTL"} {
		if seen[once] != 1 {
			bad("%d times %s", seen[once], once)
		}
	}
	for _, each := range []string{"UID", "DTSTAMP", "DTSTART", "DTEND", "STATUS", "SUMMARY", "LOCATION", "ORGANIZER"} {
		if n := seen["VEVENT/BEGIN"]; seen["VEVENT/"+each] != n {
			bad("%d times %s in %d entries", seen["VEVENT/"+each], each, n)
		}
	}
	if seen["VEVENT/BEGIN"]+seen["VTIMEZONE/BEGIN"] == 0 {
		bad("neither entries nor a time zone")
	}
}
