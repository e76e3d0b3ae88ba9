package citizens

import (
	"context"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// elsewhereLimit is how many are named at most.
const elsewhereLimit = 5

// Elsewhere lists the citizens known with the same national ID under another
// mobile number, or under the same with another name: a hint to staff that
// somebody may have mistyped, or speaks for another. None without a national ID.
func Elsewhere(ctx context.Context, r tenants.Reader, in Identity) ([]Citizen, error) {
	nationalID, ok := persian.NationalID(in.NationalID)
	if !ok {
		return nil, nil
	}
	mobile, _ := persian.Mobile(in.Mobile)
	var known, other []Citizen
	err := r.Select(&known).Where("citizen.national_id = ?", r.Blind("national_id", nationalID)).Order("citizen.id DESC").Limit(elsewhereLimit + 1).Scan(ctx)
	if err != nil {
		return nil, fault.Wrap(tenants.Err(err), "citizens.Elsewhere")
	}
	for _, c := range known {
		anotherName := in.Name != "" && c.Name != "" && persian.SearchKey(c.Name) != persian.SearchKey(in.Name)
		if anotherName || mobile != "" && c.Mobile != mobile {
			other = append(other, c)
		}
	}
	return other, nil
}
