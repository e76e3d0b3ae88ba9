package meetings

import (
	"context"
	"slices"
	"unicode/utf8"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// SiteKind is what a site is.
type SiteKind string

// The kinds of sites.
const (
	Headquarters SiteKind = "headquarters"
	Station      SiteKind = "station"
	Video        SiteKind = "video"
	ByPhone      SiteKind = "phone"
)

// SiteKinds lists them in the order in which a form offers them.
func SiteKinds() []SiteKind { return []SiteKind{Headquarters, Station, Video, ByPhone} }

// Site is where public meetings take place.
type Site struct {
	tenants.BaseModel `bun:"table:meeting_sites,alias:site"`
	tenants.Owned
	ID       int64 `bun:",pk"`
	Kind     SiteKind
	NameFA   string `bun:"name_fa"`
	NameEN   string `bun:"name_en"`
	Address  string
	Access   string // how to get in: door, lift, parking
	Capacity int    // people at once; 0 = not said
	Active   bool
}

func (s *Site) check() error {
	bad := fault.Fields{}
	s.NameFA, s.NameEN = persian.CleanLine(s.NameFA), persian.CleanLine(s.NameEN)
	s.Address, s.Access = persian.Clean(s.Address), persian.Clean(s.Access)
	if !slices.Contains(SiteKinds(), s.Kind) {
		bad.Add("kind", "planning.error.site_kind")
	}
	for field, text := range map[string]string{"name_fa": s.NameFA, "name_en": s.NameEN} {
		if n := utf8.RuneCountInString(text); n == 0 || n > 120 {
			bad.Add(field, "planning.error.name")
		}
	}
	for field, text := range map[string]string{"address": s.Address, "access": s.Access} {
		if utf8.RuneCountInString(text) > 500 {
			bad.Add(field, "meeting.error.too_long")
		}
	}
	if s.Capacity < 0 || s.Capacity > 10000 {
		bad.Add("capacity", "planning.error.number")
	}
	return bad.Err()
}

// Sites lists all sites, the active ones first.
func Sites(ctx context.Context, r tenants.Reader) ([]Site, error) {
	var list []Site
	return list, tenants.Err(r.Select(&list).Order("site.active DESC", "site.name_fa", "site.id").Limit(500).Scan(ctx))
}

// SiteByID reads one site.
func SiteByID(ctx context.Context, r tenants.Reader, id int64) (*Site, error) {
	s := new(Site)
	return s, tenants.Err(r.Select(s).Where("site.id = ?", id).Scan(ctx))
}

// SaveSite writes a site: a new one when it has no ID. Sessions that stand keep
// the name they were announced with. Field errors: kind, name_fa, name_en,
// address, access, capacity, active.
func SaveSite(ctx context.Context, tx *tenants.Tx, s *Site) error {
	if err := s.check(); err != nil {
		return err
	}
	same, err := tx.Select((*Site)(nil)).Where("site.name_fa = ? AND site.id <> ?", s.NameFA, s.ID).Count(ctx)
	if err != nil {
		return tenants.Err(err)
	}
	if same > 0 {
		return fault.Field("name_fa", "planning.error.site_known")
	}
	if s.ID == 0 {
		s.ID = tenants.NewID()
		if err := tx.Insert(ctx, s); err != nil {
			return err
		}
		return audit.Record(ctx, tx, "meeting_site:create", "meeting_site", s.ID, "")
	}
	if !s.Active {
		used, err := tx.Select((*Window)(nil)).Where("win.active AND win.site_id = ?", s.ID).Count(ctx)
		if err != nil {
			return tenants.Err(err)
		}
		if used > 0 {
			return fault.Field("active", "planning.error.site_used")
		}
	}
	if err := tx.Update(ctx, s, "kind", "name_fa", "name_en", "address", "access", "capacity", "active"); err != nil {
		return err
	}
	// Windows carry the name along for the sessions to come.
	if _, err := tx.Set(ctx, (*Window)(nil), "site_fa = ?, site_en = ?", []any{s.NameFA, s.NameEN}, "site_id = ?", s.ID); err != nil {
		return err
	}
	return audit.Record(ctx, tx, "meeting_site:edit", "meeting_site", s.ID, "")
}

// adoptSite finds the site of that name, or enters it.
func adoptSite(ctx context.Context, tx *tenants.Tx, fa, en string) (*int64, error) {
	s := new(Site)
	err := tenants.Err(tx.Select(s).Where("site.name_fa = ?", fa).Scan(ctx))
	if fault.Is(err, fault.NotFound) {
		s = &Site{ID: tenants.NewID(), Kind: Headquarters, NameFA: fa, NameEN: en, Active: true}
		err = tx.Insert(ctx, s)
	}
	return &s.ID, err
}

// adoptSites gives a site to the windows from before there were sites.
func adoptSites(ctx context.Context, tx *tenants.Tx, list []Window) error {
	for i := range list {
		w := &list[i]
		if w.SiteID != nil {
			continue
		}
		id, err := adoptSite(ctx, tx, w.SiteFA, w.SiteEN)
		if err != nil {
			return err
		}
		w.SiteID = id
		if err := tx.Update(ctx, w, "site_id"); err != nil {
			return err
		}
	}
	return nil
}

// Setting implements tenants.Setting.
func (s *Site) Setting() tenants.SettingRow {
	return tenants.SettingRow{Area: tenants.AreaMeetings, NameFA: s.NameFA, NameEN: s.NameEN}
}
