package complaints

import (
	"context"

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
	UnitFA      string `bun:"unit_fa,scanonly"`
	UnitEN      string `bun:"unit_en,scanonly"`
	HolderFA    string `bun:"holder_fa,scanonly"`
	HolderEN    string `bun:"holder_en,scanonly"`
	Name        string `bun:"citizen_name,scanonly"`
	Mobile      string `bun:"citizen_mobile,scanonly"` // E.164
	NationalID  string `bun:"citizen_national_id,scanonly"`
}

// FolderByID reads the folder of a case that the staff member may see, as ByID
// does, in one statement.
func FolderByID(ctx context.Context, r tenants.Reader, actor tenants.Actor, id ID) (*Folder, error) {
	f := new(Folder)
	q := r.Select(f).ColumnExpr("c.*").Where("c.id = ?", id).
		ColumnExpr("topic.name_fa AS topic_fa, topic.name_en AS topic_en, topic.unit_id AS topic_unit_id").
		ColumnExpr("unit.name_fa AS unit_fa, unit.name_en AS unit_en").
		ColumnExpr("coalesce(staff.name_fa, '') AS holder_fa, coalesce(staff.name_en, '') AS holder_en").
		ColumnExpr("coalesce(citizen.name, '') AS citizen_name, coalesce(citizen.mobile, '') AS citizen_mobile").
		ColumnExpr("coalesce(citizen.national_id, '') AS citizen_national_id").
		Join("JOIN ? ON topic.id = c.topic_id", r.From((*tenants.Topic)(nil))).
		Join("JOIN ? ON unit.id = c.unit_id", r.From((*tenants.Unit)(nil))).
		Join("LEFT JOIN ? ON citizen.id = c.citizen_id", r.From((*citizens.Citizen)(nil))).
		Join("LEFT JOIN ? ON staff.id = c.holder_id", r.From((*staff.Staff)(nil)))
	return f, tenants.Err(visible(r, q, actor).Scan(ctx))
}
