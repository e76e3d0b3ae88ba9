package roles

import (
	"context"
	"fmt"
	"slices"

	"pasokh/app/fault"
	"pasokh/policies"
	"pasokh/tenants"
)

// commandReason stands as the reason of what was changed from the command line.
const commandReason = "pasokh tenant policy"

// Decide changes one decision from the command line: allow, deny, or default, as
// the built-in role has it. Deciding what is decided already does nothing.
func Decide(ctx context.Context, tx *tenants.Tx, book *policies.Book, role, permission, effect string) error {
	now, err := lock(ctx, tx, book)
	if err != nil {
		return err
	}
	if !slices.Contains(now.Roles(), role) || OfPlatform(role) {
		return fault.Wrap(fmt.Errorf("there is no role %q", role), "roles.Decide")
	}
	d := Current(book, now, role)
	d.Reason = commandReason
	allow := effect == "allow"
	if effect == "default" {
		allow = book.BuiltIn().Can([]string{role}, permission)
	}
	if permission == ScopePermission {
		d.Scope = policies.ScopeUnit
		if allow {
			d.Scope = policies.ScopeTenant
		}
	} else {
		d.Allow[permission] = allow
	}
	if after := (Draft{Allow: d.Allow, Scope: d.Scope}); after.mark() == d.Seen {
		return nil
	}
	_, err = Save(ctx, tx, book, d)
	return err
}
