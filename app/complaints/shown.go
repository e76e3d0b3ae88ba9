package complaints

import (
	"context"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// CodesOf gives the codes of those of the cases that the actor may see.
func CodesOf(ctx context.Context, r tenants.Reader, actor tenants.Actor, ids []ID) (map[ID]string, error) {
	codes := make(map[ID]string, len(ids))
	if len(ids) == 0 {
		return codes, nil
	}
	var list []Complaint
	err := visible(r, r.Select(&list), actor).Column("id", "code").Where("c.id IN (?)", tenants.In(ids)).Scan(ctx)
	for i := range list {
		codes[list[i].ID] = list[i].Code
	}
	return codes, fault.Wrap(tenants.Err(err), "complaints.CodesOf")
}

// IDByCode finds a case by what somebody typed as its code, whoever may see it; 0
// when there is none.
func IDByCode(ctx context.Context, r tenants.Reader, typed string) (ID, error) {
	code, ok := persian.ParseCode(typed)
	if !ok {
		return 0, nil
	}
	c := new(Complaint)
	err := tenants.Err(r.Select(c).Column("id").Where("c.code = ?", code).Scan(ctx))
	if fault.Is(err, fault.NotFound) {
		return 0, nil
	}
	return c.ID, fault.Wrap(err, "complaints.IDByCode")
}

// Concealed tells which of the citizens stand behind a confidential case and were
// not shown to the actor a short while ago: no list names them.
func Concealed(ctx context.Context, r tenants.Reader, actor tenants.Actor, citizens []int64) (map[int64]bool, error) {
	hidden := map[int64]bool{}
	if len(citizens) == 0 {
		return hidden, nil
	}
	var list []Complaint
	err := r.Select(&list).Column("id", "citizen_id").
		Where("c.citizen_id IN (?) AND c.confidential AND NOT EXISTS (?)", tenants.In(citizens), revealed(r, actor)).Scan(ctx)
	for i := range list {
		hidden[*list[i].CitizenID] = true
	}
	return hidden, fault.Wrap(tenants.Err(err), "complaints.Concealed")
}
