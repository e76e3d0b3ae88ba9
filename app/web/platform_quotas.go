package web

import (
	"pasokh/app/fault"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// organizationQuotas writes what the organization may use; an empty field is no
// limit.
func (w *web) organizationQuotas(r *req) error {
	return w.organizationChange(r, "organization:quotas", func(t *tenants.Tenant, f form) error {
		wrong, read := fault.Fields{}, func(field string) int64 {
			n, ok := f.number(field)
			if f.text(field) != "" && (!ok || n < 0) {
				return -1
			}
			return int64(n)
		}
		q := tenants.Quotas{Cases: read("cases"), Messages: read("messages"), StorageBytes: read("storage") << 30}
		for field, n := range map[string]int64{"cases": q.Cases, "messages": q.Messages, "storage": q.StorageBytes} {
			if n < 0 {
				wrong.Add(field, "quota.error")
			}
		}
		if err := wrong.Err(); err != nil {
			return err
		}
		t.Quotas = q
		return w.Root.UnscopedSaveOrganization(r.ctx, t, "quotas")
	})
}

const (
	usagePath   = "/desk/organization/usage"
	usageMonths = 12
)

// orgUsage shows an organization what it used, and what it may.
func (w *web) orgUsage(r *req) error {
	list, err := tenants.Uses(r.ctx, r.db, usageMonths)
	if err != nil {
		return err
	}
	now := tenants.MonthOf(r.now())
	m := views.Usage{Quotas: r.tenant.Quotas, Now: &tenants.Tally{Month: now}}
	for i := range list {
		p, ok := parsePeriod(list[i].Month)
		if !ok {
			continue
		}
		if list[i].Month == now {
			m.Now = &list[i]
		}
		m.Months = append(m.Months, views.UsageMonth{Name: r.periodName(p), Tally: list[i]})
	}
	return r.page(parts.Desk, r.frame("usage.title"), views.UsagePage(m))
}
