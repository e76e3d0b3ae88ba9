package carriers

import (
	"net/netip"
	"slices"
	"strings"
)

// Setup is one gateway as an organization has set it up.
type Setup struct {
	Provider  string
	Line      string            // sender: line number, address of the mail
	Settings  map[string]string // by the names of Provider.Settings
	Secrets   map[string]string // by the names of Provider.Secrets
	Templates map[string]string // our template key → the provider's template
}

// Options are those of the deployment.
type Options struct {
	// Fakes sends everything to the fake gateways at this address instead of to
	// the providers: "http://127.0.0.1:8099". Mail goes to the server that the
	// setup names in any case.
	Fakes string
	// Loopback allows mail servers on this machine.
	Loopback bool
	// Inside allows mailboxes on private networks.
	Inside bool
}

// Provider is a kind of gateway.
type Provider struct {
	Name     string // catalogue: gateway.provider.<name>
	Channel  string
	Base     string   // address of its interface
	Settings []string // names of what else it needs; catalogue: gateway.field.<name>
	Optional []string // of Settings, those that may be empty
	Secrets  []string // names of what is kept sealed
	Lined    bool     // needs a sender line
	Templated,
	Tracked,
	Credited bool
	Keyed bool // carries a key once, however often it is asked; see Sender
	open  func(*wire, Setup) Sender
}

var providers = []Provider{
	{Name: "kavenegar", Channel: SMS, Base: "https://api.kavenegar.com", Secrets: []string{"api_key"}, Lined: true, Templated: true, Tracked: true, Credited: true, Keyed: true, open: openKavenegar},
	{Name: "smsir", Channel: SMS, Base: "https://api.sms.ir", Secrets: []string{"api_key"}, Lined: true, Templated: true, Tracked: true, Credited: true, open: openSMSIR},
	{Name: "ghasedak", Channel: SMS, Base: "https://gw.ghasedak.me", Secrets: []string{"api_key"}, Lined: true, Templated: true, Tracked: true, Credited: true, open: openGhasedak},
	{Name: "melipayamak", Channel: SMS, Base: "https://rest.payamak-panel.com", Settings: []string{"username"}, Secrets: []string{"password"}, Lined: true, Templated: true, Tracked: true, Credited: true, open: openMelipayamak},
	{Name: "bale", Channel: Bale, Base: "https://safir.bale.ai", Settings: []string{"bot_id"}, Secrets: []string{"api_key"}, Keyed: true, open: openBale},
	{Name: "smtp", Channel: Mail, Settings: []string{"host", "port", "username"}, Optional: []string{"username"}, Secrets: []string{"password"}, Lined: true, Keyed: true, open: nil},
}

// Providers lists what an organization can choose from.
func Providers() []Provider { return slices.Clone(providers) }

// ProviderNamed finds one of them.
func ProviderNamed(name string) (Provider, bool) {
	at := slices.IndexFunc(providers, func(p Provider) bool { return p.Name == name })
	if at < 0 {
		return Provider{}, false
	}
	return providers[at], true
}

// Open makes the sender of a gateway; nothing is connected yet. ok is false when
// the provider is unknown.
func Open(s Setup, o Options) (sender Sender, ok bool) {
	p, ok := ProviderNamed(s.Provider)
	switch {
	case !ok:
		return nil, false
	case p.Channel == Mail:
		return &mailer{setup: s, loopback: o.Loopback}, true
	}
	base := p.Base
	if o.Fakes != "" {
		base = strings.TrimSuffix(o.Fakes, "/") + "/" + p.Name
	}
	return p.open(&wire{base: base}, s), true
}

// local writes an E.164 Iranian mobile number as the providers want it: 0912….
func local(e164 string) string {
	if rest, ok := strings.CutPrefix(e164, "+98"); ok {
		return "0" + rest
	}
	return e164
}

// reachable tells whether mail may be brought to an address: never to the
// machine's own network plumbing, to loopback only where that is allowed.
func reachable(at netip.Addr, loopback bool) bool {
	at = at.Unmap()
	if at.IsLoopback() {
		return loopback
	}
	return at.IsValid() && !at.IsUnspecified() && !at.IsLinkLocalUnicast() && !at.IsMulticast()
}
