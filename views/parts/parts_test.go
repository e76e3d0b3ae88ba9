package parts

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"pasokh/static"
	"pasokh/views/messages"
)

// render draws a component in lang and reads it back.
func render(t *testing.T, lang messages.Lang, c templ.Component) (*goquery.Document, string) {
	t.Helper()
	var b bytes.Buffer
	if err := c.Render(messages.With(context.Background(), lang), &b); err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	return doc, b.String()
}

// everyPage runs check on each made-up page in each language.
func everyPage(t *testing.T, check func(t *testing.T, doc *goquery.Document, html string)) {
	page := Page{CSRF: "token-1", Wide: true}
	for _, lang := range messages.Langs {
		page.Lang = lang
		pages := map[string]templ.Component{"parts": Gallery(page)}
		for _, name := range GalleryPages {
			c, ok := GalleryPage(name, page)
			if !ok {
				t.Fatalf("no gallery page %s", name)
			}
			pages[name] = c
		}
		for name, c := range pages {
			t.Run(string(lang)+" "+name, func(t *testing.T) {
				doc, html := render(t, lang, c)
				check(t, doc, html)
			})
		}
	}
}

func TestEveryTextIsInTheCatalogue(t *testing.T) {
	everyPage(t, func(t *testing.T, doc *goquery.Document, html string) {
		for _, key := range regexp.MustCompile(`‹[^›]*›`).FindAllString(html, -1) {
			t.Errorf("missing text %s", key)
		}
		if m := regexp.MustCompile(`\{(n|count|size|total|what|date)\}`).FindString(doc.Find("body").Text()); m != "" {
			t.Errorf("unfilled placeholder %s", m)
		}
	})
}

func TestPagesKeepThePolicy(t *testing.T) {
	everyPage(t, func(t *testing.T, doc *goquery.Document, html string) {
		doc.Find("[style], style, script:not([src]), [onclick], [hx-on]").Each(func(_ int, s *goquery.Selection) {
			h, _ := goquery.OuterHtml(s)
			t.Errorf("against the content security policy: %.120s", h)
		})
	})
}

func TestPagesAreWellFormed(t *testing.T) {
	everyPage(t, func(t *testing.T, doc *goquery.Document, html string) {
		if n := doc.Find("h1").Length(); n != 1 {
			t.Errorf("%d h1", n)
		}
		if doc.Find("main#main").Length() != 1 {
			t.Error("no main")
		}
		root := doc.Find("html")
		if root.AttrOr("lang", "") == "" || root.AttrOr("dir", "") == "" {
			t.Error("html has no lang or dir")
		}
		ids := map[string]bool{}
		doc.Find("[id]").Each(func(_ int, s *goquery.Selection) {
			id := s.AttrOr("id", "")
			if ids[id] {
				t.Errorf("id %s stands twice", id)
			}
			ids[id] = true
		})
		doc.Find("[aria-describedby], [aria-labelledby], label[for]").Each(func(_ int, s *goquery.Selection) {
			for _, attr := range []string{"aria-describedby", "aria-labelledby", "for"} {
				for _, id := range strings.Fields(s.AttrOr(attr, "")) {
					if !ids[id] {
						t.Errorf("%s names %s, which is not there", attr, id)
					}
				}
			}
		})
	})
}

func TestFormsThatChangeCarryTheToken(t *testing.T) {
	everyPage(t, func(t *testing.T, doc *goquery.Document, html string) {
		doc.Find(`form[method="post"]`).Each(func(_ int, s *goquery.Selection) {
			if s.Find(`input[name="_csrf"]`).Length() != 1 {
				t.Errorf("the form to %s has no token", s.AttrOr("action", ""))
			}
		})
		if !strings.Contains(doc.Find("body").AttrOr("hx-headers", ""), "token-1") {
			t.Error("htmx does not send the token")
		}
	})
}

