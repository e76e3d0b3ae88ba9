package parts

import (
	"context"
	"encoding/json"

	"pasokh/views/messages"
)

// Page is what a layout must know about the request. The web layer fills it
// once; pages hand it on and set Title.
type Page struct {
	Title       string // of the window, without the tenant's name
	Description string // for search engines, on public pages
	Lang        messages.Lang
	Dir         string // of Lang when empty
	Theme       string // "light", "dark", or empty: as the device is set
	Accent      string // one of Accents; "teal" when empty

	TenantName  string // «شرکت گاز استان نمونه»
	TenantShort string // for phones: «گاز نمونه»; TenantName when empty
	LogoURL     string // the product's mark when empty
	Contacts    []Contact

	CSRF        string
	CurrentPath string
	LangHref    string // takes a POST that switches the language; empty hides the switch
	Paths       Paths

	User   *Person
	Nav    []NavItem
	Unread int // messages in the person's inbox

	Alarm   *Alarm // a bar above the desk that stays
	Flash   *Flash
	Demo    bool   // the installation shows made-up data
	Wide    bool   // citizen pages: 64rem instead of 40rem
	Live    string // address of the server-sent events of this page
	Refresh int    // seconds after which a page without scripts loads again (wall)
}

// Paths are the addresses that layouts link to. An empty one leaves its link
// out, which is how a role without the permission does not see it.
type Paths struct {
	Home    string // "/" when empty
	Track   string // citizen: look a code up
	Privacy string // citizen: what is kept of whom
	Search  string // desk: GET with q
	Intake  string // desk: a new case
	Inbox   string // desk: messages of the person
	Account string
	Problem string // of an organization on trial: where it is told what does not work
	Others  string // desk: the person's other organizations
	SignIn  string
	SignOut string // POST
}

// Person is who is signed in.
type Person struct {
	Name     string
	Role     string // in words: «کارشناس روابط عمومی»
	Initials string // made from Name when empty
}

// Contact is a way to reach the tenant by phone.
type Contact struct {
	Label  string // «امداد و حوادث»
	Number string // as people read it: "1594"
	Dial   string // what a phone dials; Number when empty
	Hours  string // «شبانه‌روزی»
}

// NavItem is a line of the desk's side bar.
type NavItem struct {
	Label   string
	Href    string
	Icon    string
	Count   int
	Alert   bool   // the count asks for attention
	Current bool   // this page is it, or below it
	Section string // heading above it, when it differs from the line before
	Key     string // id of the count, so that live updates can replace it: "nav-inbox"
}

// Flash is what the act before this page has done.
type Flash struct {
	Kind Tone
	Text string
}

// Accents are the colours a tenant may choose from, each checked for contrast
// in light and dark.
var Accents = []string{"teal", "green", "emerald", "cyan", "blue", "indigo", "violet", "plum", "crimson", "amber"}

func (p Page) lang(ctx context.Context) messages.Lang {
	if p.Lang == "" {
		return messages.Of(ctx)
	}
	return p.Lang
}

func (p Page) other(ctx context.Context) messages.Lang {
	if p.lang(ctx) == messages.FA {
		return messages.EN
	}
	return messages.FA
}

func (p Page) title(ctx context.Context) string {
	name := or(p.TenantName, messages.T(ctx, "parts.product"))
	if p.Title == "" {
		return name
	}
	return p.Title + " · " + name
}

// bottom is the phone bar: the first four lines of the side bar; the rest is
// behind its last button.
func (p Page) bottom() []NavItem { return p.Nav[:min(4, len(p.Nav))] }

func (p Page) more() []NavItem { return p.Nav[len(p.bottom()):] }

// headers makes htmx send the CSRF token with every request of the page.
func (p Page) headers() string {
	b, err := json.Marshal(map[string]string{"X-CSRF-Token": p.CSRF})
	if err != nil {
		panic(err) // a map of two strings always marshals
	}
	return string(b)
}

// htmxConfig keeps htmx inside the content security policy, keeps pages out of
// its history cache (they hold personal data) and lets a form that came back
// with errors (422) be swapped in.
const htmxConfig = `{"includeIndicatorStyles":false,"allowEval":false,"allowScriptTags":false,"selfRequestsOnly":true,` +
	`"historyCacheSize":0,"refreshOnHistoryMiss":true,"scrollBehavior":"instant","responseHandling":[` +
	`{"code":"204","swap":false},{"code":"[23]..","swap":true},{"code":"422","swap":true},{"code":"[45]..","swap":false,"error":true}]}`
