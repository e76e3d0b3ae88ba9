package boot

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"net/url"
	"os"
	"reflect"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/caarlos0/env/v11"
)

// Config is everything that can be set from outside, by environment only.
type Config struct {
	Addr           string   `env:"PASOKH_ADDR" envDefault:":8080" help:"address to listen on"`
	Data           string   `env:"PASOKH_DATA" envDefault:"./data" help:"folder of uploaded files and of the SQLite database"`
	DatabaseURL    string   `env:"PASOKH_DATABASE_URL" help:"postgres://user:password@host:port/name; empty = SQLite in PASOKH_DATA"`
	RedisURL       string   `env:"PASOKH_REDIS_URL" help:"redis://:password@host:port/0, rediss:// for TLS; empty = inside this process"`
	BaseDomain     string   `env:"PASOKH_BASE_DOMAIN" envDefault:"localhost" help:"host of the platform; organizations are names before it, gas.localhost"`
	BaseURL        string   `env:"PASOKH_BASE_URL" help:"the platform's address in links; empty = http://<base domain>:<port of PASOKH_ADDR>"`
	TrustedProxies []string `env:"PASOKH_TRUSTED_PROXIES" help:"addresses or networks, with commas, whose X-Forwarded-For is believed; none = no proxy in front"`
	Env            string   `env:"PASOKH_ENV" envDefault:"development" help:"development or production; production refuses unsafe settings"`
	Demo           bool     `env:"PASOKH_DEMO" envDefault:"false" help:"demonstration: made-up data at the first start, published accounts, /dev"`
	Sender         string   `env:"PASOKH_SENDER" envDefault:"console" help:"who carries the messages of organizations without a gateway: console (a log line; for demonstrations) or none"`
	KeyFile        string   `env:"PASOKH_KEY_FILE" help:"file with the key that seals personal data and credentials: 32 bytes in hex or base64, readable by us only; empty = made in PASOKH_DATA"`
	AuditAnchors   string   `env:"PASOKH_AUDIT_ANCHORS" help:"file that keeps the daily ends of the audits outside the database, best on another machine; empty = anchors.log in PASOKH_DATA"`
	ErasureList    string   `env:"PASOKH_ERASURES" help:"file that keeps who was erased outside the database, for the restore of an older backup, best on another machine; empty = erasures.log in PASOKH_DATA"`
	FakeGateways   string   `env:"PASOKH_FAKE_GATEWAYS" help:"address of pasokh fake-gateways, which then takes what would go to the providers; for demonstrations"`
	MailInside     bool     `env:"PASOKH_MAIL_INSIDE" envDefault:"false" help:"mailboxes may be read from servers on private addresses: where the organizations' mail servers stand in our own network"`
	SignInInside   bool     `env:"PASOKH_SIGN_IN_INSIDE" envDefault:"false" help:"the organizations' own sign-in services may stand on private addresses: where they are in our own network"`
	Clamd          string   `env:"PASOKH_CLAMD" help:"ClamAV that looks through every file that comes in: path of its unix socket, or host:port on a private address; empty = nobody does"`
	ClamdAway      string   `env:"PASOKH_CLAMD_AWAY" envDefault:"refuse" help:"while ClamAV does not answer: refuse files, with a word to try again, or accept them unseen"`
	TLSCert        string   `env:"PASOKH_TLS_CERT" help:"file of the certificate with its chain (PEM), when no proxy does TLS; read again when it is renewed"`
	TLSKey         string   `env:"PASOKH_TLS_KEY" help:"file of its key (PEM)"`
	TLSAuto        bool     `env:"PASOKH_TLS_AUTO" envDefault:"false" help:"certificates are fetched and renewed by ACME, for the base domain, the organizations and their verified domains; they lie in PASOKH_DATA/certificates"`
	TLSMail        string   `env:"PASOKH_TLS_MAIL" help:"address that the authority writes to when something is wrong with them"`
	TLSAuthority   string   `env:"PASOKH_TLS_AUTHORITY" help:"ACME directory of the authority, https://…; empty = Let's Encrypt"`
	PlainAddr      string   `env:"PASOKH_PLAIN_ADDR" help:"address to listen on without TLS, :80: answers the authority and leads everybody else to TLS; empty = none"`
	MapTiles       string   `env:"PASOKH_MAP_TILES" help:"server of map tiles, https://host/{z}/{x}/{y}.png; empty = no map"`
	Workers        int      `env:"PASOKH_WORKERS" envDefault:"8" help:"tasks that one worker process runs at once"`
	DebugAddr      string   `env:"PASOKH_DEBUG_ADDR" help:"loopback or private address for metrics (/metrics), profiles (pprof) and the health of a worker (/healthz), 127.0.0.1:6060; empty = none"`
	Traces         string   `env:"PASOKH_TRACES" help:"collector of traces (OTLP over HTTP), http://127.0.0.1:4318; empty = none, unless OTEL_EXPORTER_OTLP_ENDPOINT is set"`
	Drain          string   `env:"PASOKH_DRAIN" help:"how long /readyz is red before the process stops to listen, 5s; empty = 5s in production, else not at all"`
	LogFormat      string   `env:"PASOKH_LOG" envDefault:"text" help:"text or json, on the standard error output"`
	LogLevel       string   `env:"PASOKH_LOG_LEVEL" envDefault:"info" help:"debug, info, warn or error"`

	baseURLSet bool
	unknown    []string // PASOKH_… variables that nothing reads
}

