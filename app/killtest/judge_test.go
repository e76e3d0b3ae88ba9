package killtest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/notify"
	"pasokh/app/persian"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// books is what the database says.
type books struct {
	complaints []complaints.Complaint
	meetings   []meetings.Meeting
	claims     []meetings.SeatClaim
	people     []citizens.Citizen
	messages   []notify.Message
	dead       int64
}

func (w *world) books() (*books, error) {
	root, db, err := w.open()
	if err != nil {
		return nil, err
	}
	defer root.Close() //nolint:errcheck // only read
	defer db.Release()
	b := new(books)
	for _, list := range []any{&b.complaints, &b.meetings, &b.claims, &b.people, &b.messages} {
		if err := db.Select(list).Scan(w.ctx); err != nil {
			return nil, err
		}
	}
	b.dead, err = db.Select((*tenants.Task)(nil)).Where("task.dead").Count(w.ctx)
	return b, err
}

// backlog counts what is due and not done.
func (w *world) backlog() (int64, error) {
	root, db, err := w.open()
	if err != nil {
		return 0, err
	}
	defer root.Close() //nolint:errcheck // only read
	defer db.Release()
	return db.Select((*tenants.Task)(nil)).Where("task.done_at IS NULL AND task.dead = FALSE AND task.run_at <= ?", db.Now()).Count(w.ctx)
}

// settle waits until the backlog is empty and tells how long that took.
func (w *world) settle(t *testing.T, limit time.Duration) time.Duration {
	t.Helper()
	began, last := time.Now(), int64(-1)
	for {
		left, err := w.backlog()
		if err == nil && left == 0 {
			return time.Since(began)
		}
		if time.Since(began) > limit || w.ctx.Err() != nil {
			t.Errorf("%d tasks are left after %s (%v)", last, limit, err)
			return time.Since(began)
		}
		last = left
		time.Sleep(100 * time.Millisecond)
	}
}

// verdict is what the judge counts.
type verdict struct{ Acked, Lost, Double, Unsent, Twice, Failed, Dead int }

func (v verdict) bad() bool { return v.Lost+v.Double+v.Unsent+v.Twice+v.Failed+v.Dead > 0 }

func (v verdict) String() string {
	return fmt.Sprintf("acknowledged %d, lost %d, double %d, without message %d, messages with more than one key %d, failed requests %d, dead tasks %d",
		v.Acked, v.Lost, v.Double, v.Unsent, v.Twice, v.Failed, v.Dead)
}

// judge compares the ledger of what was acknowledged with the database and with
// what the provider has.
func (w *world) judge(t *testing.T, ledger []act) verdict {
	t.Helper()
	b, err := w.books()
	if err != nil {
		t.Fatal(err)
	}
	v := verdict{Dead: int(b.dead)}
	mobile := map[int64]string{}
	for _, p := range b.people {
		mobile[p.ID] = p.Mobile
	}
	stands := map[string]int{}
	for _, c := range b.complaints {
		stands[mobile[*c.CitizenID]]++
	}
	for _, m := range b.meetings {
		stands[mobile[m.CitizenID]]++
	}
	reached := w.provider.reached()
	for _, a := range ledger {
		who := filer(a.number)
		if a.booked {
			who = booker(a.number / 2)
		}
		local := persian.ShowMobile(who)
		v.count(t, a, stands[who], max(reached[local], reached[plain(who)]))
	}
	for who, n := range stands {
		if n > 1 {
			v.Double++
			t.Errorf("%s stands %d times", who, n)
		}
	}
	v.seats(t, b)
	for _, p := range w.all() {
		if list := p.panics(t); len(list) > 0 {
			t.Errorf("panics: %s", strings.Join(list, ""))
		}
	}
	return v
}

// plain is a mobile number as the gateways take it.
func plain(e164 string) string { return "0" + strings.TrimPrefix(e164, "+98") }

func (v *verdict) count(t *testing.T, a act, stands, reached int) {
	t.Helper()
	if a.err != nil {
		if v.Failed++; v.Failed < 10 {
			t.Error(a.err)
		}
		return
	}
	v.Acked++
	if stands == 0 {
		v.Lost++
		t.Errorf("what citizen %d did is lost", a.number)
	}
	switch {
	case reached == 0:
		v.Unsent++
		t.Errorf("citizen %d was never written to", a.number)
	case reached > 1:
		v.Twice++
		t.Errorf("citizen %d was written to under %d keys", a.number, reached)
	}
}

// seats: no seat has two meetings, every standing meeting has one, and no slot
// has more of them than seats.
func (v *verdict) seats(t *testing.T, b *books) {
	t.Helper()
	taken, slots := map[int64]int{}, map[[2]int64]int{}
	for _, c := range b.claims {
		if c.MeetingID != nil {
			taken[*c.MeetingID]++
			slots[[2]int64{c.SessionID, int64(c.SlotNumber)}]++
		}
	}
	for _, m := range b.meetings {
		if taken[m.ID] != 1 {
			v.Double++
			t.Errorf("meeting %d has %d seats", m.ID, taken[m.ID])
		}
	}
	for slot, n := range slots {
		if n > seatsEach {
			v.Double++
			t.Errorf("slot %v has %d of %d seats taken", slot, n, seatsEach)
		}
	}
}

// spread tells the middle and the largest of some times.
func spread(list []time.Duration) string {
	if len(list) == 0 {
		return "-"
	}
	slices.Sort(list)
	ms := func(d time.Duration) string { return d.Round(time.Millisecond).String() }
	return fmt.Sprintf("%d times, median %s, longest %s", len(list), ms(list[len(list)/2]), ms(list[len(list)-1]))
}

// p99 of how long acts took.
func p99(ledger []act) time.Duration {
	if len(ledger) == 0 {
		return 0
	}
	list := make([]time.Duration, len(ledger))
	for i, a := range ledger {
		list[i] = a.took
	}
	slices.Sort(list)
	return list[len(list)*99/100].Round(time.Millisecond)
}
