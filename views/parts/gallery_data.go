package parts

import (
	"context"
	"time"

	"pasokh/views/messages"
)

// g is a text of the gallery.
func g(ctx context.Context, key string, args ...any) string {
	return messages.T(ctx, "gallery."+key, args...)
}

// galleryPage fills what a made-up page needs and the request did not bring.
func galleryPage(ctx context.Context, p Page) Page {
	p.Title = or(p.Title, g(ctx, "title"))
	p.TenantName = or(p.TenantName, g(ctx, "tenant"))
	p.TenantShort = or(p.TenantShort, g(ctx, "tenant_short"))
	p.Paths.Track = or(p.Paths.Track, "/track")
	p.LangHref = or(p.LangHref, "?lang="+string(p.other(ctx)))
	if len(p.Contacts) == 0 {
		p.Contacts = []Contact{
			{Label: g(ctx, "contact.1"), Number: "1594", Hours: g(ctx, "contact.always")},
			{Label: g(ctx, "contact.2"), Number: "051-37071000", Dial: "+985137071000", Hours: g(ctx, "contact.office")},
			{Label: g(ctx, "contact.3"), Number: "30001594", Hours: g(ctx, "contact.always")},
		}
	}
	return p
}

func galleryDeskPage(ctx context.Context, p Page) Page {
	p = galleryPage(ctx, p)
	p.Paths.Search, p.Paths.Intake, p.Paths.Inbox = "/search", "/complaints/new", "/messages"
	p.Paths.Account, p.Paths.SignOut, p.Unread = "/account", "/session/end", 3
	p.User = &Person{Name: g(ctx, "person.2"), Role: g(ctx, "role")}
	daily, people, rules := g(ctx, "nav.daily"), g(ctx, "nav.people"), g(ctx, "nav.rules")
	p.Nav = []NavItem{
		{Label: g(ctx, "inbox"), Href: "#", Icon: "inbox", Count: 38, Current: true, Section: daily, Key: "nav-inbox"},
		{Label: g(ctx, "nav.overdue"), Href: "#", Icon: "octagon-alert", Count: 12, Alert: true, Section: daily},
		{Label: g(ctx, "nav.meetings"), Href: "#", Icon: "calendar-days", Count: 6, Section: daily},
		{Label: g(ctx, "nav.directives"), Href: "#", Icon: "scroll-text", Count: 21, Section: daily},
		{Label: g(ctx, "nav.feedback"), Href: "#", Icon: "phone-call", Count: 9, Section: daily},
		{Label: g(ctx, "nav.citizens"), Href: "#", Icon: "users", Section: people},
		{Label: g(ctx, "nav.units"), Href: "#", Icon: "building-2", Section: people},
		{Label: g(ctx, "nav.ranking"), Href: "#", Icon: "trophy", Section: people},
		{Label: g(ctx, "nav.reports"), Href: "#", Icon: "chart-column", Section: people},
		{Label: g(ctx, "nav.settings"), Href: "#", Icon: "settings", Section: rules},
	}
	p.Flash = &Flash{Kind: Success, Text: g(ctx, "saved")}
	return p
}

func galleryMenu(ctx context.Context) []MenuItem {
	return []MenuItem{
		{Label: g(ctx, "refer"), Href: "#", Icon: "forward"},
		{Label: g(ctx, "merge"), Href: "#", Icon: "git-merge"},
		{Label: g(ctx, "print"), Href: "#", Icon: "printer"},
		{Label: g(ctx, "withdraw"), Href: "#", Icon: "x", Post: true, Danger: true, Divider: true},
	}
}

func galleryTopics(ctx context.Context) []Option {
	return []Option{
		{Value: "1", Label: g(ctx, "topic.1"), Group: g(ctx, "topic.network")},
		{Value: "2", Label: g(ctx, "topic.2"), Group: g(ctx, "topic.network")},
		{Value: "3", Label: g(ctx, "topic.3"), Group: g(ctx, "topic.service")},
	}
}

