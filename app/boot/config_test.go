package boot_test

import (
	"bytes"
	"os"
	"reflect"
	"strings"
	"testing"

	"pasokh/app/boot"
)

// clean takes every setting out of the environment, for this test only.
func clean(t testing.TB) {
	t.Helper()
	for _, pair := range os.Environ() {
		name, value, _ := strings.Cut(pair, "=")
		if strings.HasPrefix(name, "PASOKH_") && !strings.HasPrefix(name, "PASOKH_TEST_") {
			t.Setenv(name, value) // puts it back at the end
			if err := os.Unsetenv(name); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestDefaultsNeedNothing(t *testing.T) {
	clean(t)
	c, err := boot.LoadConfig()
	if err != nil {
		t.Fatal(err)
	}
	if c.Addr != ":8080" || c.Data != "./data" || c.BaseURL != "http://localhost:8080" || c.Demo || c.Production() {
		t.Fatalf("%+v", c)
	}
}

func TestLinksFollowDomainAndPort(t *testing.T) {
	clean(t)
	t.Setenv("PASOKH_ADDR", "127.0.0.1:80")
	t.Setenv("PASOKH_BASE_DOMAIN", "pasokh.example")
	if c, err := boot.LoadConfig(); err != nil || c.BaseURL != "http://pasokh.example" {
		t.Fatalf("%q, %v", c.BaseURL, err)
	}
}

func TestEverythingWrongIsSaidAtOnce(t *testing.T) {
	clean(t)
	for name, value := range map[string]string{
		"PASOKH_ADDR": "8080", "PASOKH_ENV": "prod", "PASOKH_LOG": "xml", "PASOKH_LOG_LEVEL": "loud",
		"PASOKH_SENDER": "pigeon", "PASOKH_WORKERS": "0", "PASOKH_BASE_URL": "https://elsewhere.example",
	} {
		t.Setenv(name, value)
	}
	_, err := boot.LoadConfig()
	if err == nil {
		t.Fatal("no error")
	}
	for _, name := range []string{"PASOKH_ADDR", "PASOKH_ENV", "PASOKH_LOG ", "PASOKH_LOG_LEVEL", "PASOKH_SENDER", "PASOKH_WORKERS", "PASOKH_BASE_URL"} {
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not named in: %v", name, err)
		}
	}
}

func TestHelpConfigListsEverySetting(t *testing.T) {
	var out bytes.Buffer
	if err := boot.HelpConfig(&out); err != nil {
		t.Fatal(err)
	}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[boot.Config]()) {
		if !f.IsExported() {
			continue
		}
		name, help := f.Tag.Get("env"), f.Tag.Get("help")
		if name == "" || help == "" || !strings.Contains(out.String(), name) || !strings.Contains(out.String(), help) {
			t.Errorf("%s is not explained", f.Name)
		}
	}
}