func TestSpriteHasEveryIconInUse(t *testing.T) {
	data, _, ok := static.Open(strings.TrimPrefix(static.URL("icons/sprite.svg"), static.Prefix))
	if !ok {
		t.Fatal("no sprite")
	}
	has := func(name string) bool { return bytes.Contains(data, []byte(`id="`+name+`"`)) }
	literal := regexp.MustCompile(`Icon(?:End)?(?:\(|:\s*)"([a-z0-9-]+)"|return "([a-z]+-[a-z-]+)"`)
	files, err := filepath.Glob("../**/*.templ")
	if err != nil || len(files) == 0 {
		t.Fatal("no templates", err)
	}
	more, _ := filepath.Glob("../*.templ")
	for _, file := range append(files, more...) {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range literal.FindAllStringSubmatch(string(src), -1) {
			if m[1] != "" && !has(m[1]) {
				t.Errorf("%s: no icon %s in static/vendor/icons.txt", file, m[1])
			}
		}
	}
	everyPage(t, func(t *testing.T, doc *goquery.Document, html string) {
		doc.Find("use").Each(func(_ int, s *goquery.Selection) {
			_, name, _ := strings.Cut(s.AttrOr("href", ""), "#")
			if !has(name) {
				t.Errorf("no icon %s in the sprite", name)
			}
		})
	})
	for name := range directional {
		if !has(name) {
			t.Errorf("directional icon %s is not in the sprite", name)
		}
	}
}

func TestFieldTellsItsError(t *testing.T) {
	doc, _ := render(t, messages.FA, Field(FieldOpts{Name: "mobile", Label: "شماره همراه", Hint: "راهنما", Error: "بررسی کنید", MaxLength: 11, Counter: true}))
	input := doc.Find("input#mobile")
	if got := input.AttrOr("aria-describedby", ""); got != "mobile-hint mobile-error mobile-counter" {
		t.Errorf("aria-describedby is %q", got)
	}
	if input.AttrOr("aria-invalid", "") != "true" {
		t.Error("not aria-invalid")
	}
	if doc.Find(`label[for="mobile"]`).Length() != 1 {
		t.Error("no label")
	}
}

func TestClockChipSpeaksByRemainingTime(t *testing.T) {
	now := time.Date(2026, 11, 22, 5, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		gone, left time.Duration
		want       string
	}{
		{10 * time.Hour, 30 * time.Hour, "quiet"},
		{22 * time.Hour, 18 * time.Hour, "half"},
		{31 * time.Hour, 9 * time.Hour, "soon"},
		{50 * time.Hour, -2 * time.Hour, "over"},
	} {
		o := ClockOpts{Start: now.Add(-c.gone), Now: now, Due: now.Add(c.left)}
		if got := o.state(); got != c.want {
			t.Errorf("%s gone, %s left: %s, want %s", c.gone, c.left, got, c.want)
		}
	}
	doc, _ := render(t, messages.FA, ClockChip(ClockOpts{Now: now, Due: now.Add(5 * time.Hour)}))
	if text := doc.Find(".clock-words").Text(); !strings.Contains(text, "۵ ساعت مانده") {
		t.Errorf("the chip says %q", text)
	}
}

func TestUserTextIsEscaped(t *testing.T) {
	_, html := render(t, messages.FA, Timeline(TimelineOpts{Items: []TimelineItem{{Who: `<b>`, Text: `<script>alert(1)</script>`, Attachments: []FileItem{{Name: `"><img>`, Href: "javascript:alert(1)"}}}}}))
	for _, bad := range []string{"<script>", "<b>", "<img>", "javascript:"} {
		if strings.Contains(html, bad) {
			t.Errorf("%s got through", bad)
		}
	}
}

func TestInitials(t *testing.T) {
	for name, want := range map[string]string{"سید محمدرضا حسینی‌پور": "م ح", "مریم رضایی": "م ر", "Maryam Rezaei": "MR", "علی": "ع", "": ""} {
		if got := Initials(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestScaleIsRound(t *testing.T) {
	for largest, want := range map[int]int{0: 1, 3: 3, 9: 10, 61: 80, 432: 500, 1001: 1500} {
		if got := newScale(largest).top; got != want {
			t.Errorf("%d: top %d, want %d", largest, got, want)
		}
	}
}
