package main

import (
	"context"
	"os"

	"pasokh/app/vault"
	"pasokh/tenants"
)

// openRoot opens the database beside the program that is measured, with its
// keys: PASOKH_KEY_FILE names them to both.
func openRoot(ctx context.Context, database string) (*tenants.Root, error) {
	root, err := tenants.Open(ctx, database, "", tenants.SystemClock)
	if err != nil {
		return nil, err
	}
	path := os.Getenv("PASOKH_KEY_FILE")
	if path == "" {
		return root, nil // reads what is not sealed
	}
	keys, err := vault.Load(path)
	root.UseKeys(keys)
	return root, err
}