func galleryUnits(ctx context.Context) []Option {
	return []Option{
		{Value: "1", Label: g(ctx, "unit.1")}, {Value: "2", Label: g(ctx, "unit.2")},
		{Value: "3", Label: g(ctx, "unit.3")}, {Value: "90", Label: g(ctx, "unit90")},
	}
}

func galleryFiles(ctx context.Context) []FileItem {
	return []FileItem{
		{ID: "1", Name: g(ctx, "file.1"), Size: 1_840_000, Href: "#"},
		{ID: "2", Name: "IMG_20261121_183055_with_a_very_long_name_from_a_phone.jpg", Size: 420_000, Href: "#"},
		{ID: "3", Name: "video.mov", Error: g(ctx, "file.refused")},
	}
}

func galleryAnswers(ctx context.Context) []Fact {
	return []Fact{
		{Label: g(ctx, "kind"), Value: g(ctx, "kind.complaint"), ChangeHref: "#"},
		{Label: g(ctx, "unit"), Value: g(ctx, "unit90"), ChangeHref: "#"},
		{Label: g(ctx, "what_happened"), Value: g(ctx, "complaint"), ChangeHref: "#"},
		{Label: g(ctx, "mobile"), Value: messages.Digits(ctx, "0912 345 6789"), Dir: "ltr", ChangeHref: "#"},
		{Label: g(ctx, "files")},
	}
}

func galleryFacts(ctx context.Context) []Fact {
	return []Fact{
		{Label: g(ctx, "code"), Body: Code(CodeOpts{Text: "PX4K-7M2Q-9TB", Copy: true})},
		{Label: g(ctx, "state"), Body: Badge(BadgeOpts{Label: g(ctx, "state.in_progress"), Tone: Info})},
		{Label: g(ctx, "citizen"), Value: g(ctx, "person.1"), Icon: "user"},
		{Label: g(ctx, "mobile"), Value: messages.Digits(ctx, "0912 345 6789"), Dir: "ltr", Icon: "phone"},
		{Label: g(ctx, "unit"), Value: g(ctx, "unit90"), Icon: "building-2"},
		{Label: g(ctx, "address"), Value: ""},
	}
}

func galleryBadges(ctx context.Context) []BadgeOpts {
	return []BadgeOpts{
		{Label: g(ctx, "state.registered")},
		{Label: g(ctx, "state.triage"), Tone: Accent},
		{Label: g(ctx, "state.in_progress"), Tone: Info},
		{Label: g(ctx, "state.waiting"), Tone: Warning, Icon: "hourglass"},
		{Label: g(ctx, "state.answered"), Tone: Success, Icon: "check"},
		{Label: g(ctx, "state.overdue"), Tone: Danger, Icon: "octagon-alert"},
		{Label: g(ctx, "state.urgent"), Tone: Danger, Solid: true, Icon: "flag"},
		{Label: g(ctx, "state.closed"), Icon: "archive"},
	}
}

func galleryTabs(ctx context.Context) []Tab {
	return []Tab{
		{Label: g(ctx, "tab.mine"), Href: "#", Count: 38, Current: true},
		{Label: g(ctx, "tab.new"), Href: "#", Count: 7},
		{Label: g(ctx, "nav.overdue"), Href: "#", Count: 12, Alert: true},
		{Label: g(ctx, "tab.waiting"), Href: "#", Count: 4},
		{Label: g(ctx, "tab.closed"), Href: "#"},
	}
}

type galleryRow struct {
	code, subject, citizen, unit string
	tone                         Tone
	unread                       bool
	state                        BadgeOpts
	clock                        ClockOpts
}

