package meetings

import (
	"context"
	"slices"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
)

// Served says which executive receives the people of a district.
type Served struct {
	tenants.BaseModel `bun:"table:executive_districts,alias:served"`
	tenants.Owned
	ExecutiveID int64
	DistrictID  int64 `bun:",pk"`
}

// DistrictsServed gives the executive of each district that has one.
func DistrictsServed(ctx context.Context, r tenants.Reader) (map[int64]int64, error) {
	var list []Served
	err := r.Select(&list).Join("JOIN ? ON executive.id = served.executive_id AND executive.active", r.From((*directives.Executive)(nil))).Scan(ctx)
	of := make(map[int64]int64, len(list))
	for _, s := range list {
		of[s.DistrictID] = s.ExecutiveID
	}
	return of, tenants.Err(err)
}

// checkDistrict refuses who lives elsewhere, where the executive receives the
// people of certain districts. Field error: district.
func (in *Booking) checkDistrict(ctx context.Context, r tenants.Reader) error {
	if in.wait != nil {
		return nil // judged when they joined the line
	}
	own, err := DistrictsOf(ctx, r, in.ExecutiveID)
	if err == nil && len(own) > 0 && !slices.Contains(own, in.DistrictID) {
		err = fault.Field("district", "booking.error.district")
	}
	return err
}

// DistrictsOf lists the districts whose people an executive receives; none where
// everybody is.
func DistrictsOf(ctx context.Context, r tenants.Reader, executiveID int64) (ids []int64, err error) {
	err = r.Select((*Served)(nil)).ColumnExpr("served.district_id").Where("served.executive_id = ?", executiveID).Order("served.district_id").Scan(ctx, &ids)
	return ids, tenants.Err(err)
}

// ServeDistricts writes which executive receives the people of which district,
// instead of what stood.
func ServeDistricts(ctx context.Context, tx *tenants.Tx, of map[int64]int64) error {
	if _, err := tx.Delete(ctx, (*Served)(nil), "district_id > ?", 0); err != nil {
		return err
	}
	var list []Served
	for district, executive := range of {
		if _, err := directives.ExecutiveByID(ctx, tx, executive); err != nil {
			return err
		}
		list = append(list, Served{ExecutiveID: executive, DistrictID: district})
	}
	if len(list) > 0 {
		if err := tx.Insert(ctx, &list); err != nil {
			return err
		}
	}
	return audit.Record(ctx, tx, "meeting:districts", "executive", 0, "")
}

// Setting implements tenants.Setting.
func (s *Served) Setting() tenants.SettingRow {
	return tenants.SettingRow{Area: tenants.AreaExecutives}
}
