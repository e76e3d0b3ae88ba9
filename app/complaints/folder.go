package complaints

import (
	"context"

	"pasokh/app/audit"
	"pasokh/app/citizens"
	"pasokh/app/staff"
	"pasokh/tenants"
)

// Folder is a case with the names that stand on its cover: of its topic, of
// the unit and the person who have it, of the citizen.
type Folder struct {
	Complaint   `bun:",extend"`
	TopicFA     string `bun:"topic_fa,scanonly"`
	TopicEN     string `bun:"topic_en,scanonly"`
	TopicUnitID *int64 `bun:"topic_unit_id,scanonly"` // who usually has such a case
	TopicParent *int64 `bun:"topic_parent_id,scanonly"`
	UnitFA      string `bun:"unit_fa,scanonly"`
	UnitEN      string `bun:"unit_en,scanonly"`
	HolderFA    string `bun:"holder_fa,scanonly"`
	HolderEN    string `bun:"holder_en,scanonly"`
	Name        string `bun:"citizen_name,scanonly" sealed:"citizens.name,row=CitizenID"`
	Mobile      string `bun:"citizen_mobile,scanonly" sealed:"citizens.mobile,row=CitizenID"` // E.164
	NationalID  string `bun:"citizen_national_id,scanonly" sealed:"citizens.national_id,row=CitizenID"`
	Unmasked    bool   `bun:"unmasked,scanonly"`          // to this reader, a short while ago
	Noted       bool   `bun:"noted,scanonly"`             // it is on record that this reader was shown the national ID
	Elsewhere   bool   `bun:"citizen_elsewhere,scanonly"` // the national ID is known under another number, too
}

// twin is another row of the same person, seen from a citizen's own.
type twin struct {
	tenants.BaseModel `bun:"table:citizens,alias:twin"`
	tenants.Owned
	ID int64 `bun:",pk"`
}

// Topic is the case's topic as far as the cover tells.
func (f *Folder) Topic() *tenants.Topic {
	return &tenants.Topic{ID: f.TopicID, UnitID: f.TopicUnitID, ParentID: f.TopicParent, NameFA: f.TopicFA, NameEN: f.TopicEN}
}

// FolderByID reads the folder of a case that the staff member may see, as ByID
// does, in one statement.
func FolderByID(ctx context.Context, r tenants.Reader, actor tenants.Actor, id ID) (*Folder, error) {
	f := new(Folder)
	q := folders(r, f, actor).ColumnExpr("EXISTS (?) AS noted", audit.Today(r, actor, ActIdentityRead, "complaint", "c.id"))
	return f, tenants.Err(q.Where("c.id = ?", id).Scan(ctx))
}

// Picked reads the folders of chosen cases, as far as the staff member may see
// them, most urgent first, in one statement.
func Picked(ctx context.Context, r tenants.Reader, actor tenants.Actor, ids []ID) ([]Folder, error) {
	var list []Folder
	if len(ids) == 0 {
		return nil, nil
	}
	err := folders(r, &list, actor).Where("c.id IN (?)", tenants.In(ids)).Order("c.due_at", "c.id").Scan(ctx)
	return list, tenants.Err(err)
}

// folders is the query of cases with the names on their covers.
func folders(r tenants.Reader, model any, actor tenants.Actor) *tenants.Query {
	q := r.Select(model).ColumnExpr("c.*").
		ColumnExpr("topic.name_fa AS topic_fa, topic.name_en AS topic_en, topic.unit_id AS topic_unit_id, topic.parent_id AS topic_parent_id").
		ColumnExpr("unit.name_fa AS unit_fa, unit.name_en AS unit_en").
		ColumnExpr("coalesce(staff.name_fa, '') AS holder_fa, coalesce(staff.name_en, '') AS holder_en").
		ColumnExpr(tenants.SubjectColumn("citizen", "name")+" AS citizen_name, "+tenants.SubjectColumn("citizen", "mobile_sealed")+" AS citizen_mobile").
		ColumnExpr(tenants.SubjectColumn("citizen", "national_id_sealed")+" AS citizen_national_id").
		ColumnExpr("coalesce(citizen.national_id, '') <> '' AND EXISTS (SELECT 1 FROM ? WHERE twin.national_id = citizen.national_id AND twin.id <> citizen.id) AS citizen_elsewhere", r.From((*twin)(nil))).
		ColumnExpr("EXISTS (?) AS unmasked", unmasked(r, actor)).
		Join("JOIN ? ON topic.id = c.topic_id", r.From((*tenants.Topic)(nil))).
		Join("JOIN ? ON unit.id = c.unit_id", r.From((*tenants.Unit)(nil))).
		Join("LEFT JOIN ? ON citizen.id = c.citizen_id AND (NOT c.confidential OR EXISTS (?))", r.From((*citizens.Citizen)(nil)), revealed(r, actor)).
		Join("LEFT JOIN ? ON staff.id = c.holder_id", r.From((*staff.Staff)(nil)))
	return visible(r, q, actor)
}
