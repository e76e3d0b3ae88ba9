package tenants

import (
	"net"
	"regexp"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"pasokh/app/fault"
)

// Domain is a host of an organization's own. Nobody is served there before its
// DNS shows the token.
type Domain struct {
	bun.BaseModel  `bun:"table:tenant_domains,alias:domain"`
	Host           string `bun:",pk"` // lower case, ASCII
	OrganizationID int64
	Token          string
	VerifiedAt     *time.Time
	CheckedAt      *time.Time // the last look at the DNS
	CreatedAt      time.Time
}

// Record is the name of the TXT record that must hold Token.
func (d *Domain) Record() string { return "_pasokh-verify." + d.Host }

var hostShape = regexp.MustCompile(`^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$`)

// CheckHost judges a host as an organization's own, in lower case: a full name
// in ASCII, neither the platform's domain nor one below it.
func CheckHost(typed, base string) (string, error) {
	host := strings.TrimSuffix(strings.ToLower(strings.TrimSpace(typed)), ".")
	if len(host) > 253 || !hostShape.MatchString(host) || net.ParseIP(host) != nil {
		return "", fault.Field("host", "domain.error.host")
	}
	if host == base || strings.HasSuffix(host, "."+base) {
		return "", fault.Field("host", "domain.error.ours")
	}
	return host, nil
}