// LoadConfig reads the environment. The error lists everything that is wrong.
func LoadConfig() (Config, error) {
	c, err := env.ParseAs[Config]()
	if err != nil {
		return c, fmt.Errorf("configuration: %w", err)
	}
	c.unknown = unknownVariables(os.Environ())
	c.baseURLSet = c.BaseURL != ""
	if !c.baseURLSet {
		c.BaseURL = c.scheme() + c.BaseDomain + c.port()
	}
	c.BaseURL = strings.TrimSuffix(c.BaseURL, "/")
	return c, c.check()
}

func (c *Config) scheme() string {
	if c.TLS() {
		return "https://"
	}
	return "http://"
}

// port is what links need of PASOKH_ADDR: nothing where browsers know it.
func (c *Config) port() string {
	_, port, err := net.SplitHostPort(c.Addr)
	if err != nil || port == "" || port == "80" && !c.TLS() || port == "443" && c.TLS() {
		return ""
	}
	return ":" + port
}

// check finds values that no start could make sense of.
func (c *Config) check() error {
	var wrong []error
	miss := func(name, want string) { wrong = append(wrong, fmt.Errorf("%s must be %s", name, want)) }
	if _, _, err := net.SplitHostPort(c.Addr); err != nil {
		miss("PASOKH_ADDR", "host:port or :port")
	}
	if u, err := url.Parse(c.BaseURL); err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || u.Path != "" {
		miss("PASOKH_BASE_URL", "http(s)://host[:port] without a path")
	} else if u.Hostname() != c.BaseDomain {
		miss("PASOKH_BASE_URL", "on the host of PASOKH_BASE_DOMAIN, "+c.BaseDomain)
	}
	c.checkTLS(miss)
	if !slices.Contains([]string{"development", "production"}, c.Env) {
		miss("PASOKH_ENV", "development or production")
	}
	if !slices.Contains([]string{"text", "json"}, c.LogFormat) {
		miss("PASOKH_LOG", "text or json")
	}
	if !slices.Contains([]string{"debug", "info", "warn", "error"}, c.LogLevel) {
		miss("PASOKH_LOG_LEVEL", "debug, info, warn or error")
	}
	if !tilesAddress(c.MapTiles) {
		miss("PASOKH_MAP_TILES", "http(s)://host/… with {z}, {x} and {y}")
	}
	if !c.debugIsPrivate() {
		miss("PASOKH_DEBUG_ADDR", "a loopback or private IP address with its port")
	}
	if c.Traces != "" {
		if u, err := url.Parse(c.Traces); err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
			miss("PASOKH_TRACES", "http(s)://host:port of a collector")
		}
	}
	if d, err := time.ParseDuration(c.Drain); c.Drain != "" && (err != nil || d < 0 || d > time.Minute) {
		miss("PASOKH_DRAIN", "a time up to a minute, such as 5s")
	}
	if !slices.Contains([]string{"console", "none"}, c.Sender) {
		miss("PASOKH_SENDER", "console or none")
	}
	if _, err := c.scanner(nil); err != nil {
		miss("PASOKH_CLAMD", "the path of a unix socket, or host:port of a private address")
	}
	if !slices.Contains([]string{"refuse", "accept"}, c.ClamdAway) {
		miss("PASOKH_CLAMD_AWAY", "refuse or accept")
	}
	if u, err := url.Parse(c.FakeGateways); err != nil || (c.FakeGateways != "" && (u.Scheme != "http" || !loopback(u.Hostname()))) {
		miss("PASOKH_FAKE_GATEWAYS", "http:// and an address of this machine")
	}
	if c.Workers < 1 || c.Workers > 256 {
		miss("PASOKH_WORKERS", "from 1 to 256")
	}
	return errors.Join(wrong...)
}

