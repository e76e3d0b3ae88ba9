package tenants_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"testing"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/persian"
	"pasokh/policies"
	"pasokh/tenants"
)

// every role but the platform's own works in every organization
func roles(t *testing.T) []string {
	t.Helper()
	book, err := policies.Load()
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(slices.Clone(book.Roles()), func(r string) bool { return r == "platform_admin" })
}

func TestSectorTemplatesAreComplete(t *testing.T) {
	needed := roles(t)
	mobiles, slugs := map[string]string{}, map[string]bool{}
	for _, kind := range tenants.Sectors() {
		t.Run(string(kind), func(t *testing.T) {
			spec, err := tenants.Sector(kind)
			if err != nil {
				t.Fatal(err)
			}
			if spec.Kind != kind || slugs[spec.Slug] {
				t.Errorf("kind %q, slug %q", spec.Kind, spec.Slug)
			}
			slugs[spec.Slug] = true
			checkUnits(t, spec)
			checkStaff(t, spec, needed, mobiles)
			checkExecutives(t, spec)
			s := spec.Settings
			if len(s.HandlesFA) != len(s.HandlesEN) || len(s.NotHandledFA) != len(s.NotHandledEN) || s.AboutFA == "" || s.AboutEN == "" {
				t.Error("the two languages of the settings differ")
			}
		})
	}
}

func checkUnits(t *testing.T, spec *tenants.Spec) {
	t.Helper()
	for _, kind := range []tenants.UnitKind{
		tenants.UnitPROffice, tenants.UnitCallCentre, tenants.UnitFeedback, tenants.UnitSpecialFollowup,
		tenants.UnitInspection, tenants.UnitManagement, tenants.UnitExecutive,
	} {
		if !slices.ContainsFunc(spec.Units, func(u tenants.UnitSpec) bool { return u.Kind == kind }) {
			t.Errorf("no unit of kind %s", kind)
		}
	}
	for _, u := range spec.Units {
		heads := slices.ContainsFunc(spec.Staff, func(s tenants.StaffSpec) bool {
			return s.Unit == u.Code && slices.Contains(s.Roles, "unit_head")
		})
		if u.Kind == tenants.UnitExecutive && !heads {
			t.Errorf("unit %s has no head", u.Code)
		}
	}
}

func checkStaff(t *testing.T, spec *tenants.Spec, needed []string, mobiles map[string]string) {
	t.Helper()
	held := map[string]bool{}
	for _, s := range spec.Staff {
		for _, r := range s.Roles {
			held[r] = true
		}
		if mobile, ok := persian.Mobile(s.Mobile); !ok || mobiles[mobile] != "" {
			t.Errorf("mobile of %s: %q, also of %q", s.User, s.Mobile, mobiles[mobile])
		}
		mobiles[s.Mobile] = spec.Slug + " " + s.User
	}
	for _, r := range needed {
		if !held[r] {
			t.Errorf("nobody is %s", r)
		}
	}
}

func checkExecutives(t *testing.T, spec *tenants.Spec) {
	t.Helper()
	if len(spec.Executives) == 0 {
		t.Error("no executive")
	}
	for _, e := range spec.Executives {
		found := slices.ContainsFunc(spec.Staff, func(s tenants.StaffSpec) bool {
			return s.User == e.User && s.NameFA == e.NameFA && slices.Contains(s.Roles, "executive")
		})
		if !found || len(e.Windows) == 0 {
			t.Errorf("executive %s has no account of the same name or no window", e.Code)
		}
	}
}

var (
	arabicLetters = regexp.MustCompile(`[يكىة]`)
	fullSpace     = regexp.MustCompile(`(^|[\s«])ن?می [آ-ی]|[آ-ی] (ها|های|هایی|هایم|تر|ترین)([\s.،؛:»]|$)`)
	looseHalf     = regexp.MustCompile("(^|[\\s\u200c])\u200c|\u200c([\\s.،؛»]|$)")
)

// Persian in data must be spelled as carefully as Persian in the catalogue.
func TestSectorTemplatesAreSpelledRight(t *testing.T) {
	for _, kind := range append(tenants.Sectors(), tenants.Platform) {
		spec, err := tenants.Sector(kind)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := json.Marshal(spec)
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range regexp.MustCompile(`"[^"]*[آ-ی][^"]*"`).FindAllString(string(raw), -1) {
			text = text[1 : len(text)-1]
			if arabicLetters.MatchString(text) || fullSpace.MatchString(text) || looseHalf.MatchString(text) || persian.Clean(text) != text {
				t.Errorf("%s: %s", kind, text)
			}
		}
	}
}

func TestEverySectorCanBeOnboarded(t *testing.T) {
	w := dbtest.Empty(t)
	for _, kind := range append(tenants.Sectors(), tenants.Platform) {
		spec, err := tenants.Sector(kind)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tenants.Onboard(t.Context(), w.Root, spec); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
	}
}
