// Package signin holds an organization's own sign-in services (OpenID Connect):
// one for its staff and one for citizens, and who somebody is that they prove.
package signin

import (
	"context"
	"encoding/base64"
	"slices"
	"strings"
	"time"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/fetch"
	"pasokh/app/openid"
	"pasokh/app/persian"
	"pasokh/app/staff"
	"pasokh/app/vault"
	"pasokh/tenants"
)

// Kind is for whom a service is.
type Kind string

// The kinds.
const (
	Staff   Kind = "staff"
	Citizen Kind = "citizen"
)

// Rules say what a service's claims mean here.
type Rules struct {
	// Staff: which values of the claim give which role, the domains that addresses
	// must be of, and whether unknown people get an account.
	RoleClaim string              `json:"role_claim,omitempty"`
	Roles     map[string][]string `json:"roles,omitempty"`
	Domains   []string            `json:"domains,omitempty"`
	Provision bool                `json:"provision,omitempty"`
	// Citizens: the claims of national ID and mobile, and the one which says that
	// the service has proved the mobile.
	NationalIDClaim string `json:"national_id_claim,omitempty"`
	MobileClaim     string `json:"mobile_claim,omitempty"`
	VerifiedClaim   string `json:"verified_claim,omitempty"`
}

// Verified names the claim that says whether the mobile is proved; that of the
// standard unless the service has another one.
func (r *Rules) Verified() string {
	if r.VerifiedClaim == "" {
		return "phone_number_verified"
	}
	return r.VerifiedClaim
}

// Service is one of them. Secret is sealed.
type Service struct {
	tenants.BaseModel `bun:"table:sign_in_services,alias:service"`
	tenants.Owned
	ID        int64 `bun:",pk"`
	Kind      Kind
	LabelFA   string `bun:"label_fa"`
	LabelEN   string `bun:"label_en"`
	Issuer    string
	ClientID  string
	Secret    string `json:"-"`
	Scopes    string
	Rules     Rules `bun:"type:jsonb"`
	Enabled   bool
	TriedAt   *time.Time
	UpdatedAt time.Time
}

// Setting is what is typed about a service; an empty secret keeps the one there is.
type Setting struct {
	LabelFA, LabelEN, Issuer, ClientID, Secret, Scopes string
	Rules                                              Rules
	Enabled                                            bool
	Only                                               bool // staff come in by no other way; see staff.ServiceOnly
}

// Of reads the service of a kind; NotFound when there is none.
func Of(ctx context.Context, r tenants.Reader, kind Kind) (*Service, error) {
	s := new(Service)
	return s, fault.Wrap(tenants.Err(r.Select(s).Where("service.kind = ?", kind).Scan(ctx)), "signin.Of")
}

// Open reads the service of a kind that people may use; NotFound when there is
// none.
func Open(ctx context.Context, r tenants.Reader, kind Kind) (*Service, error) {
	s, err := Of(ctx, r, kind)
	if err == nil && !s.Enabled {
		err = fault.New(fault.NotFound, "error.not_found")
	}
	return s, err
}

func (s *Service) place() vault.Place {
	return vault.Place{Tenant: s.TenantID, Table: "sign_in_services", Column: "secret", Row: s.ID}
}

// Protocol is the service as the protocol needs it.
func (s *Service) Protocol(keys *vault.Keys) (openid.Service, error) {
	p := openid.Service{Issuer: s.Issuer, ClientID: s.ClientID, Scopes: strings.Fields(s.Scopes)}
	if s.Secret == "" {
		return p, nil
	}
	raw, err := base64.StdEncoding.DecodeString(s.Secret)
	if err != nil {
		return p, vault.ErrSealed
	}
	plain, err := keys.Open(raw, s.place())
	p.Secret = string(plain)
	return p, fault.Wrap(err, "signin.Protocol")
}

