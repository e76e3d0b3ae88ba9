package apptest

import (
	"bytes"

	"pasokh/app/carriers"
	"pasokh/app/notify"
	"pasokh/app/vault"
)

// Gateways opens gateways with a key of the tests; nothing listens where they
// send to.
func Gateways() *notify.Opener {
	keys, err := vault.New(1, map[byte][]byte{1: bytes.Repeat([]byte{7}, vault.KeySize)})
	if err != nil {
		panic(err)
	}
	return &notify.Opener{Keys: keys, Options: carriers.Options{Fakes: "http://127.0.0.1:1", Loopback: true}}
}
