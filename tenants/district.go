package tenants

import (
	"context"
	"slices"
)

// The kinds of districts, from the widest to the narrowest; lines and stations
// are those of a metro.
const (
	DistrictProvince = "province"
	DistrictCounty   = "county"
	DistrictCity     = "city"
	DistrictPart     = "district"
	DistrictLine     = "line"
	DistrictStation  = "station"
)

// DistrictKinds lists the kinds in the order they are offered.
func DistrictKinds() []string {
	return []string{DistrictProvince, DistrictCounty, DistrictCity, DistrictPart, DistrictLine, DistrictStation}
}

// District is a part of the organization's territory or network.
type District struct {
	BaseModel `bun:"table:districts,alias:district"`
	Owned
	ID       int64 `bun:",pk"`
	ParentID *int64
	Kind     string // one of DistrictKinds
	Code     string
	NameFA   string `bun:"name_fa"`
	NameEN   string `bun:"name_en"`
	UnitID   *int64 // that answers for it, when one does
	Position int
	Active   bool
}

// Districts lists the active districts, each before those it holds.
func Districts(ctx context.Context, r Reader) ([]District, error) {
	var list []District
	err := r.Select(&list).Where("district.active").Order("district.position", "district.id").Scan(ctx)
	return DistrictTree(list), Err(err)
}

// AllDistricts is Districts with those that are no longer active.
func AllDistricts(ctx context.Context, r Reader) ([]District, error) {
	var list []District
	err := r.Select(&list).Order("district.position", "district.id").Scan(ctx)
	return DistrictTree(list), Err(err)
}

// DistrictByID reads one district, active or not.
func DistrictByID(ctx context.Context, r Reader, id int64) (*District, error) {
	d := new(District)
	return d, Err(r.Select(d).Where("district.id = ?", id).Scan(ctx))
}

// DistrictTree puts districts below the one that holds them and keeps the order
// of siblings; those whose holder is not in the list stand at the root.
func DistrictTree(list []District) []District {
	known := make(map[int64]bool, len(list))
	for i := range list {
		known[list[i].ID] = true
	}
	below := map[int64][]int{}
	for i := range list {
		parent := int64(0)
		if p := list[i].ParentID; p != nil && known[*p] {
			parent = *p
		}
		below[parent] = append(below[parent], i)
	}
	tree := make([]District, 0, len(list))
	var walk func(parent int64)
	walk = func(parent int64) {
		for _, i := range below[parent] {
			tree = append(tree, list[i])
			walk(list[i].ID)
		}
	}
	walk(0)
	return tree
}

// DistrictPath is the chain from the widest district down to the one with the
// id; empty when the list does not have it.
func DistrictPath(list []District, id int64) []District {
	byID := make(map[int64]*District, len(list))
	for i := range list {
		byID[list[i].ID] = &list[i]
	}
	var path []District
	for d := byID[id]; d != nil && len(path) <= len(DistrictKinds()); {
		path = append(path, *d)
		if d.ParentID == nil {
			break
		}
		d = byID[*d.ParentID]
	}
	slices.Reverse(path)
	return path
}

// DistrictSpec is one district of a Spec; Parent is the code of another that
// stands before it, Unit the code of the unit that answers for it.
type DistrictSpec struct {
	Code   string `yaml:"code"`
	Kind   string `yaml:"kind"`
	Parent string `yaml:"parent,omitempty"`
	Unit   string `yaml:"unit,omitempty"`
	NameFA string `yaml:"name_fa"`
	NameEN string `yaml:"name_en"`
}

// layDistricts writes the districts of a new organization.
func layDistricts(ctx context.Context, tx *Tx, specs []DistrictSpec, units map[string]*int64) error {
	ids := map[string]*int64{}
	for i, s := range specs {
		row := &District{
			ID: NewID(), ParentID: ids[s.Parent], Kind: s.Kind, Code: s.Code, NameFA: s.NameFA, NameEN: s.NameEN,
			UnitID: units[s.Unit], Position: i, Active: true,
		}
		if err := tx.Insert(ctx, row); err != nil {
			return err
		}
		ids[s.Code] = &row.ID
	}
	return nil
}
