package meetings

import (
	"context"
	"fmt"
	"strings"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/tenants"
)

// RuleFields are the numbers of booking that an organization sets itself, in
// the order of the form.
var RuleFields = []string{
	"hold_minutes", "quota_days", "reschedules", "cool_down_days", "appeal_days", "release_least", "release_most", "offer_hours", "document_days", "draw_hours",
	"public_days", "walk_in_room", "objection_days",
}

// RuleBound is what such a number may be.
type RuleBound struct{ Least, Most int }

// RuleBounds are the bounds by field.
var RuleBounds = map[string]RuleBound{
	"hold_minutes": {3, 60}, "quota_days": {1, 365}, "reschedules": {1, 10}, "cool_down_days": {1, 365}, "appeal_days": {1, 90},
	"release_least": {1, 1440}, "release_most": {1, 1440}, "offer_hours": {1, 48}, "document_days": {1, 30}, "draw_hours": {13, 336},
	"public_days": {1, 20}, "walk_in_room": {0, 100}, "objection_days": {1, 365},
}

// RulesOf are the numbers in force.
func RulesOf(s tenants.Settings) map[string]int {
	least, most := s.Booking.Release()
	all := s.Defaults()
	return map[string]int{
		"hold_minutes": s.HoldMinutes, "quota_days": s.QuotaDays, "reschedules": s.RescheduleLimit, "cool_down_days": s.CoolDownDays,
		"appeal_days": s.Booking.Appeal(), "release_least": int(least.Minutes()), "release_most": int(most.Minutes()),
		"offer_hours": int(s.Booking.Offer().Hours()), "document_days": s.Booking.Documents(), "draw_hours": int(s.Booking.DrawClose().Hours()),
		"public_days": all.PublicDays, "walk_in_room": *all.WalkInRoom, "objection_days": all.DirectiveObjectionDays,
	}
}

// SaveRules writes the numbers, with a line in the audit of what changed. Draws
// that stand keep their time. Field errors: the fields.
func SaveRules(ctx context.Context, tx *tenants.Tx, in map[string]int) error {
	wrong := fault.Fields{}
	for field, b := range RuleBounds {
		if n := in[field]; n < b.Least || n > b.Most {
			wrong.Add(field, "booking_rules.error")
		}
	}
	if in["release_least"] > in["release_most"] {
		wrong.Add("release_most", "booking_rules.error_release")
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	var was map[string]int
	err := tx.ChangeSettings(ctx, func(s *tenants.Settings) {
		was = RulesOf(*s)
		s.HoldMinutes, s.QuotaDays, s.RescheduleLimit, s.CoolDownDays = in["hold_minutes"], in["quota_days"], in["reschedules"], in["cool_down_days"]
		room := in["walk_in_room"]
		s.PublicDays, s.WalkInRoom, s.DirectiveObjectionDays = in["public_days"], &room, in["objection_days"]
		s.Booking = tenants.Booking{
			OfferHours: in["offer_hours"], ReleaseLeast: in["release_least"], ReleaseMost: in["release_most"],
			DrawCloseHours: in["draw_hours"], DocumentDays: in["document_days"], AppealDays: in["appeal_days"],
		}
	})
	if err != nil {
		return err
	}
	var changed []string
	for _, field := range RuleFields {
		if was[field] != in[field] {
			changed = append(changed, fmt.Sprintf("%s %d → %d", field, was[field], in[field]))
		}
	}
	if len(changed) == 0 {
		return nil
	}
	return audit.Record(ctx, tx, "booking_rules:change", "organization", tx.Tenant().ID, strings.Join(changed, ", "))
}
