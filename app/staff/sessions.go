package staff

import (
	"context"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/tenants"
)

// Device is the browser that somebody signs in with.
type Device struct {
	Agent  string // its User-Agent
	IP     string
	Token  string // its lasting name for this purpose; empty: it is not recognized
	Holder string // hash of its name as forms are bound to it
}

const agentBytes = 200

// agent is what is kept of the User-Agent.
func (d Device) agent() string {
	return strings.ToValidUTF8(d.Agent[:min(len(d.Agent), agentBytes)], "")
}

// holder is never empty, so that a half of a sign-in belongs to some browser.
func (d Device) holder() string {
	if d.Holder == "" {
		return tenants.HashToken("")
	}
	return d.Holder
}

// Agent says in keys of the catalogue (device.…) what a User-Agent claims to be.
// Order matters: browsers name their ancestors, too.
func Agent(userAgent string) (browser, system string) {
	find := func(unknown, words string) string {
		for pair := range strings.FieldsSeq(words) {
			mark, name, _ := strings.Cut(pair, "=")
			if strings.Contains(userAgent, mark) {
				return "device." + name
			}
		}
		return unknown
	}
	return find("device.unknown_browser", "Edg=edge OPR/=opera SamsungBrowser=samsung YaBrowser=yandex Firefox=firefox FxiOS=firefox CriOS=chrome Chrome=chrome Safari=safari"),
		find("device.unknown_system", "Android=android iPhone=iphone iPad=ipad Windows=windows CrOS=chromeos Mac=mac Linux=linux")
}

// Network is the beginning of an address, enough to tell places apart: three
// parts of IPv4, three groups of IPv6.
func Network(ip string) string {
	at, err := netip.ParseAddr(ip)
	if err != nil {
		return ""
	}
	bits := 24
	if at.Is6() {
		bits = 48
	}
	prefix, err := at.Prefix(bits)
	if err != nil {
		return ""
	}
	return prefix.String()
}

// handleLength of the letters of a session's ID tell it from the others of the
// same person.
const handleLength = 16

// Handle names a session on the person's own page.
func Handle(sessionID string) string { return sessionID[:min(len(sessionID), handleLength)] }

// shownSessions bounds the list of one person.
const shownSessions = 50

// Sessions lists the live sessions of an account, the one in use last first.
func Sessions(ctx context.Context, r tenants.Reader, staffID int64) ([]tenants.Session, error) {
	var list []tenants.Session
	err := r.Select(&list).Where("session.staff_id = ? AND session.seen_at > ?", staffID, r.Now().Add(-tenants.SessionIdle)).
		Where("session.expires_at > ?", r.Now()).Order("session.seen_at DESC", "session.id").Limit(shownSessions).Scan(ctx)
	return list, fault.Wrap(tenants.Err(err), "staff.Sessions")
}

// EndSession ends one of the actor's own sessions by its handle; NotFound when
// there is none.
func EndSession(ctx context.Context, tx *tenants.Tx, handle string) error {
	id := tx.Actor().ID
	if len(handle) != handleLength {
		return fault.New(fault.NotFound, "error.not_found")
	}
	n, err := tx.Delete(ctx, (*tenants.Session)(nil), "staff_id = ? AND substr(id, 1, ?) = ?", id, handleLength, handle)
	if err != nil {
		return fault.Wrap(err, "staff.EndSession")
	}
	if n == 0 {
		return fault.New(fault.NotFound, "error.not_found")
	}
	return audit.Record(ctx, tx, "session:end", "staff", id, "")
}

// EndSessions ends all sessions of an account except the one with that ID
// (empty: none stays), and what waits for a second factor.
func EndSessions(ctx context.Context, tx *tenants.Tx, staffID int64, exceptID string) error {
	n, err := tx.Delete(ctx, (*tenants.Session)(nil), "staff_id = ? AND id <> ?", staffID, exceptID)
	if err != nil {
		return fault.Wrap(err, "staff.EndSessions")
	}
	if _, err := tx.Delete(ctx, (*halfRow)(nil), "staff_id = ?", staffID); err != nil {
		return fault.Wrap(err, "staff.EndSessions")
	}
	return audit.Record(ctx, tx, "session:end_all", "staff", staffID, "sessions="+strconv.FormatInt(n, 10))
}

// KindNewDevice is the fact that somebody signed in with a browser that they
// had not signed in with before.
const KindNewDevice = "staff.new_device"

// NewDevice is its payload.
type NewDevice struct {
	StaffID  int64 `json:"staff_id"`
	DeviceID int64 `json:"device_id"`
}

// deviceRow is a browser that an account has signed in with.
type deviceRow struct {
	tenants.BaseModel `bun:"table:staff_devices,alias:device"`
	tenants.Owned
	ID        int64 `bun:",pk"`
	StaffID   int64
	TokenHash string
	UserAgent string
	IP        string `bun:"ip"`
	CreatedAt time.Time
	SeenAt    time.Time
}

// recognize notes the browser; one that is new to an account that has signed in
// with another before is told to the person.
func (s *Staff) recognize(ctx context.Context, tx *tenants.Tx, from Device) error {
	if from.Token == "" {
		return nil
	}
	now, hash, known := tx.Now(), tenants.HashToken(from.Token), 0
	n, err := tx.Set(ctx, (*deviceRow)(nil), "seen_at = ?", []any{now}, "staff_id = ? AND token_hash = ?", s.ID, hash)
	if err != nil || n > 0 {
		return fault.Wrap(err, "staff.recognize")
	}
	if err := tx.Select((*deviceRow)(nil)).ColumnExpr("COUNT(*)").Where("device.staff_id = ?", s.ID).Scan(ctx, &known); err != nil {
		return fault.Wrap(tenants.Err(err), "staff.recognize")
	}
	row := &deviceRow{ID: tenants.NewID(), StaffID: s.ID, TokenHash: hash, UserAgent: from.agent(), IP: from.IP, CreatedAt: now, SeenAt: now}
	fresh, err := tx.InsertNew(ctx, row)
	if err != nil || !fresh || known == 0 {
		return fault.Wrap(err, "staff.recognize")
	}
	return tx.Enqueue(ctx, KindNewDevice, NewDevice{StaffID: s.ID, DeviceID: row.ID})
}

// Browser is a browser that somebody signed in with.
type Browser struct {
	UserAgent string
	At        time.Time
}

// BrowserByID reads one; NotFound when it is gone.
func BrowserByID(ctx context.Context, r tenants.Reader, id int64) (Browser, error) {
	row := new(deviceRow)
	err := tenants.Err(r.Select(row).Where("device.id = ?", id).Scan(ctx))
	return Browser{UserAgent: row.UserAgent, At: row.CreatedAt}, err
}
