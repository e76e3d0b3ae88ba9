package web

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"pasokh/app/persian"
	"pasokh/views/messages"
)

// solarPeriod is a month, a season or a year of the Solar Hijri calendar.
type solarPeriod struct {
	kind string // month, season, year
	year int
	n    int // month 1-12, season 1-4; 1 for a year
}

// periodKinds lists the kinds in the order they are offered.
var periodKinds = []string{"month", "season", "year"}

// perYear is how many periods of the kind a year has.
func (p solarPeriod) perYear() int {
	switch p.kind {
	case "month":
		return 12
	case "season":
		return 4
	}
	return 1
}

// periodOf is the period of a kind in which a moment lies.
func periodOf(kind string, t time.Time) solarPeriod {
	d := persian.DateOf(t.In(persian.Tehran))
	p := solarPeriod{kind: kind, year: d.Year}
	p.n = (d.Month-1)*p.perYear()/12 + 1
	return p
}

// String is the form in an address: 1405-08, 1405-s3, 1405.
func (p solarPeriod) String() string {
	switch p.kind {
	case "month":
		return fmt.Sprintf("%d-%02d", p.year, p.n)
	case "season":
		return fmt.Sprintf("%d-s%d", p.year, p.n)
	}
	return strconv.Itoa(p.year)
}

// parsePeriod reads the form of an address; false when it is none, or lies
// beyond the years of the calendar.
func parsePeriod(text string) (solarPeriod, bool) {
	head, tail, _ := strings.Cut(persian.ToASCII(text), "-")
	p := solarPeriod{kind: "year", n: 1}
	if tail != "" {
		if p.kind = "month"; tail[0] == 's' {
			p.kind, tail = "season", tail[1:]
		}
		n, err := strconv.Atoi(tail)
		if err != nil {
			return p, false
		}
		p.n = n
	}
	year, err := strconv.Atoi(head)
	p.year = year
	return p, err == nil && year >= 1390 && year <= 1490 && p.n >= 1 && p.n <= p.perYear()
}

// add moves by so many periods.
func (p solarPeriod) add(n int) solarPeriod {
	per := p.perYear()
	at := p.year*per + p.n - 1 + n
	p.year, p.n = at/per, at%per+1
	return p
}

// from and until are the instants at which it begins and ends.
func (p solarPeriod) from() time.Time {
	month := (p.n-1)*(12/p.perYear()) + 1
	return persian.Date{Year: p.year, Month: month, Day: 1}.Time(0, 0, persian.Tehran).UTC()
}

func (p solarPeriod) until() time.Time { return p.add(1).from() }

// periodName says a period: «آبان ۱۴۰۵».
func (r *req) periodName(p solarPeriod) string {
	year := messages.Digits(r.ctx, strconv.Itoa(p.year))
	switch p.kind {
	case "month":
		return r.in(persian.MonthName(p.n), persian.MonthNameEN(p.n)) + " " + year
	case "season":
		return r.t("period.season."+strconv.Itoa(p.n), "year", year)
	}
	return r.t("period.year_of", "year", year)
}

// periodShort says it where there is little room.
func (r *req) periodShort(p solarPeriod) string {
	if p.kind == "month" {
		return r.in(persian.MonthName(p.n), persian.MonthNameEN(p.n))
	}
	return r.periodName(p)
}
