package vault_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"pasokh/app/vault"
)

var here = vault.Place{Tenant: 1, Table: "gateways", Column: "secrets", Row: 7}

func keys(t *testing.T, newest byte, ids ...byte) *vault.Keys {
	t.Helper()
	all := map[byte][]byte{}
	for _, id := range ids {
		all[id] = bytes.Repeat([]byte{id}, vault.KeySize)
	}
	k, err := vault.New(newest, all)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestSealedValueOpensInItsPlaceOnly(t *testing.T) {
	k := keys(t, 1, 1)
	sealed, err := k.Seal([]byte("secret"), here)
	if err != nil || bytes.Contains(sealed, []byte("secret")) {
		t.Fatalf("%x, %v", sealed, err)
	}
	if plain, err := k.Open(sealed, here); err != nil || string(plain) != "secret" {
		t.Fatalf("%q, %v", plain, err)
	}
	for name, at := range map[string]vault.Place{
		"organization": {Tenant: 2, Table: "gateways", Column: "secrets", Row: 7},
		"table":        {Tenant: 1, Table: "citizens", Column: "secrets", Row: 7},
		"column":       {Tenant: 1, Table: "gateways", Column: "other", Row: 7},
		"row":          {Tenant: 1, Table: "gateways", Column: "secrets", Row: 8},
	} {
		if _, err := k.Open(sealed, at); !errors.Is(err, vault.ErrSealed) {
			t.Errorf("opened in another %s: %v", name, err)
		}
	}
	for i := range sealed {
		changed := bytes.Clone(sealed)
		changed[i] ^= 1
		if _, err := k.Open(changed, here); !errors.Is(err, vault.ErrSealed) {
			t.Fatalf("opened with byte %d changed: %v", i, err)
		}
	}
}

func TestOldKeysOpenAndTheNewestSeals(t *testing.T) {
	sealed, err := keys(t, 1, 1).Seal([]byte("secret"), here)
	if err != nil {
		t.Fatal(err)
	}
	turned := keys(t, 2, 1, 2)
	if plain, err := turned.Open(sealed, here); err != nil || string(plain) != "secret" || !turned.Old(sealed) {
		t.Fatalf("%q, %v", plain, err)
	}
	fresh, err := turned.Seal([]byte("secret"), here)
	if err != nil || turned.Old(fresh) {
		t.Fatal("sealed with the old key")
	}
	if _, err := keys(t, 1, 1).Open(fresh, here); !errors.Is(err, vault.ErrSealed) {
		t.Fatal(err)
	}
}

func TestKeyFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys", "key")
	for range 2 { // the second time keeps the key
		if err := vault.Make(path); err != nil {
			t.Fatal(err)
		}
	}
	if exposed, err := vault.Exposed(path); err != nil || exposed {
		t.Fatal(exposed, err)
	}
	if _, err := vault.Load(path); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o644); err != nil { //nolint:gosec // that is the point
		t.Fatal(err)
	}
	if exposed, err := vault.Exposed(path); err != nil || !exposed {
		t.Fatal("a file that everybody reads is not noticed", err)
	}
	long := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{9}, 32))
	for text, good := range map[string]bool{
		"# two\n1:" + long + "\n2:" + long + "\n": true, long: true, "": false, "1:abcd": false,
		"1:" + long + "\n1:" + long: false, "0:" + long: false,
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := vault.Load(path); (err == nil) != good {
			t.Errorf("%q: %v", text, err)
		}
	}
}
