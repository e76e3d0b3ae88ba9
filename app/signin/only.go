package signin

import (
	"context"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/tenants"
)

// only makes the service the one way in of staff, or opens the others again. It
// is made so only while the service stands open, has answered since its address
// was typed, and an admin with a second factor could come in without it.
func (s *Service) only(ctx context.Context, tx *tenants.Tx, on bool) error {
	now, err := tx.Own(ctx)
	if err != nil || now.Settings.ServiceOnly == on {
		if err == nil && on {
			err = s.mayBeOnly(ctx, tx)
		}
		return fault.Wrap(err, "signin.only")
	}
	word := "off"
	if on {
		if err := s.mayBeOnly(ctx, tx); err != nil {
			return err
		}
		word = "on"
	}
	if err := tx.ChangeSettings(ctx, func(t *tenants.Settings) { t.ServiceOnly = on }); err != nil {
		return err
	}
	return audit.Record(ctx, tx, "service:only", "service", s.ID, word)
}

// mayBeOnly refuses what would shut everybody out.
func (s *Service) mayBeOnly(ctx context.Context, r tenants.Reader) error {
	if !s.Enabled {
		return fault.Field("only", "service.error.only_open")
	}
	if s.TriedAt == nil {
		return fault.Field("only", "service.error.only_tried")
	}
	n, err := staff.AdminsReady(ctx, r)
	if err == nil && n == 0 {
		return fault.Field("only", "service.error.only_admin")
	}
	return err
}
