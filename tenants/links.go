package tenants

import (
	_ "embed" // the list below
	"net/url"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"pasokh/app/fault"
)

//go:embed links.yaml
var nationalLinks []byte

// WellKnownLinks are the systems beside an organization that its sector's people
// know: those of the whole country, then those of the sector's template.
func WellKnownLinks(kind Kind) ([]ContactSpec, error) {
	var list []ContactSpec
	if err := yaml.Unmarshal(nationalLinks, &list); err != nil {
		return nil, fault.Wrap(err, "tenants.WellKnownLinks")
	}
	if !slices.Contains(Sectors(), kind) {
		return list, nil
	}
	sector, err := Sector(kind)
	if err != nil {
		return nil, fault.Wrap(err, "tenants.WellKnownLinks")
	}
	for _, c := range sector.Contacts {
		if c.Kind == "link" && !slices.ContainsFunc(list, func(o ContactSpec) bool { return SameSite(o.Number, c.Number) }) {
			list = append(list, c)
		}
	}
	return list, nil
}

// SameSite tells whether two addresses lead to one host, with or without www.
func SameSite(a, b string) bool {
	host := func(text string) string {
		u, err := url.Parse(text)
		if err != nil || u.Host == "" {
			return text
		}
		return strings.TrimPrefix(strings.ToLower(u.Host), "www.")
	}
	return host(a) == host(b)
}
