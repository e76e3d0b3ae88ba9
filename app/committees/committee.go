// Package committees holds the bodies that meet every week over the cases and
// directives that do not move: their members, sittings, agendas, minutes and
// decisions. A decision is a directive; which cases belong on an agenda is
// asked of their own room by who shows them.
package committees

import (
	"context"
	"slices"
	"unicode/utf8"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/staff"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
)

// Role is what a member does in a committee.
type Role string

// The roles, in the order they are listed.
const (
	Chair     Role = "chair"
	Secretary Role = "secretary"
	Ordinary  Role = "member"
)

// Roles lists the roles.
func Roles() []Role { return []Role{Chair, Secretary, Ordinary} }

// Committee is a body with its weekly hour.
type Committee struct {
	tenants.BaseModel `bun:"table:committees,alias:committee"`
	tenants.Owned
	ID          int64  `bun:",pk"`
	NameFA      string `bun:"name_fa"`
	NameEN      string `bun:"name_en"`
	Place       string
	Weekday     int // from Saturday = 0
	FromMinute  int // of the day in Tehran
	MinutesLong int
	ExecutiveID int64 // in whose name it decides
	Active      bool
}

// Member is one member of the staff in one committee.
type Member struct {
	tenants.BaseModel `bun:"table:committee_members,alias:member"`
	tenants.Owned
	CommitteeID int64 `bun:",pk"`
	StaffID     int64 `bun:",pk"`
	Role        Role
}

// Limits of texts, in characters.
const (
	maxName    = 200
	MaxText    = 1000  // title, reason
	MaxMinutes = 20000 // minutes
)

// ByID reads one committee.
func ByID(ctx context.Context, r tenants.Reader, id int64) (*Committee, error) {
	c := new(Committee)
	return c, tenants.Err(r.Select(c).Where("committee.id = ?", id).Scan(ctx))
}

// List lists the committees that are shown to the actor: those of the own
// membership, or all.
func List(ctx context.Context, r tenants.Reader, v Viewer) ([]Committee, error) {
	var list []Committee
	q := r.Select(&list).Order("committee.active DESC", "committee.name_fa", "committee.id")
	if !v.All {
		q.Where("committee.id IN (?)", r.Select((*Member)(nil)).Column("committee_id").Where("member.staff_id = ?", v.StaffID))
	}
	return list, tenants.Err(q.Scan(ctx))
}

// Viewer is who asks: a member sees the own committees, who may read all sees
// all.
type Viewer struct {
	StaffID int64
	All     bool
}

// Sees is NotFound unless the committee is shown to the viewer.
func Sees(ctx context.Context, r tenants.Reader, v Viewer, id int64) error {
	if v.All {
		return nil
	}
	member, err := r.Select((*Member)(nil)).Where("member.committee_id = ? AND member.staff_id = ?", id, v.StaffID).Exists(ctx)
	if err == nil && !member {
		return fault.New(fault.NotFound, "error.not_found")
	}
	return tenants.Err(err)
}

// MembersOf lists the members of a committee: chair, secretaries, the others.
func MembersOf(ctx context.Context, r tenants.Reader, id int64) ([]Member, error) {
	var list []Member
	err := r.Select(&list).Where("member.committee_id = ?", id).
		OrderExpr("CASE member.role WHEN 'chair' THEN 0 WHEN 'secretary' THEN 1 ELSE 2 END, member.staff_id").Scan(ctx)
	return list, tenants.Err(err)
}

