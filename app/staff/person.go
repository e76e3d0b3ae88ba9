package staff

import (
	"context"
	"strings"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/tenants"
)

// Edit writes what the organization knows of a person. Field errors: name_fa,
// name_en, mobile, email, unit. Links that went to an address from before open
// nothing any more, and that address is told. Forbidden "staff.above" for somebody
// who may do more than the actor could give.
func Edit(ctx context.Context, tx *tenants.Tx, id int64, in Person) error {
	s := new(Staff)
	if err := tx.Lock(ctx, s, "staff.id = ?", id); err != nil {
		return fault.Wrap(err, "staff.Edit")
	}
	if err := mayRule(ctx, tx, id); err != nil {
		return err
	}
	was, wrong := *s, fault.Fields{}
	if err := s.describe(ctx, tx, in, wrong); err != nil {
		return err
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	if was.Mobile != s.Mobile || was.Email != s.Email {
		if err := endPasses(ctx, tx, id); err != nil {
			return err
		}
	}
	if err := tx.Update(ctx, s, "name_fa", "name_en", "mobile", "email", "unit_id"); err != nil {
		return fault.Wrap(err, "staff.Edit")
	}
	if err := s.readdressed(ctx, tx, was.Mobile, was.Email); err != nil {
		return err
	}
	return audit.Record(ctx, tx, "staff:edit", "staff", id, strings.Join(s.changed(&was), " "))
}

// changed names the fields that differ, without what stands in them.
func (s *Staff) changed(was *Staff) []string {
	unit := func(id *int64) int64 {
		if id == nil {
			return 0
		}
		return *id
	}
	var list []string
	for _, f := range []struct {
		name string
		is   bool
	}{
		{"name", s.NameFA != was.NameFA || s.NameEN != was.NameEN}, {"mobile", s.Mobile != was.Mobile},
		{"email", s.Email != was.Email}, {"unit", unit(s.UnitID) != unit(was.UnitID)},
	} {
		if f.is {
			list = append(list, f.name)
		}
	}
	return list
}

// Rename writes the actor's own names. Field errors: name_fa, name_en.
func Rename(ctx context.Context, tx *tenants.Tx, fa, en string) error {
	id := tx.Actor().ID
	s := new(Staff)
	if err := tx.Lock(ctx, s, "staff.id = ?", id); err != nil {
		return fault.Wrap(err, "staff.Rename")
	}
	return Edit(ctx, tx, id, Person{fa, en, s.Mobile, s.Email, s.UnitID})
}
