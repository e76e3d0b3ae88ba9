package meetings

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// MinutesFields are the fields that a template of minutes may have, as {visitor}.
var MinutesFields = []string{"visitor", "companions", "subject", "request", "date", "time", "number", "post", "executive", "place"}

// MaxWalkIns bounds how many may come to one session without a booking.
const MaxWalkIns = 200

// DayRules is what an organization sets for its days of meetings.
type DayRules struct {
	Template   string // of the minutes; empty is none
	WalkInRoom int    // visitors without a booking in one session, beyond its seats
}

var minutesField = regexp.MustCompile(`\{([^{}]*)\}`)

// FillMinutes writes the minutes that a meeting begins with: the template with
// its fields filled in. What is no field stays as it is.
func FillMinutes(template string, values map[string]string) string {
	return strings.TrimRight(minutesField.ReplaceAllStringFunc(template, func(field string) string {
		if v, ok := values[field[1:len(field)-1]]; ok {
			return v
		}
		return field
	}), " \n")
}

// SaveDayRules writes them. Field errors: template, walk_in_room.
func SaveDayRules(ctx context.Context, tx *tenants.Tx, in DayRules) error {
	in.Template = persian.Clean(in.Template)
	bad := fault.Fields{}
	if utf8.RuneCountInString(in.Template) > MaxText/2 {
		bad.Add("template", "meeting.error.too_long")
	}
	for _, field := range minutesField.FindAllStringSubmatch(in.Template, -1) {
		if !slices.Contains(MinutesFields, field[1]) {
			bad.Add("template", "meeting.error.template_field")
		}
	}
	if in.WalkInRoom < 0 || in.WalkInRoom > MaxWalkIns {
		bad.Add("walk_in_room", "meeting.error.walk_in_room")
	}
	if err := bad.Err(); err != nil {
		return err
	}
	err := tx.ChangeSettings(ctx, func(s *tenants.Settings) { s.MinutesTemplate, s.WalkInRoom = in.Template, &in.WalkInRoom })
	if err != nil {
		return err
	}
	return audit.Record(ctx, tx, "organization:edit", "settings", tx.Tenant().ID, "meeting day")
}
