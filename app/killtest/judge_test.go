package killtest_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"pasokh/app/complaints"
	"pasokh/app/notify"
	"pasokh/app/persian"
	"pasokh/tenants"
)

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
			if strings.HasPrefix(l.Msg, "panic") {
				t.Errorf("%s:\n%s", l.Msg, p.output(t))
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
			if string(l.Tenant) != fmt.Sprint(org.ID) {
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
