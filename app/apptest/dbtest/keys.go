package dbtest

import (
	"bytes"

	"pasokh/app/vault"
)

// Keys are the keys outside the database that all tests share.
func Keys() *vault.Keys {
	keys, err := vault.New(1, map[byte][]byte{1: bytes.Repeat([]byte{7}, vault.KeySize)})
	if err != nil {
		panic(err) // a constant
	}
	return keys
}
