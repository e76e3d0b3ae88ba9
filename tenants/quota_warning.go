package tenants

import (
	"context"
	"slices"
	"strings"

	"pasokh/app/fault"
)

// KindQuotaWarned is the fact that a limit of the organization is near or reached.
const KindQuotaWarned = "quota.warned"

// QuotaWarning is its payload.
type QuotaWarning struct {
	Month   string `json:"month"`
	Limit   string `json:"limit"` // one of QuotaLimits
	Reached bool   `json:"reached,omitempty"`
}

// QuotaLimits names the limits; catalogue: quota.limit.<name>.
func QuotaLimits() []string { return []string{"cases", "messages", "storage"} }

// used gives what was used of a limit in the month, and the limit.
func (t *Tally) used(q Quotas, limit string) (used, most int64) {
	switch limit {
	case "cases":
		return t.Cases, q.Cases
	case "messages":
		return t.Messages, q.Messages
	}
	return t.StorageBytes, q.StorageBytes
}

// WarnOfUse has people told of the limits that the tally shows to be near (80 %)
// or reached: of each step once in a month, in the transaction that notes it.
// What is reached at one bound is told as that alone. Fact: quota.warned.
func (tx *Tx) WarnOfUse(ctx context.Context, t *Tally) error {
	kept := new(Tally)
	if err := tx.Lock(ctx, kept, "tally.month = ?", t.Month); err != nil {
		return fault.Wrap(err, "tenants.WarnOfUse")
	}
	told := strings.FieldsFunc(kept.Warned, func(r rune) bool { return r == ',' })
	before := len(told)
	for _, limit := range QuotaLimits() {
		used, most := t.used(tx.tenant.Quotas, limit)
		near, reached := limit+":80", limit+":100"
		w := QuotaWarning{Month: t.Month, Limit: limit, Reached: Reached(used, most)}
		switch {
		case w.Reached && !slices.Contains(told, reached):
			told = append(told, near, reached)
		case Near(used, most) && !w.Reached && !slices.Contains(told, near):
			told = append(told, near)
		default:
			continue
		}
		if err := tx.Enqueue(ctx, KindQuotaWarned, w); err != nil {
			return err
		}
	}
	if len(told) == before {
		return nil
	}
	slices.Sort(told)
	t.Warned = strings.Join(slices.Compact(told), ",")
	return fault.Wrap(tx.Update(ctx, &Tally{Month: t.Month, Warned: t.Warned}, "warned"), "tenants.WarnOfUse")
}
