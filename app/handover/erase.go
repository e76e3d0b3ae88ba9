package handover

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"

	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/tenants"
)

// eraseBatch is how many rows one transaction deletes.
const eraseBatch = 1000

// ErrLeft says that an organization could not be emptied.
var ErrLeft = errors.New("handover: rows are left of an organization that was deleted")

// Erase deletes everything of an organization that is deleted, the keys first,
// batch by batch, until no table has a row and the store no file, and completes
// its certificate. It may be stopped and begun again.
func Erase(ctx context.Context, root *tenants.Root, store *files.Store, organization int64) (*tenants.Removal, error) {
	m, err := root.UnscopedRemoval(ctx, organization)
	if err != nil || m.FinishedAt != nil {
		return m, err
	}
	note := func(table string, n int64) error {
		m.Counts[table] += n
		m.TotalRows += n
		return root.UnscopedSaveRemoval(ctx, m)
	}
	if m.Counts == nil {
		m.Counts = map[string]int64{}
	}
	if _, err := empty(ctx, root, organization, note); err != nil {
		return nil, fault.Wrap(err, "handover.Erase")
	}
	if store != nil {
		n, bytes, err := store.WeighWhole(organization)
		if err != nil {
			return nil, err
		}
		m.Files, m.Bytes = m.Files+n, m.Bytes+bytes
		if err := root.UnscopedSaveRemoval(ctx, m); err != nil {
			return nil, err
		}
		if err := store.RemoveWhole(organization); err != nil {
			return nil, err
		}
	}
	if err := root.UnscopedBare(ctx, organization); err != nil {
		return nil, fault.Wrap(err, "handover.Erase")
	}
	now := root.Clock()()
	m.FinishedAt = &now
	if m.Seal, err = SealOf(m); err != nil {
		return nil, err
	}
	return m, fault.Wrap(root.UnscopedSaveRemoval(ctx, m), "handover.Erase")
}

// empty deletes the rows of all tables of a deleted organization, and looks
// again: what came in meanwhile goes too.
func empty(ctx context.Context, root *tenants.Root, organization int64, note func(table string, n int64) error) (total int64, err error) {
	tables, err := tenants.UnscopedWholeTables(ctx, root)
	if err != nil {
		return 0, err
	}
	order := tenants.EraseOrder(tables)
	for range 3 {
		var round int64
		for i := range order {
			n, err := emptyTable(ctx, root, organization, &order[i], note)
			round += n
			if err != nil {
				return total, err
			}
		}
		total += round
		if round == 0 {
			break
		}
	}
	for i := range order {
		left, err := root.UnscopedLeft(ctx, organization, &order[i])
		if err != nil {
			return total, err
		}
		if left > 0 {
			return total, errors.Join(ErrLeft, errors.New(order[i].Name))
		}
	}
	return total, nil
}

func emptyTable(ctx context.Context, root *tenants.Root, organization int64, t *tenants.WholeTable, note func(table string, n int64) error) (total int64, err error) {
	for {
		n, err := root.UnscopedErase(ctx, organization, t, eraseBatch)
		if err != nil || n == 0 {
			return total, err
		}
		total += n
		if note == nil {
			continue
		}
		if err := note(t.Name, n); err != nil {
			return total, err
		}
	}
}

// SealOf is the SHA-256 of everything that a certificate says.
func SealOf(m *tenants.Removal) (string, error) {
	told := *m
	told.Seal = ""
	raw, err := json.Marshal(told)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:]), nil
}
