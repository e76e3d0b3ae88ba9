package tenants

import "context"

// Source is another system or body that sends cases under numbers of its own.
// A case keeps the source's code.
type Source struct {
	BaseModel `bun:"table:sources,alias:source"`
	Owned
	ID     int64 `bun:",pk"`
	Code   string
	NameFA string `bun:"name_fa"`
	NameEN string `bun:"name_en"`
	Active bool
}

// Sources lists the active sources by code.
func Sources(ctx context.Context, r Reader) ([]Source, error) {
	var list []Source
	return list, Err(r.Select(&list).Where("source.active").Order("source.code").Scan(ctx))
}

// AllSources is Sources with those that are no longer active.
func AllSources(ctx context.Context, r Reader) ([]Source, error) {
	var list []Source
	return list, Err(r.Select(&list).Order("source.active DESC", "source.code").Scan(ctx))
}

// SourceByID reads one source, active or not.
func SourceByID(ctx context.Context, r Reader, id int64) (*Source, error) {
	s := new(Source)
	return s, Err(r.Select(s).Where("source.id = ?", id).Scan(ctx))
}

// SourceByCode reads one source, active or not.
func SourceByCode(ctx context.Context, r Reader, code string) (*Source, error) {
	s := new(Source)
	return s, Err(r.Select(s).Where("source.code = ?", code).Scan(ctx))
}

// SourceSpec is one source of a Spec.
type SourceSpec struct {
	Code   string `yaml:"code"`
	NameFA string `yaml:"name_fa"`
	NameEN string `yaml:"name_en"`
}

// usualSources are what an organization starts with when its Spec names none.
var usualSources = []SourceSpec{
	{Code: "samad", NameFA: "سامد ۱۱۱", NameEN: "SAMAD 111"},
	{Code: "137", NameFA: "سامانه ۱۳۷", NameEN: "City line 137"},
	{Code: "1888", NameFA: "سامانه ۱۸۸۸", NameEN: "Supervision line 1888"},
	{Code: "inspection", NameFA: "سازمان بازرسی کل کشور", NameEN: "General Inspection Organization"},
	{Code: "parent", NameFA: "دستگاه بالادستی", NameEN: "Parent body"},
	{Code: "crm", NameFA: "سامانه ارتباط با مشتری", NameEN: "CRM"},
}

// laySources writes the sources of a new organization.
func laySources(ctx context.Context, tx *Tx, specs []SourceSpec) error {
	if len(specs) == 0 {
		specs = usualSources
	}
	for _, s := range specs {
		if err := tx.Insert(ctx, &Source{ID: NewID(), Code: s.Code, NameFA: s.NameFA, NameEN: s.NameEN, Active: true}); err != nil {
			return err
		}
	}
	return nil
}
