package quality

import (
	"context"
	"slices"
	"strings"

	"pasokh/app/staff"
	"pasokh/tenants"
)

// The permissions by which somebody watches: who reads the warnings can be told
// of them, and who takes disputed cases over is, until the organization chooses.
const (
	reads     = "warning:read"
	takesOver = "complaint:take_over"
)

// WatchRoles lists the roles of which those who watch can be, the organization's
// own among them.
func WatchRoles(ctx context.Context, r tenants.Reader) ([]string, error) {
	rights, err := staff.RightsTo(ctx, r, reads)
	return rights[reads], err
}

// ToldRoles lists those of them that are told of warnings.
func ToldRoles(ctx context.Context, r tenants.Reader) ([]string, error) {
	rights, err := staff.RightsTo(ctx, r, reads, takesOver)
	if err != nil {
		return nil, err
	}
	told := r.Tenant().Settings.Warnings.Roles
	if told == nil {
		told = rights[takesOver]
	}
	return slices.DeleteFunc(rights[reads], func(role string) bool { return !slices.Contains(told, role) }), nil
}

// Watchers lists who is told of warnings: the roles and persons of the settings.
func Watchers(ctx context.Context, r tenants.Reader) ([]staff.Staff, error) {
	able, err := Watchable(ctx, r)
	if err != nil {
		return nil, err
	}
	told, err := ToldRoles(ctx, r)
	if err != nil {
		return nil, err
	}
	people := r.Tenant().Settings.Warnings.People
	var list []staff.Staff
	seen := map[int64]bool{}
	for role, holders := range able {
		for _, s := range holders {
			if !seen[s.ID] && (slices.Contains(told, role) || slices.Contains(people, s.ID)) {
				seen[s.ID], list = true, append(list, s)
			}
		}
	}
	slices.SortFunc(list, func(a, b staff.Staff) int { return strings.Compare(a.UserName, b.UserName) })
	return list, nil
}

// Watchable lists who can be told, by role.
func Watchable(ctx context.Context, r tenants.Reader) (map[string][]staff.Staff, error) {
	roles, err := WatchRoles(ctx, r)
	able := map[string][]staff.Staff{}
	for _, role := range roles {
		if able[role], err = staff.WithRole(ctx, r, role, nil); err != nil {
			return nil, err
		}
	}
	return able, err
}
