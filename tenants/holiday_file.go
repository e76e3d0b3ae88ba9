package tenants

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"pasokh/app/fault"
	"pasokh/app/persian"
)

// Bounds of a file of holidays: a year has a few dozen.
const (
	MaxHolidayFile  = 256 << 10 // bytes
	MaxHolidayLines = 400
)

// HolidayLine is one line or entry of a file of holidays, as it was read.
// Problem is the message key of what keeps it from being entered; Skip that of
// why it need not be.
type HolidayLine struct {
	Line    int // from 1
	Day     string
	NameFA  string
	NameEN  string
	Problem string
	Skip    string
}

// Good tells whether the line is to be entered.
func (l *HolidayLine) Good() bool { return l.Problem == "" && l.Skip == "" }

// ParseHolidays reads lines of date, Persian name and, perhaps, English name,
// separated by commas, semicolons or tabs. Dates are Solar Hijri, or Gregorian
// when the year is one. A first line that begins with no date is a heading.
func ParseHolidays(raw []byte) ([]HolidayLine, error) {
	if len(raw) > MaxHolidayFile {
		return nil, fault.Field("file", "holiday.error.large")
	}
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(raw) || bytes.IndexByte(raw, 0) >= 0 {
		return nil, fault.Field("file", "holiday.error.unreadable")
	}
	r := csv.NewReader(bytes.NewReader(raw))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes, r.TrimLeadingSpace = separator(raw), -1, true, true
	var list []HolidayLine
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		if err != nil {
			return nil, fault.Field("file", "holiday.error.unreadable")
		}
		at, _ := r.FieldPos(0)
		line := holidayLine(at, row)
		if len(list) == 0 && at == 1 && line.Day == "" {
			continue
		}
		if list = append(list, line); len(list) > MaxHolidayLines {
			return nil, fault.Field("file", "holiday.error.many")
		}
	}
}

// separator is the one that the first line has most of.
func separator(raw []byte) rune {
	first, _, _ := bytes.Cut(raw, []byte("\n"))
	best, count := ',', 0
	for _, r := range []rune{',', ';', '\t'} {
		if n := strings.Count(string(first), string(r)); n > count {
			best, count = r, n
		}
	}
	return best
}

func holidayLine(at int, row []string) HolidayLine {
	line := HolidayLine{Line: at}
	cell := func(i int) string {
		if i >= len(row) {
			return ""
		}
		return persian.CleanLine(row[i])
	}
	line.NameFA, line.NameEN = cell(1), cell(2)
	if line.Day = ParseDay(cell(0)); line.Day == "" {
		line.Problem = "holiday.error.date"
	}
	return line
}

// ParseDay reads a typed date, Solar Hijri or Gregorian by its year, as
// YYYY-MM-DD of the Gregorian calendar; empty when it is none.
func ParseDay(text string) string {
	if d, err := persian.ParseDate(text); err == nil {
		return DayOf(d)
	}
	plain := strings.NewReplacer("/", "-", ".", "-").Replace(persian.ToASCII(strings.TrimSpace(text)))
	if t, err := time.Parse("2006-1-2", plain); err == nil && t.Year() > 1900 && t.Year() < 2200 {
		return t.Format(time.DateOnly)
	}
	return ""
}

// DayOf is a Solar Hijri day as closures and holidays keep it.
func DayOf(d persian.Date) string {
	y, m, day := d.Gregorian()
	return time.Date(y, m, day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

// JudgeHolidays says of every line what keeps it from being entered at now, and
// which are known already: officially, by the organization, or by an earlier
// line.
func JudgeHolidays(lines []HolidayLine, known map[string]bool, now time.Time) {
	seen := map[string]bool{}
	for i := range lines {
		l := &lines[i]
		if l.Problem != "" {
			continue
		}
		c := Closure{Day: l.Day, Kind: ClosureHoliday, UntilMinute: dayMinutes, NameFA: l.NameFA, NameEN: l.NameEN}
		err := c.Check(now)
		l.NameFA, l.NameEN = c.NameFA, c.NameEN
		switch {
		case known[l.Day]:
			l.Skip = "holiday.skip.known"
		case seen[l.Day]:
			l.Skip = "holiday.skip.twice"
		case err != nil:
			fields := fault.As(err).Fields
			if l.Problem = fields["name_fa"]; fields["day"] != "" {
				l.Problem = fields["day"]
			}
		}
		seen[l.Day] = true
	}
}
