package boot

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pasokh/app/complaints"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// Every sector's words fit its template, and have something for every route.
func TestHistoryWords(t *testing.T) {
	for _, kind := range tenants.Sectors() {
		t.Run(string(kind), func(t *testing.T) {
			w, err := readWords(kind)
			if err != nil {
				t.Fatal(err)
			}
			spec, err := tenants.Sector(kind)
			if err != nil {
				t.Fatal(err)
			}
			checkThemes(t, w, spec)
			checkAsides(t, w, spec)
			checkSubjects(t, w, spec)
		})
	}
}

func checkThemes(t *testing.T, w *sectorWords, spec *tenants.Spec) {
	t.Helper()
	texts, ask, interim, partner, closed, photo := 0, 0, 0, 0, 0, 0
	for _, theme := range w.Themes {
		topic := topicSpec(spec, theme.Topic)
		if topic == nil {
			t.Fatalf("no topic %q", theme.Topic)
		}
		if topic.Unit == "" && theme.Unit == "" && len(w.Streets[""]) > 0 {
			t.Errorf("nobody works on %q in a street of no unit", theme.Topic)
		}
		if topic.Urgent && (theme.Ask != "" || theme.Interim != "") {
			t.Errorf("%q is urgent and waits", theme.Topic)
		}
		if len(theme.Kinds) == 0 || len(theme.Answers) == 0 || theme.Reason == "" || theme.Found == "" || theme.Missing == "" || (theme.Ask == "") != (theme.Reply == "") {
			t.Errorf("%q is incomplete: %.40s", theme.Topic, theme.Texts[0])
		}
		for _, kind := range theme.Kinds {
			if !slices.Contains(complaints.Kinds(), kind) {
				t.Errorf("kind %q", kind)
			}
		}
		texts += len(theme.Texts)
		if theme.Photo && theme.Ask != "" {
			photo++
		}
		for text, n := range map[string]*int{theme.Ask: &ask, theme.Interim: &interim, theme.Partner: &partner, theme.Closed: &closed} {
			if text != "" {
				*n++
			}
		}
	}
	if texts < 60 || ask == 0 || interim == 0 || partner == 0 || closed == 0 || photo == 0 {
		t.Errorf("%d texts; ask %d, interim %d, partner %d, closed %d, photo %d", texts, ask, interim, partner, closed, photo)
	}
}

func topicSpec(spec *tenants.Spec, code string) *tenants.TopicSpec {
	at := slices.IndexFunc(spec.Topics, func(t tenants.TopicSpec) bool { return t.Code == code })
	if at < 0 {
		return nil
	}
	return &spec.Topics[at]
}

func checkAsides(t *testing.T, w *sectorWords, spec *tenants.Spec) {
	t.Helper()
	for _, a := range w.Asides {
		topic := topicSpec(spec, a.Topic)
		if topic == nil || topic.Urgent || a.Answer == "" || utf8.RuneCountInString(a.Text) < 10 {
			t.Errorf("aside of %q cannot be settled in triage: %.40s", a.Topic, a.Text)
		}
		if a.Fact != complaints.GuidanceGiven && a.Fact != complaints.OutsideRemit {
			t.Errorf("fact %q", a.Fact)
		}
	}
}

func checkSubjects(t *testing.T, w *sectorWords, spec *tenants.Spec) {
	t.Helper()
	for _, s := range w.Subjects {
		executing := slices.ContainsFunc(spec.Units, func(u tenants.UnitSpec) bool { return u.Code == s.Unit && u.Kind == tenants.UnitExecutive })
		if s.Directive != "" && !executing && (s.Unit != "" || len(w.Streets[""]) > 0) {
			t.Errorf("nobody carries out %q", s.Subject)
		}
		if s.Subject == "" || s.Text == "" || s.Minutes == "" || (s.Directive == "") != (s.Report == "") {
			t.Errorf("subject %q is incomplete", s.Subject)
		}
	}
}

var (
	wrongLetters = regexp.MustCompile(`[يكىة]`)
	wideSpace    = regexp.MustCompile(`(^|[\s«])ن?می [آ-ی]|[آ-ی] (ها|های|هایی|هایم|تر|ترین)([\s.،؛:»]|$)`)
	looseHalf    = regexp.MustCompile("(^|[\\s\u200c])\u200c|\u200c([\\s.،؛»]|$)")
	blanks       = regexp.MustCompile(`\{[a-z]+\}`)
	quoted       = regexp.MustCompile(`"[^"]*"`)
	punctuation  = regexp.MustCompile(`\s[.،؛:؟]|[،؛؟][^\s»)]|[,;?]`)
)

// The texts are spelled as carefully as the catalogue.
func TestHistoryWordsAreSpelledRight(t *testing.T) {
	entries, err := historyTexts.ReadDir("history")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		raw, err := historyTexts.ReadFile("history/" + e.Name())
		if err != nil {
			t.Fatal(err)
		}
		for n, line := range strings.Split(string(raw), "\n") {
			for _, found := range blanks.FindAllString(line, -1) {
				if !slices.Contains([]string{"{street}", "{station}", "{line}", "{span}"}, found) {
					t.Errorf("%s:%d: %s stays as it is", e.Name(), n+1, found)
				}
			}
			text := strings.TrimSpace(line)
			if wrongLetters.MatchString(text) || wideSpace.MatchString(text) || looseHalf.MatchString(text) || persian.Clean(text) != text {
				t.Errorf("%s:%d: %s", e.Name(), n+1, text)
			}
			for _, said := range quoted.FindAllString(line, -1) {
				if found := punctuation.FindString(strings.Trim(said, `"`)); found != "" {
					t.Errorf("%s:%d: %q in %s", e.Name(), n+1, found, said)
				}
			}
		}
	}
}

func TestMadeUpPeopleHaveValidNumbers(t *testing.T) {
	w, err := readWords(tenants.Gas)
	if err != nil {
		t.Fatal(err)
	}
	h := &history{seed: 1}
	p := &people{words: &w.Common, dice: h.dice(1), used: map[string]bool{}}
	for range 500 {
		who := p.stranger()
		if _, ok := persian.NationalID(who.nationalID); !ok {
			t.Errorf("national ID %s", who.nationalID)
		}
		if mobile, ok := persian.Mobile(who.mobile); !ok || mobile != who.mobile {
			t.Errorf("mobile %s", who.mobile)
		}
	}
	for i := range 200 {
		at := w.somewhere(h.dice(i), []string{"postal_code"}, nil)
		if _, ok := persian.PostalCode(at.PostalCode); !ok {
			t.Errorf("postal code %s", at.PostalCode)
		}
	}
}
