package notify_test

import (
	"slices"
	"strings"
	"testing"

	"pasokh/app/carriers"
	"pasokh/app/notify"
)

// A text that is taken has only fields of its event, and is taken again as it is
// kept.
func FuzzCheck(f *testing.F) {
	for _, seed := range []string{"{code}", "{code}\n{link}", "{{code}}", "{code", "}{", "{}", "\u202e{code}", "{cоde}", "{ code }"} {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, subject, text string) {
		for _, e := range notify.Events() {
			for _, channel := range []string{"sms", carriers.Mail} {
				kept, err := e.Check(channel, notify.Letter{Subject: subject, Text: text})
				if err != nil {
					continue
				}
				for _, part := range strings.Split(kept.Text+kept.Subject, "{")[1:] {
					if name, _, ok := strings.Cut(part, "}"); !ok || !slices.Contains(e.Fields, name) {
						t.Fatalf("%s takes %q", e.ID, kept.Text)
					}
				}
				if again, err := e.Check(channel, kept); err != nil || again != kept {
					t.Fatalf("%s: %+v is not taken again: %+v %v", e.ID, kept, again, err)
				}
			}
		}
	})
}
