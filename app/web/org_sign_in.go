package web

import (
	"slices"
	"strings"

	"pasokh/app/fault"
	"pasokh/app/signin"
	"pasokh/app/staff"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

const orgSignInPath = "/desk/organization/sign-in"

var servicePages = map[signin.Kind]string{signin.Staff: orgSignInPath, signin.Citizen: orgSignInPath + "/citizens"}

func (w *web) orgSignIn(r *req) error             { return r.servicePage(signin.Staff) }
func (w *web) orgSignInSave(r *req) error         { return w.serviceSave(r, signin.Staff) }
func (w *web) orgSignInTrial(r *req) error        { return w.serviceTrial(r, signin.Staff) }
func (w *web) orgCitizenSignIn(r *req) error      { return r.servicePage(signin.Citizen) }
func (w *web) orgCitizenSignInSave(r *req) error  { return w.serviceSave(r, signin.Citizen) }
func (w *web) orgCitizenSignInTrial(r *req) error { return w.serviceTrial(r, signin.Citizen) }

// servicePage shows the settings of a service, empty ones before there are any.
func (r *req) servicePage(kind signin.Kind) error {
	s, err := signin.Of(r.ctx, r.db, kind)
	if fault.Is(err, fault.NotFound) {
		s, err = &signin.Service{Scopes: "openid email profile", Rules: signin.Rules{RoleClaim: "groups"}}, nil
		if kind == signin.Citizen {
			s.Scopes, s.Rules = "openid profile", signin.Rules{NationalIDClaim: "national_id", MobileClaim: "phone_number"}
		}
	}
	if err != nil {
		return err
	}
	return r.serviceForm(kind, s, nil)
}

func (r *req) serviceForm(kind signin.Kind, s *signin.Service, cause error) error {
	return r.serviceAgain(kind, s, r.tenant.Settings.ServiceOnly, cause)
}

// serviceAgain is the form with whether the service is, or was typed to be, the
// one way in.
func (r *req) serviceAgain(kind signin.Kind, s *signin.Service, only bool, cause error) error {
	m := &views.SignInService{Kind: kind, Only: only, Path: servicePages[kind], Service: s, Back: r.serviceBack(kind), Stands: s.ID != 0, Errors: views.ErrorsOf(cause)}
	r.empowerGrants()
	for _, role := range r.principal.actor.Grants {
		if role != staff.AdminRole && kind == signin.Staff {
			m.Roles = append(m.Roles, views.ServiceRole{Role: role, Name: r.roleWord(role), Values: strings.Join(s.Rules.Roles[role], ", ")})
		}
	}
	p := r.frame("service." + string(kind))
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.SignInServicePage(p, m))
	}
	return r.page(parts.Desk, p, views.SignInServicePage(p, m))
}

// words reads a list typed with commas, Persian ones too, or spaces.
func words(text string) []string {
	return slices.DeleteFunc(strings.FieldsFunc(text, func(c rune) bool { return strings.ContainsRune(",،; \n\t", c) }), func(s string) bool { return s == "" })
}

func (r *req) serviceTyped(f form, kind signin.Kind) signin.Setting {
	in := signin.Setting{
		LabelFA: f.text("label_fa"), LabelEN: f.text("label_en"), Issuer: f.text("issuer"), ClientID: f.text("client_id"),
		Secret: f.raw("secret"), Scopes: f.text("scopes"), Enabled: f.yes("enabled"),
		Only: kind == signin.Staff && f.yes("only"),
	}
	if kind == signin.Citizen {
		in.Rules = signin.Rules{NationalIDClaim: f.text("national_id_claim"), MobileClaim: f.text("mobile_claim"), VerifiedClaim: f.text("verified_claim")}
		return in
	}
	in.Rules = signin.Rules{RoleClaim: f.text("role_claim"), Domains: words(f.text("domains")), Provision: f.yes("provision"), Roles: map[string][]string{}}
	for _, role := range r.principal.actor.Grants {
		var values []string // names of groups may have spaces
		for v := range strings.FieldsFuncSeq(f.text("role_"+role), func(c rune) bool { return strings.ContainsRune(",،\n", c) }) {
			if v = strings.TrimSpace(v); v != "" {
				values = append(values, v)
			}
		}
		if len(values) > 0 {
			in.Rules.Roles[role] = values
		}
	}
	return in
}

func (w *web) serviceSave(r *req, kind signin.Kind) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	r.empowerGrants()
	in := r.serviceTyped(f, kind)
	err = r.write(func(tx *tenants.Tx) error { return signin.Save(r.ctx, tx, w.Gateways.Keys, kind, in) })
	if fault.Is(err, fault.Invalid) {
		typed := &signin.Service{LabelFA: in.LabelFA, LabelEN: in.LabelEN, Issuer: in.Issuer, ClientID: in.ClientID, Scopes: in.Scopes, Rules: in.Rules, Enabled: in.Enabled}
		return r.serviceAgain(kind, typed, in.Only, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "org.saved")
	return r.done(servicePages[kind])
}

// serviceTrial asks the service whether it is there.
func (w *web) serviceTrial(r *req, kind signin.Kind) error {
	s, err := signin.Of(r.ctx, r.db, kind)
	if err != nil {
		return err
	}
	set, err := s.Protocol(w.Gateways.Keys)
	if err != nil {
		return err
	}
	r.away()
	if err := r.openID().Try(r.ctx, set); err != nil {
		r.flash(parts.Warning, "service.away")
		return r.done(servicePages[kind])
	}
	if err := r.write(func(tx *tenants.Tx) error { return signin.Tried(r.ctx, tx, s.ID) }); err != nil {
		return err
	}
	r.flash(parts.Success, "service.answers")
	return r.done(servicePages[kind])
}