func galleryCases(ctx context.Context) []galleryRow {
	badges := galleryBadges(ctx)
	clock := func(gone, left time.Duration) ClockOpts {
		return ClockOpts{Start: galleryNow.Add(-gone), Now: galleryNow, Due: galleryNow.Add(left)}
	}
	return []galleryRow{
		{"K3TW-90ZD-5MA", g(ctx, "subject.2"), g(ctx, "person.3"), g(ctx, "unit.1"), Danger, true, badges[5], clock(96*time.Hour, -48*time.Hour)},
		{"PX4K-7M2Q-9TB", g(ctx, "subject.1"), g(ctx, "person.1"), g(ctx, "unit90"), Neutral, true, badges[2], clock(43*time.Hour, 5*time.Hour)},
		{"8VHN-2C6R-YQJ", g(ctx, "subject.3"), g(ctx, "anonymous"), g(ctx, "unit.2"), Neutral, false, badges[3], ClockOpts{Due: galleryNow, Now: galleryNow, Paused: true}},
		{"B7FS-4XE1-0GP", g(ctx, "subject.4"), g(ctx, "person.4"), g(ctx, "unit.3"), Neutral, false, badges[4], clock(2*time.Hour, 46*time.Hour)},
	}
}

func galleryEvents(ctx context.Context) []TimelineItem {
	at := func(hours int) time.Time { return galleryNow.Add(-time.Duration(hours) * time.Hour) }
	return []TimelineItem{
		{Who: g(ctx, "person.1"), Role: g(ctx, "citizen"), What: g(ctx, "event.registered"), When: at(43), Text: g(ctx, "complaint"), Icon: "pencil", Tone: Accent, Attachments: galleryFiles(ctx)[:2]},
		{Who: g(ctx, "person.2"), Role: g(ctx, "role"), What: g(ctx, "event.referred"), When: at(42), Icon: "forward"},
		{Who: g(ctx, "unit90"), Role: g(ctx, "expert"), What: g(ctx, "event.note"), When: at(30), Text: g(ctx, "event.note_text"), Internal: true, Icon: "message-square"},
		{Who: g(ctx, "unit90"), Role: g(ctx, "expert"), What: g(ctx, "event.interim"), When: at(6), Text: g(ctx, "event.interim_text"), Icon: "hourglass", Tone: Info},
	}
}

func galleryPublicEvents(ctx context.Context) []TimelineItem {
	events := galleryEvents(ctx)
	return []TimelineItem{events[3], events[1], {Who: g(ctx, "you"), What: g(ctx, "event.registered"), When: events[0].When, Icon: "pencil", Tone: Accent}}
}

func galleryMonths(ctx context.Context) LineOpts {
	names := []string{"farvardin", "ordibehesht", "khordad", "tir", "mordad", "shahrivar", "mehr", "aban", "azar"}
	for i, name := range names {
		names[i] = g(ctx, "month."+name)
	}
	return LineOpts{Title: g(ctx, "chart.months"), Note: g(ctx, "nine_months"), What: g(ctx, "month"), Labels: names, Series: []Series{
		{Label: g(ctx, "chart.answered"), Values: []int{24, 35, 41, 50, 44, 52, 55, 47, 40}},
		{Label: g(ctx, "chart.open"), Values: []int{7, 3, 3, 2, 5, 3, 6, 3, 12}},
	}}
}

// galleryQR is a picture that looks like a code and is none.
func galleryQR() [][]bool {
	const n = 25
	rows := make([][]bool, n)
	for y := range rows {
		rows[y] = make([]bool, n)
		for x := range rows[y] {
			rows[y][x] = (x*7+y*13+x*y)%5 < 2
		}
	}
	for _, corner := range [][2]int{{0, 0}, {n - 7, 0}, {0, n - 7}} {
		for y := range 7 {
			for x := range 7 {
				edge := x == 0 || y == 0 || x == 6 || y == 6
				core := x > 1 && x < 5 && y > 1 && y < 5
				rows[corner[1]+y][corner[0]+x] = edge || core
			}
		}
	}
	return rows
}
