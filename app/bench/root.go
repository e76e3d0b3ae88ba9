package main

import (
	"context"
	"os"

	"pasokh/app/vault"
	"pasokh/tenants"
)

// openRoot opens the database beside the program that is measured, with its
// keys: PASOKH_KEY_FILE names them to both (ownKeys).
func openRoot(ctx context.Context, database string) (*tenants.Root, error) {
	root, err := tenants.Open(ctx, database, "", tenants.SystemClock)
	if err != nil {
		return nil, err
	}
	keys, err := vault.Load(os.Getenv("PASOKH_KEY_FILE"))
	root.UseKeys(keys)
	return root, err
}
