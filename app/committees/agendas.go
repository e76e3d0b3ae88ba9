package committees

import (
	"context"
	"time"

	"pasokh/tenants"
)

// What a calendar of sittings shows: from some time ago to as far as they are
// planned.
const (
	shownPast = 60 * 24 * time.Hour
	shownRows = 500
)

// Agendas reads a committee with its sittings of lately and to come, cancelled
// ones too, in the order of time: what a calendar shows of it.
func Agendas(ctx context.Context, r tenants.Reader, id int64) (*Committee, []Sitting, error) {
	c, err := ByID(ctx, r, id)
	if err != nil {
		return nil, nil, err
	}
	var list []Sitting
	err = r.Select(&list).Where("sitting.committee_id = ? AND sitting.starts_at > ?", id, r.Now().Add(-shownPast)).
		Order("sitting.starts_at", "sitting.id").Limit(shownRows).Scan(ctx)
	return c, list, tenants.Err(err)
}