// tilesAddress tells whether the text is empty or a template of addresses of
// map tiles. Its host goes into the content security policy as it is.
func tilesAddress(text string) bool {
	if text == "" {
		return true
	}
	u, err := url.Parse(strings.ReplaceAll(text, "{s}", "a"))
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") || strings.ContainsAny(u.Host, " ;,'\"{}*") {
		return false
	}
	for _, part := range []string{"{z}", "{x}", "{y}"} {
		if !strings.Contains(text, part) {
			return false
		}
	}
	return true
}

// debugIsPrivate tells whether the profiles, when there are any, are out of
// the public's reach.
func (c *Config) debugIsPrivate() bool {
	if c.DebugAddr == "" {
		return true
	}
	at, err := netip.ParseAddrPort(c.DebugAddr)
	return err == nil && (at.Addr().IsLoopback() || at.Addr().IsPrivate())
}

// drain is how long the process says that it stops before it does.
func (c *Config) drain() time.Duration {
	d, err := time.ParseDuration(c.Drain)
	if err != nil && c.Production() {
		return 5 * time.Second
	}
	return d
}

// loopback tells whether a host is this machine.
func loopback(host string) bool {
	at, err := netip.ParseAddr(host)
	return host == "localhost" || (err == nil && at.IsLoopback())
}

// Production tells whether unsafe settings are refused.
func (c *Config) Production() bool { return c.Env == "production" }

// HelpConfig writes the table of all settings.
func HelpConfig(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "VARIABLE\tDEFAULT\tMEANING") //nolint:errcheck // Flush reports
	for _, f := range settings() {
		fmt.Fprintf(t, "%s\t%s\t%s\n", f.Tag.Get("env"), f.Tag.Get("envDefault"), f.Tag.Get("help")) //nolint:errcheck // Flush reports
	}
	return t.Flush()
}

// settings are the fields of Config that come from the environment.
func settings() []reflect.StructField {
	return slices.DeleteFunc(reflect.VisibleFields(reflect.TypeFor[Config]()), func(f reflect.StructField) bool {
		return f.Tag.Get("env") == ""
	})
}

// unknownVariables lists what looks like a setting and is none: a slip of the
// pen would otherwise go unnoticed.
func unknownVariables(environ []string) []string {
	var list []string
	for _, pair := range environ {
		name, _, _ := strings.Cut(pair, "=")
		if !strings.HasPrefix(name, "PASOKH_") || strings.HasPrefix(name, "PASOKH_TEST_") {
			continue
		}
		if !slices.ContainsFunc(settings(), func(f reflect.StructField) bool { return f.Tag.Get("env") == name }) {
			list = append(list, name)
		}
	}
	return list
}
