package tenants_test

import (
	"testing"

	"pasokh/tenants"
)

// A description of an organization is complete or refused.
func FuzzParseSpec(f *testing.F) {
	f.Add([]byte("slug: x\nname_fa: x\nname_en: x\nkind: platform\n"))
	f.Add([]byte("a: &a [*a]\n"))
	f.Add([]byte("a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n"))
	f.Add([]byte("slug: !!binary x\n<<: {}\nunits: [{kind: 1e309}]\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		spec, err := tenants.ParseSpec(raw)
		if err == nil && (spec.Slug == "" || spec.NameFA == "" || spec.NameEN == "") {
			t.Fatalf("%+v", spec)
		}
	})
}
