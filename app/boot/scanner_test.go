package boot_test

import (
	"bytes"
	"strings"
	"testing"

	"pasokh/app/apptest"
	"pasokh/app/boot"
)

func TestDoctorAsksTheScanner(t *testing.T) {
	clean(t)
	t.Setenv("PASOKH_DATA", t.TempDir())
	socket, stop := apptest.Clamd(t)
	t.Setenv("PASOKH_CLAMD", socket)
	var out bytes.Buffer
	if err := boot.Run(t.Context(), boot.Order{Command: "doctor"}, &out); err != nil || !strings.Contains(out.String(), "ok    ClamAV") {
		t.Fatalf("%v\n%s", err, out.String())
	}
	stop()
	out.Reset()
	if err := boot.Run(t.Context(), boot.Order{Command: "doctor"}, &out); err == nil || !strings.Contains(out.String(), "files are refused") {
		t.Fatalf("%v\n%s", err, out.String())
	}
	t.Setenv("PASOKH_CLAMD", "8.8.8.8:3310")
	t.Setenv("PASOKH_CLAMD_AWAY", "perhaps")
	if _, err := boot.LoadConfig(); err == nil || !strings.Contains(err.Error(), "PASOKH_CLAMD must") || !strings.Contains(err.Error(), "PASOKH_CLAMD_AWAY must") {
		t.Fatal(err)
	}
}
