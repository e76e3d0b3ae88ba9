package boot_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pasokh/app/vault"
)

// A key that is missing, short or everybody's is never served with.
func TestABadKeyFileIsRefused(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string, mode os.FileMode) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil { // whatever the mask says
			t.Fatal(err)
		}
		return path
	}
	good := strings.Repeat("07", vault.KeySize)
	open := write("open", good, 0o644)
	if exposed, err := vault.Exposed(open); err != nil || !exposed {
		t.Fatal(exposed, err)
	}
	for name, path := range map[string]string{
		"not 32 bytes": write("short", good[2:], 0o600), "no such file": filepath.Join(dir, "missing"), "there is no key": write("empty", "# nothing\n", 0o600),
	} {
		if _, err := vault.Load(path); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := vault.Load(write("good", good, 0o600)); err != nil {
		t.Error(err)
	}
}
