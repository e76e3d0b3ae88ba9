// Package inbound takes in what people send to the organization by other ways
// than its pages: replies to text messages, mail, calls and voice messages. What
// it means is decided here; what came is kept whatever it meant.
package inbound

import (
	"context"
	"slices"
	"time"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/notify"
	"pasokh/app/staff"
	"pasokh/tenants"
)

// The kinds of doors, and of what comes through them.
const (
	SMS       = "sms"
	Mail      = "mail"
	Calls     = "calls"
	Voicemail = "voicemail"
)

// Door is where something comes in.
type Door struct {
	tenants.BaseModel `bun:"table:inbound_doors,alias:door"`
	tenants.Owned
	ID        int64 `bun:",pk"`
	Kind      string
	GatewayID *int64 // of SMS: whose line it is
	Enabled   bool
	TokenHash string            // of the word in the webhook's address; empty: there is none
	Settings  map[string]string `bun:"type:jsonb"`
	Secrets   string            `json:"-"` // sealed
	Place     string            // how far the other side was read
	LastAt    *time.Time        // when something came
	Problem   string            // of the last look, carriers.Credentials …
	ProblemAt *time.Time
	LookedAt  *time.Time // when a mailbox was looked through
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Doors lists them.
func Doors(ctx context.Context, r tenants.Reader) ([]Door, error) {
	var list []Door
	return list, fault.Wrap(tenants.Err(r.Select(&list).Order("door.id").Scan(ctx)), "inbound.Doors")
}

// Hears tells whether replies to the organization's text messages come in: the
// gateway that sends first has an open door.
func Hears(ctx context.Context, r tenants.Reader) (bool, error) {
	g, err := notify.FirstGateway(ctx, r, SMS)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	list, err := Doors(ctx, r)
	return slices.ContainsFunc(list, func(d Door) bool {
		return d.Kind == SMS && d.Enabled && d.GatewayID != nil && *d.GatewayID == g.ID
	}), err
}

// DoorByWord finds the open door of a kind that a word opens; NotFound for any
// other word.
func DoorByWord(ctx context.Context, r tenants.Reader, kind, word string) (*Door, error) {
	if !tenants.IsToken(word) {
		return nil, fault.New(fault.NotFound, "error.not_found")
	}
	d := new(Door)
	err := r.Select(d).Where("door.token_hash = ? AND door.kind = ? AND door.enabled", tenants.HashToken(word), kind).Scan(ctx)
	return d, tenants.Err(err)
}

// lockDoor locks the door of a kind and gateway, and makes it when there is none.
func lockDoor(ctx context.Context, tx *tenants.Tx, kind string, gateway int64) (*Door, error) {
	if !slices.Contains([]string{SMS, Mail, Calls, Voicemail}, kind) {
		return nil, fault.New(fault.NotFound, "error.not_found")
	}
	if kind != SMS {
		gateway = 0
	} else if g, err := notify.GatewayByID(ctx, tx, gateway); err != nil {
		return nil, err
	} else if g.Channel != SMS {
		return nil, fault.New(fault.NotFound, "error.not_found")
	}
	d := new(Door)
	err := tx.Lock(ctx, d, "door.kind = ? AND coalesce(door.gateway_id, 0) = ?", kind, gateway)
	if !fault.Is(err, fault.NotFound) {
		return d, err
	}
	d = &Door{ID: tenants.NewID(), Kind: kind, Settings: map[string]string{}, CreatedAt: tx.Now(), UpdatedAt: tx.Now()}
	if gateway != 0 {
		d.GatewayID = &gateway
	}
	return d, tx.Insert(ctx, d)
}

// Open opens or shuts a door: what a gateway holds is fetched, and its webhook
// answers, only while it is open.
func Open(ctx context.Context, tx *tenants.Tx, kind string, gateway int64, on bool) error {
	d, err := lockDoor(ctx, tx, kind, gateway)
	if err != nil {
		return err
	}
	act := "inbound.shut"
	if on {
		act = "inbound.opened"
	}
	d.Enabled, d.UpdatedAt = on, tx.Now()
	if err := tx.Update(ctx, d, "enabled", "updated_at"); err != nil {
		return err
	}
	if err := audit.Record(ctx, tx, act, "inbound_door", d.ID, kind); err != nil {
		return err
	}
	return staff.TellSecurity(ctx, tx, false)
}

// NewWord gives a door a new word, opens it, and gives the word: it is kept as a
// hash only. The word before opens nothing any more.
func NewWord(ctx context.Context, tx *tenants.Tx, kind string, gateway int64) (string, error) {
	d, err := lockDoor(ctx, tx, kind, gateway)
	if err != nil {
		return "", err
	}
	word := tenants.NewToken()
	d.TokenHash, d.Enabled, d.UpdatedAt = tenants.HashToken(word), true, tx.Now()
	if err := tx.Update(ctx, d, "token_hash", "enabled", "updated_at"); err != nil {
		return "", err
	}
	if err := audit.Record(ctx, tx, "inbound.word", "inbound_door", d.ID, kind); err != nil {
		return "", err
	}
	return word, staff.TellSecurity(ctx, tx, false)
}

// noteLook keeps what a look through a door came to.
func (d *Door) noteLook(ctx context.Context, tx *tenants.Tx, problem string) error {
	if d.Problem == problem && problem == "" {
		return nil
	}
	now := tx.Now()
	if d.Problem, d.ProblemAt = problem, &now; problem == "" {
		d.ProblemAt = nil
	}
	return tx.Update(ctx, d, "problem", "problem_at")
}

// Setting implements tenants.Setting. How far a door was read is none, and of its
// credentials only that they are others is kept.
func (d *Door) Setting() tenants.SettingRow {
	return tenants.SettingRow{
		Area: tenants.AreaGateways, Secret: []string{"secrets", "token_hash"},
		Hidden: []string{"place", "last_at", "problem", "problem_at", "looked_at"},
	}
}
