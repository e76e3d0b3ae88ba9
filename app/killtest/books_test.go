package killtest_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/notify"
	"pasokh/tenants"
)

// books is what the database says of one organization.
type books struct {
	org        *tenants.Tenant
	now        time.Time
	complaints []complaints.Complaint
	people     map[string]citizens.Citizen // by mobile number
	codes      []citizens.Code
	tasks      []tenants.Task
	messages   map[string]notify.Message // by key
}

// open opens the database beside the program.
func (w *world) open(t *testing.T) *tenants.Root {
	t.Helper()
	root, err := tenants.Open(w.ctx, w.url, w.dir, tenants.SystemClock)
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// each reads the books of every organization.
func (w *world) each(t *testing.T, fn func(*books)) {
	t.Helper()
	root := w.open(t)
	defer root.Close() //nolint:errcheck // only read
	for _, org := range w.orgs {
		b, err := read(w.ctx, root, org)
		if err != nil {
			t.Fatal(err)
		}
		fn(b)
	}
}

func read(ctx context.Context, root *tenants.Root, org *tenants.Tenant) (*books, error) {
	db := root.For(org)
	defer db.Release()
	b := &books{org: org, now: db.Now(), people: map[string]citizens.Citizen{}, messages: map[string]notify.Message{}}
	var people []citizens.Citizen
	var sent []notify.Message
	for _, list := range []any{&b.complaints, &b.codes, &b.tasks, &people, &sent} {
		if err := db.Select(list).Scan(ctx); err != nil {
			return nil, err
		}
	}
	for _, p := range people {
		b.people[p.Mobile] = p
	}
	for _, m := range sent {
		b.messages[m.Key] = m
	}
	return b, nil
}

// undone lists what is due and waits for somebody to do it.
func (b *books) undone() (list []tenants.Task) {
	for _, task := range b.tasks {
		if task.DoneAt == nil && !task.Dead && !task.RunAt.After(b.now) {
			list = append(list, task)
		}
	}
	return list
}

// message is the one that the task has made, if it has.
func (b *books) message(task tenants.Task) (m notify.Message, ok bool) {
	for key, m := range b.messages {
		if strings.HasPrefix(key, fmt.Sprintf("%d@", task.ID)) {
			return m, true
		}
	}
	return m, false
}

// interrupted tells whether the kills so far left a message carried that the
// database does not know to be carried: only its key keeps it from being sent
// twice. A code is not sent again whatever its key. Nobody is sending meanwhile.
func (w *world) interrupted(t *testing.T) bool {
	t.Helper()
	var claimed, carried, codes, noted int
	w.each(t, func(b *books) {
		sent := w.carried(t, b.org)
		for _, task := range b.undone() {
			switch m, ok := b.message(task); {
			case !ok:
			case m.State != notify.Sending:
				noted++
			case sent[m.Key] == 0:
				claimed++
			case m.Text == "":
				codes++
			default:
				carried++
			}
		}
	})
	t.Logf("cut off: %d messages claimed, %d carried and %d codes, %d noted and the task not done", claimed, carried, codes, noted)
	return carried > 0
}

// settle waits until nothing is left that is due and not done.
func (w *world) settle(t *testing.T) {
	t.Helper()
	root := w.open(t)
	defer root.Close() //nolint:errcheck // only read
	await(w.ctx, t, 50*time.Millisecond, "the work that is left", func() bool {
		left := 0
		for _, org := range w.orgs {
			db := root.For(org)
			defer db.Release()
			var list []tenants.Task
			if err := db.Select(&list).Where("task.done_at IS NULL AND task.dead = FALSE AND task.run_at <= ?", db.Now()).Scan(w.ctx); err != nil {
				t.Fatal(err)
			}
			left += len(list)
		}
		return left == 0
	})
}

// away lets the program have been down for a minute: what it had begun is
// nobody's any more, and what failed may be tried again.
func (w *world) away(t *testing.T) {
	t.Helper()
	root := w.open(t)
	defer root.Close() //nolint:errcheck // everything is committed
	for _, org := range w.orgs {
		err := root.For(org).Write(w.ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
			ago := []any{tx.Now().Add(-time.Minute)}
			if _, err := tx.Set(w.ctx, (*notify.Message)(nil), "sent_at = ?", ago, "state = ?", notify.Sending); err != nil {
				return err
			}
			_, err := tx.Set(w.ctx, (*tenants.Task)(nil), "retry_at = ?", ago, "retry_at > ?", tx.Now())
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
