package settings

import (
	"context"
	"slices"
	"strconv"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/tenants"
)

// MissingLinks are the well-known systems that the organization does not point
// to yet.
func MissingLinks(ctx context.Context, r tenants.Reader) ([]tenants.ContactSpec, error) {
	list, err := tenants.WellKnownLinks(r.Tenant().Kind)
	if err != nil {
		return nil, err
	}
	have, err := tenants.Contacts(ctx, r)
	return slices.DeleteFunc(list, func(l tenants.ContactSpec) bool {
		return slices.ContainsFunc(have, func(c tenants.Contact) bool { return c.Kind == "link" && tenants.SameSite(c.Number, l.Number) })
	}), err
}

// AddLinks adds them behind the contacts, as many as there is room for, and tells
// how many; they are the organization's own from then on.
func AddLinks(ctx context.Context, tx *tenants.Tx) (int, error) {
	missing, err := MissingLinks(ctx, tx)
	if err != nil {
		return 0, err
	}
	have, err := tenants.Contacts(ctx, tx)
	if err != nil {
		return 0, err
	}
	next := 0
	for i := range have {
		next = max(next, have[i].Position+1)
	}
	missing = missing[:min(len(missing), max(0, maxContacts-len(have)))]
	for i, l := range missing {
		row := &tenants.Contact{ID: tenants.NewID(), Position: next + i, Kind: l.Kind, LabelFA: l.LabelFA, LabelEN: l.LabelEN, Number: l.Number, HoursFA: l.HoursFA, HoursEN: l.HoursEN}
		if err := tx.Insert(ctx, row); err != nil {
			return 0, fault.Wrap(err, "settings.AddLinks")
		}
	}
	if len(missing) == 0 {
		return 0, nil
	}
	return len(missing), audit.Record(ctx, tx, "organization:edit", "settings", tx.Tenant().ID, "links "+strconv.Itoa(len(missing)))
}
