package staff

import (
	"context"
	"strings"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

var likeEscapes = strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`)

// Matching lists active accounts whose user name, or a word of whose name,
// begins with what was typed, by user name, with their roles; at most limit of
// them, and none for nothing. Two statements.
func Matching(ctx context.Context, r tenants.Reader, typed string, limit int) ([]Member, error) {
	begins := likeEscapes.Replace(strings.ToLower(persian.CleanLine(typed))) + "%"
	if begins == "%" {
		return nil, nil
	}
	word := "% " + begins
	var list []Staff
	err := query(r, &list).Where("staff.disabled_at IS NULL").
		Where("(staff.user_name LIKE ? ESCAPE '\\' OR ' ' || staff.name_fa LIKE ? ESCAPE '\\' OR ' ' || lower(staff.name_en) LIKE ? ESCAPE '\\')", likeEscapes.Replace(UserName(typed))+"%", word, word).
		Order("staff.user_name").Limit(int64(limit)).Scan(ctx)
	if err != nil || len(list) == 0 {
		return nil, fault.Wrap(tenants.Err(err), "staff.Matching")
	}
	return members(ctx, r, list)
}

// Actor is the member as an actor, without what the policy adds.
func (m *Member) Actor() tenants.Actor {
	a := tenants.Actor{Kind: tenants.Staff, ID: m.ID, Name: m.NameFA, Roles: m.Roles}
	if m.UnitID != nil {
		a.UnitID = *m.UnitID
	}
	return a
}
