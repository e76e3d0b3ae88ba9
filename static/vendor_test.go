package static

import (
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// TestVendoredFilesAreThoseOfTheManifest holds the committed copies to what
// vendor.mjs took out of the packages.
func TestVendoredFilesAreThoseOfTheManifest(t *testing.T) {
	data, err := os.ReadFile("vendor/manifest.json")
	if err != nil {
		t.Fatal(err)
	}
	var manifest []struct {
		File, Package, Version, Licence, Sha384 string
		Size                                    int
	}
	if err := json.Unmarshal(data, &manifest); err != nil || len(manifest) == 0 {
		t.Fatalf("%d files, %v", len(manifest), err)
	}
	for _, m := range manifest {
		file, err := os.ReadFile(m.File)
		if err != nil {
			t.Error(err)
			continue
		}
		sum := sha512.Sum384(file)
		if got := base64.StdEncoding.EncodeToString(sum[:]); got != m.Sha384 || len(file) != m.Size {
			t.Errorf("%s is not the file of %s %s: run vendor/vendor.mjs", m.File, m.Package, m.Version)
		}
		if m.Version == "" || m.Licence == "" {
			t.Errorf("%s has no version or licence", m.File)
		}
	}
	lock, err := os.ReadFile("vendor/package-lock.json")
	if err != nil || strings.Contains(string(lock), `"resolved"`) {
		t.Errorf("package-lock.json names a registry (%v)", err)
	}
}
