package killtest_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/notify"
	"pasokh/app/persian"
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

// interrupted tells whether the kills so far left a task between two of its
// steps: a message claimed and perhaps sent, or sent and the task not done.
// Nobody is sending meanwhile.
func (w *world) interrupted(t *testing.T) bool {
	t.Helper()
	var sending, sent int
	w.each(t, func(b *books) {
		for _, task := range b.undone() {
			switch m, ok := b.message(task); {
			case ok && m.State == notify.Sending:
				sending++
			case ok:
				sent++
			}
		}
	})
	t.Logf("killed between claim and note: %d messages; between note and done: %d", sending, sent)
	return sending+sent > 0
}

// left counts what is due and not done.
func (w *world) left(t *testing.T) (n int) {
	t.Helper()
	w.each(t, func(b *books) { n += len(b.undone()) })
	return n
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

// judge compares what the citizens know, what the database says, and what the
// sender carried.
func (w *world) judge(t *testing.T, c *crowd) {
	t.Helper()
	w.each(t, func(b *books) {
		b.judgeActs(t, c.of(b.org))
		b.judgeTasks(t)
		w.judgeSender(t, b)
		t.Logf("%s: %d complaints, %d codes, %d tasks, %d messages", b.org.Slug, len(b.complaints), len(b.codes), len(b.tasks), len(b.messages))
	})
	for _, p := range w.processes {
		for _, l := range p.lines(t) {
			if l.Level == "ERROR" {
				t.Errorf("the log has an error:\n%s", p.output(t))
				break
			}
		}
	}
	if w.url == "" {
		w.checkFile(t)
	}
}

// judgeActs: what was acknowledged stands, once, and nothing else does.
func (b *books) judgeActs(t *testing.T, acts []act) {
	t.Helper()
	filed, asked := map[int64][]complaints.Complaint{}, map[string]int{}
	for _, c := range b.complaints {
		filed[*c.CitizenID] = append(filed[*c.CitizenID], c)
	}
	for _, c := range b.codes {
		asked[c.Mobile]++
	}
	for _, a := range acts {
		own := filed[b.people[a.mobile].ID]
		switch {
		case a.asked && asked[a.mobile] != 1:
			t.Errorf("%s asked for a code: there are %d", a.mobile, asked[a.mobile])
		case !a.asked && len(own) != 1:
			t.Errorf("%s filed a complaint: there are %d", a.mobile, len(own))
		case a.code != "" && a.code != persian.ShowCode(own[0].Code):
			t.Errorf("%s was given the code %s of another complaint", a.mobile, a.code)
		}
	}
	if len(b.complaints)+len(b.codes) != len(acts) {
		t.Errorf("%d complaints and %d codes of %d citizens", len(b.complaints), len(b.codes), len(acts))
	}
}

// judgeTasks: every fact has one task, every task is done and has made one
// message, and every message has come to its end. Only a code whose fate nobody
// knows is given up: it is worthless by then, and is kept nowhere to be repeated.
func (b *books) judgeTasks(t *testing.T) {
	t.Helper()
	facts := map[int64]int{}
	for _, task := range b.tasks {
		var ids struct {
			Complaint int64 `json:"complaint_id"`
			Code      int64 `json:"otp_id"`
		}
		if err := task.IDs(&ids); err != nil {
			t.Fatal(err)
		}
		facts[ids.Complaint+ids.Code]++
		m, ok := b.message(task)
		switch {
		case task.DoneAt == nil:
			t.Errorf("%s is not done: %q", task.Kind, task.Result)
		case !ok:
			t.Errorf("%s sent nothing: %q", task.Kind, task.Result)
		case m.State != notify.Accepted && (m.Text != "" || m.State != notify.Unknown):
			t.Errorf("message of %s is %s", task.Kind, m.State)
		}
	}
	for _, c := range b.complaints {
		facts[c.ID]--
	}
	for _, c := range b.codes {
		facts[c.ID]--
	}
	for id, n := range facts {
		if n != 0 {
			t.Errorf("%d has %+d tasks too many", id, n)
		}
	}
	if len(b.messages) != len(b.tasks) {
		t.Errorf("%d messages of %d tasks", len(b.messages), len(b.tasks))
	}
}

// judgeSender: the sender was given every message under its own key. Where it
// outlives the program, it carried every key once; where it dies with it, a life
// carries no key twice, each further time was claimed, and a code is not repeated.
func (w *world) judgeSender(t *testing.T, b *books) {
	t.Helper()
	carried := w.carried(t, b.org)
	for key, times := range carried {
		m, ok := b.messages[key]
		switch {
		case !ok:
			t.Errorf("the sender carried %s, of which nobody knows", key)
		case times > m.Attempts, times > 1 && (w.redis != nil || m.Text == ""):
			t.Errorf("%s %s was carried %d times in %d attempts", m.Template, key, times, m.Attempts)
		}
	}
	for key, m := range b.messages {
		if m.State == notify.Accepted && carried[key] == 0 {
			t.Errorf("%s %s was never carried", m.Template, key)
		}
	}
}

// carried counts how often the sender carried each key.
func (w *world) carried(t *testing.T, org *tenants.Tenant) map[string]int {
	t.Helper()
	all := map[string]int{}
	if w.redis != nil {
		list, err := notify.ConsoleMessages(w.ctx, w.redis, org.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range list {
			all[m.Key]++
		}
		return all
	}
	for _, p := range w.processes {
		life := map[string]bool{}
		for _, l := range p.carried(t) {
			if l.Tenant != org.ID {
				continue
			}
			if life[l.Key] {
				t.Errorf("%s was carried twice in one life", l.Key)
			}
			life[l.Key] = true
			all[l.Key]++
		}
	}
	return all
}

// checkFile has SQLite look for damage.
func (w *world) checkFile(t *testing.T) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(w.dir, "pasokh.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // only read
	var word string
	if err := db.QueryRowContext(w.ctx, "PRAGMA integrity_check").Scan(&word); err != nil || word != "ok" {
		t.Errorf("integrity: %q, %v", word, err)
	}
}
