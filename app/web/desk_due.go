package web

import (
	"regexp"
	"strconv"
	"time"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

var clockShape = regexp.MustCompile(`^([0-9]{1,2})(?:[:.]([0-9]{2}))?$`)

// moment reads a typed Solar Hijri date and, in the field beside it, an hour
// (field_time); without an hour it is the end of that day. An empty date is
// the zero time.
func (f form) moment(field string) (time.Time, error) {
	day, clock := f.text(field), f.text(field+"_time")
	if day == "" && clock == "" {
		return time.Time{}, nil
	}
	date, err := persian.ParseDate(day)
	if err != nil {
		return time.Time{}, fault.Field(field, "complaint.error.due_unreadable")
	}
	hour, minute := 23, 59
	if clock != "" {
		match := clockShape.FindStringSubmatch(persian.ToASCII(clock))
		if match == nil {
			return time.Time{}, fault.Field(field+"_time", "desk.error.time")
		}
		hour, _ = strconv.Atoi(match[1])
		minute, _ = strconv.Atoi(match[2]) // none is zero
	}
	if hour > 23 || minute > 59 {
		return time.Time{}, fault.Field(field+"_time", "desk.error.time")
	}
	return date.Time(hour, minute, persian.Tehran).UTC(), nil
}

// usualDue is when a unit that gets the case now must have answered, unless
// whoever refers it says otherwise.
func (r *req) usualDue(c *complaints.Complaint, k complaints.Known) (time.Time, error) {
	hours, err := tenants.WorkingTimeOf(r.ctx, r.db)
	return c.UsualDue(k.Class, hours, r.now()), err
}
