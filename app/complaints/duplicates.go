package complaints

import (
	"context"
	"time"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// nearbyDays is how long a case counts as recent for the hint at others of the
// same place.
const nearbyDays = 14

// Nearby lists recent cases about the topic from the same place: the same
// subscription, postal code or station. It is a hint to whoever registers, not
// a rule; a place that says none of these has none.
func Nearby(ctx context.Context, r tenants.Reader, actor tenants.Actor, topic int64, place Place, district *tenants.District) ([]Complaint, error) {
	place = place.clean()
	var same []string
	var args []any
	add := func(where string, arg any) { same, args = append(same, where), append(args, arg) }
	if place.Subscription != "" {
		add("c.place ->> 'subscription' = ?", r.Blind("subscription", place.Subscription))
	}
	if code, ok := persian.PostalCode(place.PostalCode); ok {
		add("c.place ->> 'postal_code' = ?", r.Blind("postal_code", code))
	}
	if district != nil && district.Kind == tenants.DistrictStation {
		add("c.district_id = ?", district.ID)
	} else if place.Station != "" {
		add("c.place ->> 'station' = ?", place.Station)
	}
	if topic == 0 || len(same) == 0 {
		return nil, nil
	}
	var list []Complaint
	where := same[0]
	for _, s := range same[1:] {
		where += " OR " + s
	}
	q := visible(r, r.Select(&list), actor).
		Where("c.registered_at > ? AND c.topic_id = ? AND c.fact <> ?", r.Now().Add(-nearbyDays*24*time.Hour), topic, EnteredByMistake).
		Where("("+where+")", args...).OrderExpr("c.registered_at DESC, c.id DESC").Limit(6)
	return list, fault.Wrap(tenants.Err(q.Scan(ctx)), "complaints.Nearby")
}