// Save writes a committee, new when its ID is 0, with all its members. Field
// errors: name_fa, place, weekday, from, long, executive, members. Sittings that
// nobody was invited to yet move with the weekly hour.
func Save(ctx context.Context, tx *tenants.Tx, c *Committee, members []Member) error {
	if err := c.check(ctx, tx, members); err != nil {
		return err
	}
	act := "committee:change"
	if c.ID == 0 {
		act, c.ID = "committee:create", tenants.NewID()
		fresh, err := tx.InsertNew(ctx, c)
		if err != nil {
			return err
		}
		if !fresh {
			c.ID = 0
			return fault.Field("name_fa", "committee.error.name_taken")
		}
	} else {
		if err := tx.Lock(ctx, new(Committee), "committee.id = ?", c.ID); err != nil {
			return err
		}
		if err := tx.Update(ctx, c, "name_fa", "name_en", "place", "weekday", "from_minute", "minutes_long", "executive_id", "active"); err != nil {
			return err
		}
	}
	if err := writeMembers(ctx, tx, c.ID, members); err != nil {
		return err
	}
	if err := replan(ctx, tx, c); err != nil {
		return err
	}
	return audit.Record(ctx, tx, act, "committee", c.ID, "")
}

func (c *Committee) check(ctx context.Context, tx *tenants.Tx, members []Member) error {
	bad := fault.Fields{}
	c.NameFA, c.NameEN, c.Place = persian.CleanLine(c.NameFA), persian.CleanLine(c.NameEN), persian.CleanLine(c.Place)
	for field, text := range map[string]string{"name_fa": c.NameFA, "place": c.Place} {
		if n := utf8.RuneCountInString(text); n == 0 || n > maxName {
			bad.Add(field, "committee.error."+field)
		}
	}
	if utf8.RuneCountInString(c.NameEN) > maxName {
		bad.Add("name_en", "committee.error.name_fa")
	}
	if c.Weekday < 0 || c.Weekday > 6 {
		bad.Add("weekday", "committee.error.weekday")
	}
	if c.FromMinute < 0 || c.FromMinute > 1439 {
		bad.Add("from", "committee.error.from")
	}
	if c.MinutesLong < 15 || c.MinutesLong > 600 {
		bad.Add("long", "committee.error.long")
	}
	if e, err := directives.ExecutiveByID(ctx, tx, c.ExecutiveID); fault.Is(err, fault.NotFound) || err == nil && !e.Active {
		bad.Add("executive", "committee.error.executive")
	} else if err != nil {
		return err
	}
	if err := checkMembers(ctx, tx, members, bad); err != nil {
		return err
	}
	same, err := tx.Select((*Committee)(nil)).Where("committee.name_fa = ? AND committee.id <> ?", c.NameFA, c.ID).Exists(ctx)
	if same {
		bad.Add("name_fa", "committee.error.name_taken")
	}
	if err != nil {
		return tenants.Err(err)
	}
	return bad.Err()
}

// checkMembers wants one chair, a secretary, known accounts, each once.
func checkMembers(ctx context.Context, tx *tenants.Tx, members []Member, bad fault.Fields) error {
	ids, count := []int64{}, map[Role]int{}
	for _, m := range members {
		count[m.Role]++
		if !slices.Contains(Roles(), m.Role) || slices.Contains(ids, m.StaffID) {
			bad.Add("members", "committee.error.members")
		}
		ids = append(ids, m.StaffID)
	}
	known, err := staff.Colleagues(ctx, tx, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if who, ok := known[id]; !ok || who.DisabledAt != nil {
			bad.Add("members", "committee.error.members")
		}
	}
	if count[Chair] != 1 || count[Secretary] == 0 {
		bad.Add("members", "committee.error.roles")
	}
	return nil
}

func writeMembers(ctx context.Context, tx *tenants.Tx, id int64, members []Member) error {
	if _, err := tx.Delete(ctx, (*Member)(nil), "committee_id = ?", id); err != nil {
		return err
	}
	rows := slices.Clone(members)
	for i := range rows {
		rows[i].CommitteeID = id
	}
	return tx.Insert(ctx, &rows)
}

// Setting implements tenants.Setting.
func (c *Committee) Setting() tenants.SettingRow {
	return tenants.SettingRow{Area: tenants.AreaCommittees, NameFA: c.NameFA, NameEN: c.NameEN}
}

// Setting implements tenants.Setting.
func (m *Member) Setting() tenants.SettingRow {
	return tenants.SettingRow{Area: tenants.AreaCommittees}
}
