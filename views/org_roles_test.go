package views_test

import (
	"strings"
	"testing"

	"pasokh/policies"
	"pasokh/views/messages"
)

// Every permission and every role has a name and a sentence in both languages.
func TestEveryPermissionIsExplained(t *testing.T) {
	b, err := policies.Load()
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, p := range b.Permissions() {
		key := "permission." + strings.ReplaceAll(p, ":", ".")
		keys = append(keys, key, key+".about")
	}
	for _, role := range b.Roles() {
		keys = append(keys, "role."+role)
		if !strings.HasPrefix(role, "platform") && role != "break_glass" {
			keys = append(keys, "role."+role+".about")
		}
	}
	for _, key := range keys {
		for _, lang := range messages.Langs {
			if !messages.Has(lang, key) {
				t.Errorf("%s is missing in %s", key, lang)
			}
		}
	}
}
