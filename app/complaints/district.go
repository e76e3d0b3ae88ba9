package complaints

import (
	"context"
	"slices"
	"strings"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// SaveDistrict writes a district: a new one when it has no ID, else a change of
// all but its code.
func SaveDistrict(ctx context.Context, tx *tenants.Tx, d *tenants.District) error {
	if d.ID != 0 {
		old := new(tenants.District)
		if err := tx.Lock(ctx, old, "district.id = ?", d.ID); err != nil {
			return err
		}
		d.Code, d.Position = old.Code, old.Position
	}
	d.Code = strings.ToLower(persian.ToASCII(persian.CleanLine(d.Code)))
	d.NameFA, d.NameEN = persian.CleanLine(d.NameFA), persian.CleanLine(d.NameEN)
	if err := checkDistrict(ctx, tx, d); err != nil {
		return err
	}
	if d.ID != 0 {
		if err := tx.Update(ctx, d); err != nil {
			return fault.Wrap(err, "complaints.SaveDistrict")
		}
		return audit.Record(ctx, tx, "organization:edit", "district", d.ID, d.Code)
	}
	d.ID = tenants.NewID()
	if err := tx.Select((*tenants.District)(nil)).ColumnExpr("coalesce(max(district.position), 0) + 1").Scan(ctx, &d.Position); err != nil {
		return fault.Wrap(err, "complaints.SaveDistrict")
	}
	if err := tx.Insert(ctx, d); err != nil {
		return taken(err, "complaints.SaveDistrict")
	}
	return audit.Record(ctx, tx, "organization:edit", "district", d.ID, "new "+d.Code)
}

// checkDistrict wants a place in the tree: below a wider kind, and nothing of a
// wider or the same kind below it.
func checkDistrict(ctx context.Context, r tenants.Reader, d *tenants.District) error {
	wrong := fault.Fields{}
	checkNames(wrong, d.Code, d.NameFA, d.NameEN)
	kinds := tenants.DistrictKinds()
	rank := slices.Index(kinds, d.Kind)
	if rank < 0 {
		wrong.Add("kind", "intake.error.district_kind")
	}
	if err := checkUnit(ctx, r, d.UnitID, wrong); err != nil {
		return err
	}
	list, err := tenants.AllDistricts(ctx, r)
	if err != nil {
		return err
	}
	parent := -1
	for i := range list {
		switch other := &list[i]; {
		case d.ParentID != nil && other.ID == *d.ParentID:
			parent = i
		case d.ID != 0 && other.ParentID != nil && *other.ParentID == d.ID:
			if slices.Index(kinds, other.Kind) <= rank {
				wrong.Add("kind", "intake.error.district_below")
			}
			if other.Active && !d.Active {
				wrong.Add("active", "intake.error.district_full")
			}
		}
	}
	switch {
	case d.ParentID == nil && d.Kind == tenants.DistrictStation:
		wrong.Add("parent", "intake.error.station_line")
	case d.ParentID == nil:
	case parent < 0 || list[parent].ID == d.ID || slices.Index(kinds, list[parent].Kind) >= rank:
		wrong.Add("parent", "intake.error.district_parent")
	case d.Active && !list[parent].Active:
		wrong.Add("parent", "intake.error.parent_inactive")
	case d.Kind == tenants.DistrictStation && list[parent].Kind != tenants.DistrictLine:
		wrong.Add("parent", "intake.error.station_line")
	}
	return wrong.Err()
}

// MoveDistrict moves a district one place up or down among its siblings.
func MoveDistrict(ctx context.Context, tx *tenants.Tx, id int64, down bool) error {
	if err := tx.Lock(ctx, new(tenants.District), "district.id = ?", id); err != nil {
		return err
	}
	list, err := tenants.AllDistricts(ctx, tx)
	if err != nil {
		return err
	}
	swap(list, id, down, func(d *tenants.District) (int64, *int64) { return d.ID, d.ParentID })
	for i := range list {
		if list[i].Position == i {
			continue
		}
		list[i].Position = i
		if err := tx.Update(ctx, &list[i], "position"); err != nil {
			return fault.Wrap(err, "complaints.MoveDistrict")
		}
	}
	return audit.Record(ctx, tx, "organization:edit", "district", id, "moved")
}

// SaveSource writes a source: a new one when it has no ID, else a change of all
// but its code, by which its cases name it.
func SaveSource(ctx context.Context, tx *tenants.Tx, s *tenants.Source) error {
	if s.ID != 0 {
		old := new(tenants.Source)
		if err := tx.Lock(ctx, old, "source.id = ?", s.ID); err != nil {
			return err
		}
		s.Code = old.Code
	}
	s.Code = strings.ToLower(persian.ToASCII(persian.CleanLine(s.Code)))
	s.NameFA, s.NameEN = persian.CleanLine(s.NameFA), persian.CleanLine(s.NameEN)
	wrong := fault.Fields{}
	checkNames(wrong, s.Code, s.NameFA, s.NameEN)
	if err := wrong.Err(); err != nil {
		return err
	}
	if s.ID != 0 {
		if err := tx.Update(ctx, s); err != nil {
			return fault.Wrap(err, "complaints.SaveSource")
		}
		return audit.Record(ctx, tx, "organization:edit", "source", s.ID, s.Code)
	}
	s.ID = tenants.NewID()
	if err := tx.Insert(ctx, s); err != nil {
		return taken(err, "complaints.SaveSource")
	}
	return audit.Record(ctx, tx, "organization:edit", "source", s.ID, "new "+s.Code)
}
