package complaints

import (
	"context"
	"fmt"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/tenants"
)

// How many days an organization may give its citizens to object to a closure.
const (
	MinObjectionDays = 7
	MaxObjectionDays = 365
)

// OfficeRules are settings that the organization keeps itself.
type OfficeRules struct {
	ObjectionDays  int
	KeepPhotoPlace bool
}

// SaveRules writes them, with a line in the audit of what they were and are.
// The days count for closures of before, too; places in photos are kept from
// then on.
func SaveRules(ctx context.Context, tx *tenants.Tx, in OfficeRules) error {
	if in.ObjectionDays < MinObjectionDays || in.ObjectionDays > MaxObjectionDays {
		return fault.Field("objection_days", "confidential.error.objection_days")
	}
	var was OfficeRules
	err := tx.ChangeSettings(ctx, func(s *tenants.Settings) {
		was = OfficeRules{ObjectionDays: s.ObjectionDays, KeepPhotoPlace: s.KeepPhotoPlace}
		s.ObjectionDays, s.KeepPhotoPlace = in.ObjectionDays, in.KeepPhotoPlace
	})
	if err != nil || was == in {
		return err
	}
	detail := fmt.Sprintf("objection_days %d > %d, keep_photo_place %t > %t", was.ObjectionDays, in.ObjectionDays, was.KeepPhotoPlace, in.KeepPhotoPlace)
	return audit.Record(ctx, tx, "organization:edit", "settings", tx.Tenant().ID, detail)
}
