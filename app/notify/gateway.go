package notify

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"time"

	"pasokh/app/audit"
	"pasokh/app/carriers"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/staff"
	"pasokh/app/vault"
	"pasokh/tenants"
)

// Gateway is one way in which an organization reaches people. The first of a
// channel carries its messages; the others stand in, in their order.
type Gateway struct {
	tenants.BaseModel `bun:"table:gateways,alias:gateway"`
	tenants.Owned
	ID          int64 `bun:",pk"`
	Channel     string
	Provider    string // carriers.Providers
	Position    int
	Line        string            // number of the sender, or address
	Settings    map[string]string `bun:"type:jsonb"`
	Templates   map[string]string `bun:"type:jsonb"` // our key → the provider's template
	Secrets     string            `json:"-"`         // sealed
	Enabled     bool
	Credit      *float64
	CreditAt    *time.Time
	WarnBelow   *int64
	WarnedAt    *time.Time
	Problem     string // of the last try, carriers.Credit …; empty: it went
	ProblemCode string
	ProblemAt   *time.Time
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// Low tells whether less is left on the account than the organization wants.
func (g *Gateway) Low() bool {
	return g.WarnBelow != nil && g.Credit != nil && *g.Credit < float64(*g.WarnBelow)
}

// CodeTemplates are the messages that gateways carry by a template of theirs,
// which reaches people who take no advertising.
var CodeTemplates = []string{"sms.code", "sms.code_visit"}

// Gateways lists an organization's gateways by channel and order.
func Gateways(ctx context.Context, r tenants.Reader) ([]Gateway, error) {
	var list []Gateway
	err := r.Select(&list).Order("gateway.channel DESC", "gateway.position", "gateway.id").Scan(ctx)
	return list, fault.Wrap(tenants.Err(err), "notify.Gateways")
}

// GatewayByID reads one of them.
func GatewayByID(ctx context.Context, r tenants.Reader, id int64) (*Gateway, error) {
	g := new(Gateway)
	return g, fault.Wrap(tenants.Err(r.Select(g).Where("gateway.id = ?", id).Scan(ctx)), "notify.GatewayByID")
}

func inUse(ctx context.Context, r tenants.Reader, channel string) ([]Gateway, error) {
	var list []Gateway
	err := r.Select(&list).Where("gateway.channel = ? AND gateway.enabled", channel).Order("gateway.position", "gateway.id").Scan(ctx)
	return list, fault.Wrap(tenants.Err(err), "notify.inUse")
}

// Opener opens gateways with the deployment's keys.
type Opener struct {
	Keys    *vault.Keys
	Options carriers.Options
}

func (g *Gateway) place() vault.Place {
	return vault.Place{Tenant: g.TenantID, Table: "gateways", Column: "secrets", Row: g.ID}
}

// sender makes the gateway's sender; one whose credentials cannot be opened
// fails at every message and lets the next stand in.
func (o *Opener) sender(g *Gateway) Sender {
	s := carriers.Setup{Provider: g.Provider, Line: g.Line, Settings: g.Settings, Templates: g.Templates}
	if g.Secrets != "" {
		plain, err := o.unseal(g)
		if err != nil {
			return broken{g.Provider, carriers.Sealed}
		}
		s.Secrets = plain
	}
	sender, ok := carriers.Open(s, o.Options)
	if !ok {
		return broken{g.Provider, carriers.Other}
	}
	return sender
}

func (o *Opener) unseal(g *Gateway) (map[string]string, error) {
	raw, err := base64.StdEncoding.DecodeString(g.Secrets)
	if err != nil {
		return nil, vault.ErrSealed
	}
	plain, err := o.Keys.Open(raw, g.place())
	if err != nil {
		return nil, err
	}
	var secrets map[string]string
	return secrets, json.Unmarshal(plain, &secrets)
}

func (o *Opener) seal(g *Gateway, secrets map[string]string) error {
	plain, err := json.Marshal(secrets)
	if err != nil {
		return err
	}
	sealed, err := o.Keys.Seal(plain, g.place())
	g.Secrets = base64.StdEncoding.EncodeToString(sealed)
	return err
}

// Save checks and writes a gateway, a new one behind the others of its channel.
// secrets are those that were typed: empty ones leave what is sealed. Field
// errors: provider, line, warn_below, the names of settings and secrets.
func (o *Opener) Save(ctx context.Context, tx *tenants.Tx, g *Gateway, secrets map[string]string) error {
	moved, err := g.moved(ctx, tx)
	if err != nil {
		return err
	}
	if moved {
		g.Secrets = "" // what is sealed was meant for another host
	}
	if err := g.check(secrets); err != nil {
		return typedAgain(err, moved, secrets)
	}
	act, fresh := "gateway.changed", g.ID == 0
	if g.UpdatedAt = tx.Now(); fresh {
		act, g.ID, g.TenantID, g.CreatedAt = "gateway.added", tenants.NewID(), tx.Tenant().ID, tx.Now()
		others, err := Gateways(ctx, tx)
		if err != nil {
			return err
		}
		g.Position = len(others) + 1
	}
	if typed(secrets) {
		if err := o.seal(g, secrets); err != nil {
			return fault.Wrap(err, "notify.Save")
		}
		g.Problem, g.ProblemCode, g.ProblemAt = "", "", nil
	}
	write := func() error {
		return tx.Update(ctx, g, "line", "settings", "templates", "secrets", "enabled", "warn_below", "problem", "problem_code", "problem_at", "updated_at")
	}
	if fresh {
		write = func() error { return tx.Insert(ctx, g) }
	}
	if err := write(); err != nil {
		return err
	}
	if err := audit.Record(ctx, tx, act, "gateway", g.ID, g.Provider+" "+strconv.FormatBool(g.Enabled)); err != nil {
		return err
	}
	return staff.TellSecurity(ctx, tx, false)
}

// moved tells whether the gateway is another host's now than the row says that
// stands: its secrets were given for that one, and whoever may change the address
// must not have them sent to a host of theirs.
func (g *Gateway) moved(ctx context.Context, r tenants.Reader) (bool, error) {
	if g.ID == 0 {
		return false, nil
	}
	stands, err := GatewayByID(ctx, r, g.ID)
	if err != nil {
		return false, err
	}
	return stands.Secrets != "" && (hostOf(stands.Settings) != hostOf(g.Settings) || stands.Provider != g.Provider), nil
}

func hostOf(settings map[string]string) string {
	return strings.ToLower(persian.ToASCII(persian.CleanLine(settings["host"])))
}

// typedAgain says of secrets that are missing because the host is another one why they
// are.
func typedAgain(err error, moved bool, secrets map[string]string) error {
	fields := fault.As(err).Fields
	for name := range fields {
		if _, secret := secrets[name]; secret && moved {
			fields[name] = "gateway.error.again"
		}
	}
	return err
}

func typed(secrets map[string]string) bool {
	for _, s := range secrets {
		if s != "" {
			return true
		}
	}
	return false
}

func (g *Gateway) check(secrets map[string]string) error {
	wrong := fault.Fields{}
	p, ok := carriers.ProviderNamed(g.Provider)
	if !ok {
		return fault.Field("provider", "gateway.error.provider")
	}
	g.Channel = p.Channel
	g.Line = persian.ToASCII(persian.CleanLine(g.Line))
	kept := map[string]string{}
	for _, name := range p.Settings {
		kept[name] = persian.ToASCII(persian.CleanLine(g.Settings[name]))
		if kept[name] == "" && !slices.Contains(p.Optional, name) {
			wrong.Add(name, "gateway.error.missing")
		}
	}
	g.Settings = kept
	for _, name := range p.Secrets {
		if secrets[name] == "" && g.Secrets == "" && (p.Channel != carriers.Mail || kept["username"] != "") {
			wrong.Add(name, "gateway.error.missing")
		}
	}
	g.checkLine(wrong, p)
	g.checkNumbers(wrong, p)
	if g.WarnBelow != nil && *g.WarnBelow < 0 {
		wrong.Add("warn_below", "gateway.error.number")
	}
	templates := map[string]string{}
	for _, key := range CodeTemplates {
		if id := persian.ToASCII(persian.CleanLine(g.Templates[key])); id != "" && p.Templated {
			templates[key] = id
		}
	}
	g.Templates = templates
	return wrong.Err()
}

func (g *Gateway) checkLine(wrong fault.Fields, p carriers.Provider) {
	switch {
	case !p.Lined:
		g.Line = ""
	case g.Line == "":
		wrong.Add("line", "gateway.error.missing")
	case p.Channel == carriers.Mail:
		if at, err := mail.ParseAddress(g.Line); err != nil || at.Name != "" {
			wrong.Add("line", "gateway.error.address")
		}
	case strings.Trim(g.Line, "0123456789") != "" || len(g.Line) > 20:
		wrong.Add("line", "gateway.error.line")
	}
}

func (g *Gateway) checkNumbers(wrong fault.Fields, p carriers.Provider) {
	if slices.Contains(p.Settings, "port") && g.Settings["port"] != "" {
		if n, err := strconv.Atoi(g.Settings["port"]); err != nil || n < 1 || n > 65535 {
			wrong.Add("port", "gateway.error.port")
		}
	}
	if id := g.Settings["bot_id"]; id != "" && strings.Trim(id, "0123456789") != "" {
		wrong.Add("bot_id", "gateway.error.number")
	}
	if strings.ContainsAny(g.Settings["host"], "/:@ ") && !strings.Contains(g.Settings["host"], "::") {
		wrong.Add("host", "gateway.error.host")
	}
}

// Setting implements tenants.Setting. What a gateway tells of itself is none, and
// of its credentials only that they are others is kept.
func (g *Gateway) Setting() tenants.SettingRow {
	return tenants.SettingRow{
		Area: tenants.AreaGateways, NameFA: g.Line, NameEN: g.Line, Secret: []string{"secrets"},
		Hidden: []string{"credit", "credit_at", "warned_at", "problem", "problem_code", "problem_at"},
	}
}
