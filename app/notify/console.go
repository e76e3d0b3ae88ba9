package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"github.com/redis/go-redis/v9"

	"pasokh/app/fault"
	"pasokh/app/persian"
)

const (
	consoleKept = 200           // newest messages of one organization
	consoleFor  = 2 * time.Hour // and no longer than this
)

// Console carries messages to nobody: a line in the log, and a short list in
// Redis that the page for developers shows. For demonstrations only.
type Console struct {
	Redis redis.UniversalClient
	Log   *slog.Logger
	Show  bool // write number and text into the log, too
	Clock func() time.Time
}

// ConsoleMessage is one line of the page for developers.
type ConsoleMessage struct {
	At       time.Time `json:"at"`
	Key      string    `json:"key"`
	Template string    `json:"template"`
	To       string    `json:"to"` // mobile number, E.164
	Text     string    `json:"text"`
}

// Name implements Sender.
func (c *Console) Name() string { return "console" }

// Keyed implements carriers.Keyed.
func (c *Console) Keyed() bool { return true }

// carryOnce keeps a message unless its key was seen, in one step, so that a
// process that dies leaves either both or nothing.
var carryOnce = redis.NewScript(`
if not redis.call('SET', KEYS[1], '1', 'NX', 'EX', ARGV[1]) then return 0 end
redis.call('LPUSH', KEYS[2], ARGV[2])
redis.call('LTRIM', KEYS[2], 0, ARGV[3])
redis.call('EXPIRE', KEYS[2], ARGV[1])
return 1`)

// Send implements Sender.
func (c *Console) Send(ctx context.Context, m Outgoing) (string, error) {
	line, err := json.Marshal(ConsoleMessage{At: c.Clock(), Key: m.Key, Template: m.Template, To: m.To, Text: m.Text})
	if err != nil {
		return "", fault.Wrap(err, "notify.Console")
	}
	keys := []string{consoleKey(m.TenantID) + ":" + m.Key, consoleKey(m.TenantID)}
	fresh, err := carryOnce.Run(ctx, c.Redis, keys, int(consoleFor/time.Second), line, consoleKept-1).Bool()
	if err != nil {
		return "", fault.Wrap(err, "notify.Console")
	}
	if fresh {
		c.log(ctx, m)
	}
	return "console-" + m.Key, nil
}

func (c *Console) log(ctx context.Context, m Outgoing) {
	attrs := []any{"tenant", m.TenantID, "key", m.Key, "template", m.Template, "to", persian.MaskMobile(m.To)}
	if c.Show {
		attrs = append(attrs, "spoken", m.Text)
	}
	c.Log.InfoContext(ctx, "message", attrs...)
}

// ConsoleMessages lists what the console sender carried for an organization in
// the last hours, newest first.
func ConsoleMessages(ctx context.Context, r redis.UniversalClient, tenantID int64) ([]ConsoleMessage, error) {
	lines, err := r.LRange(ctx, consoleKey(tenantID), 0, consoleKept-1).Result()
	if err != nil {
		return nil, fault.Wrap(err, "notify.ConsoleMessages")
	}
	list := make([]ConsoleMessage, len(lines))
	for i, line := range lines {
		if err := json.Unmarshal([]byte(line), &list[i]); err != nil {
			return nil, fault.Wrap(err, "notify.ConsoleMessages")
		}
	}
	return list, nil
}

// consoleKey has braces so that both keys of the script live on one node of a
// cluster.
func consoleKey(tenantID int64) string { return fmt.Sprintf("{console:%d}", tenantID) }