// check brings what was typed into its form. Roles that are not the actor's to
// give, and ruling the organization, are given by no claim.
func (in *Setting) check(kind Kind, grants []string) error {
	wrong := fault.Fields{}
	in.LabelFA, in.LabelEN = persian.CleanLine(in.LabelFA), persian.CleanLine(in.LabelEN)
	in.Issuer, in.ClientID = strings.TrimSpace(in.Issuer), strings.TrimSpace(in.ClientID)
	for field, text := range map[string]string{"label_fa": in.LabelFA, "label_en": in.LabelEN, "client_id": in.ClientID} {
		if text == "" || len([]rune(text)) > 200 {
			wrong.Add(field, "service.error.needed")
		}
	}
	// Whether our own network may be asked is the deployment's, at the request.
	if err := fetch.Check("issuer", in.Issuer); err != nil && fault.As(err).Fields["issuer"] == "fetch.error.address" {
		wrong.Add("issuer", "fetch.error.address")
	}
	scopes := strings.Fields(in.Scopes)
	if !slices.Contains(scopes, "openid") {
		scopes = append([]string{"openid"}, scopes...)
	}
	if in.Scopes = strings.Join(scopes, " "); len(in.Scopes) > 300 {
		wrong.Add("scopes", "service.error.needed")
	}
	in.Rules.check(kind, grants, wrong)
	return wrong.Err()
}

func (r *Rules) check(kind Kind, grants []string, wrong fault.Fields) {
	if kind == Citizen {
		for field, claim := range map[string]string{"national_id_claim": r.NationalIDClaim, "mobile_claim": r.MobileClaim} {
			if claim == "" {
				wrong.Add(field, "service.error.needed")
			}
		}
		return
	}
	for role := range r.Roles {
		if role == staff.AdminRole || !slices.Contains(grants, role) {
			wrong.Add("role_claim", "service.error.role")
		}
	}
	if r.Provision && (r.RoleClaim == "" || len(r.Roles) == 0) {
		wrong.Add("role_claim", "service.error.provision")
	}
	for i, domain := range r.Domains {
		if r.Domains[i] = strings.ToLower(strings.TrimPrefix(domain, "@")); !strings.Contains(domain, ".") {
			wrong.Add("domains", "service.error.domain")
		}
	}
}

// Save writes the service of a kind. Field errors: label_fa, label_en, issuer,
// client_id, scopes, role_claim, domains, national_id_claim, mobile_claim, only.
func Save(ctx context.Context, tx *tenants.Tx, keys *vault.Keys, kind Kind, in Setting) error {
	if err := in.check(kind, tx.Actor().Grants); err != nil {
		return err
	}
	if _, err := tx.InsertNew(ctx, &Service{ID: tenants.NewID(), Kind: kind, UpdatedAt: tx.Now()}); err != nil {
		return fault.Wrap(err, "signin.Save")
	}
	s := new(Service)
	if err := tx.Lock(ctx, s, "service.kind = ?", kind); err != nil {
		return fault.Wrap(err, "signin.Save")
	}
	if s.Issuer != in.Issuer { // a secret goes to nobody but whom it was typed for
		s.Secret, s.TriedAt = "", nil
	}
	if in.Secret != "" {
		sealed, err := keys.Seal([]byte(in.Secret), s.place())
		if err != nil {
			return fault.Wrap(err, "signin.Save")
		}
		s.Secret = base64.StdEncoding.EncodeToString(sealed)
	}
	s.LabelFA, s.LabelEN, s.Issuer, s.ClientID, s.Scopes = in.LabelFA, in.LabelEN, in.Issuer, in.ClientID, in.Scopes
	s.Rules, s.Enabled, s.UpdatedAt = in.Rules, in.Enabled, tx.Now()
	err := tx.Update(ctx, s, "label_fa", "label_en", "issuer", "client_id", "secret", "scopes", "rules", "enabled", "tried_at", "updated_at")
	if err != nil {
		return fault.Wrap(err, "signin.Save")
	}
	if kind == Staff {
		if err := s.only(ctx, tx, in.Only); err != nil {
			return err
		}
	}
	word := "off"
	if s.Enabled {
		word = "on"
	}
	if err := audit.Record(ctx, tx, "service:change", "service", s.ID, string(kind)+" "+word); err != nil {
		return err
	}
	return staff.TellSecurity(ctx, tx, false)
}

// Tried notes that the service answered as it should.
func Tried(ctx context.Context, tx *tenants.Tx, id int64) error {
	_, err := tx.Set(ctx, (*Service)(nil), "tried_at = ?", []any{tx.Now()}, "id = ?", id)
	return fault.Wrap(err, "signin.Tried")
}

// Setting implements tenants.Setting.
func (s *Service) Setting() tenants.SettingRow {
	return tenants.SettingRow{Area: tenants.AreaSecurity, Key: string(s.Kind), NameFA: s.LabelFA, NameEN: s.LabelEN, Hidden: []string{"tried_at"}, Secret: []string{"secret"}}
}
