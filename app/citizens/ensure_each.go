package citizens

import (
	"cmp"
	"context"
	"slices"

	"pasokh/app/fault"
	"pasokh/tenants"
)

// together is how many citizens one statement reads or writes.
const together = 400

// key is what makes a citizen one.
type key struct{ mobile, nationalID string }

// EnsureEach is Ensure for many, none of them verified: the identities as Check
// gave them. The citizens come in the order of the list; of several names given
// to one person the last stands.
func EnsureEach(ctx context.Context, tx *tenants.Tx, list []Identity) ([]*Citizen, error) {
	wanted := map[key]Identity{}
	for _, in := range list {
		k := key{in.Mobile, in.NationalID}
		if in.Name == "" {
			in.Name = wanted[k].Name
		}
		wanted[k] = in
	}
	keys := make([]key, 0, len(wanted))
	for k := range wanted {
		keys = append(keys, k)
	}
	// Two that write the same people take them in the same order.
	slices.SortFunc(keys, func(a, b key) int {
		return cmp.Or(cmp.Compare(a.mobile, b.mobile), cmp.Compare(a.nationalID, b.nationalID))
	})
	known := map[key]*Citizen{}
	for part := range slices.Chunk(keys, together) {
		if err := ensureSome(ctx, tx, part, wanted, known); err != nil {
			return nil, fault.Wrap(err, "citizens.EnsureEach")
		}
	}
	found := make([]*Citizen, len(list))
	for i, in := range list {
		found[i] = known[key{in.Mobile, in.NationalID}]
	}
	return found, nil
}

// ensureSome writes those who are new, reads all, and puts names right.
func ensureSome(ctx context.Context, tx *tenants.Tx, keys []key, wanted map[key]Identity, known map[key]*Citizen) error {
	rows, mobiles := make([]Citizen, len(keys)), make([]string, len(keys))
	for i, k := range keys {
		mobiles[i] = tx.Blind("mobile", k.mobile)
		rows[i] = Citizen{ID: tenants.NewID(), Mobile: k.mobile, NationalID: k.nationalID, Name: wanted[k].Name, CreatedAt: tx.Now()}
	}
	if err := tx.InsertMissing(ctx, &rows); err != nil {
		return err
	}
	var all []Citizen
	if err := tx.LockAll(ctx, &all, "citizen.mobile IN (?)", tenants.In(mobiles)); err != nil {
		return err
	}
	for i := range all {
		c := &all[i]
		in, ours := wanted[key{c.Mobile, c.NationalID}]
		if !ours {
			continue
		}
		known[key{c.Mobile, c.NationalID}] = c
		if err := c.refresh(ctx, tx, in); err != nil {
			return err
		}
	}
	return nil
}
