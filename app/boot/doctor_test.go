package boot_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pasokh/app/boot"
)

func TestDoctorSaysWhatIsWrong(t *testing.T) {
	clean(t)
	dir := t.TempDir()
	t.Setenv("PASOKH_DATA", filepath.Join(dir, "none"))
	var out bytes.Buffer
	if err := boot.Run(t.Context(), boot.Order{Command: "doctor"}, &out); err != nil || !strings.Contains(out.String(), "none yet") {
		t.Fatalf("%v\n%s", err, out.String())
	}
	if _, err := os.Stat(filepath.Join(dir, "none")); err == nil {
		t.Fatal("the doctor has made something")
	}
	t.Setenv("PASOKH_REDIS_URL", "redis://127.0.0.1:1/0")
	t.Setenv("PASOKH_TYPO", "1")
	out.Reset()
	err := boot.Run(t.Context(), boot.Order{Command: "doctor"}, &out)
	if err == nil || !strings.Contains(out.String(), "BAD   redis does not answer") || !strings.Contains(out.String(), "PASOKH_TYPO") {
		t.Fatalf("%v\n%s", err, out.String())
	}
	t.Setenv("PASOKH_ENV", "nonsense")
	if err := boot.Run(t.Context(), boot.Order{Command: "doctor"}, io.Discard); err == nil {
		t.Fatal("a configuration that makes no sense is fine")
	}
}

func TestDoctorFindsAWorkingInstallation(t *testing.T) {
	a := opened(t, configured(t))
	if err := a.LoadDemo(t.Context(), io.Discard); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := boot.Run(t.Context(), boot.Order{Command: "doctor"}, &out); err != nil || !strings.Contains(out.String(), "schema up to date, 6 organizations") {
		t.Fatalf("%v\n%s", err, out.String())
	}
}
