package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"

	"pasokh/app/persian"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// What booking is measured with: windows with very many seats, so that no
// measured booking is refused, and one session in which racers meet.
const (
	racers     = 1000
	racedSeats = 100
	racedSlots = 20
	roomySeats = 20 // of each slot
	executives = 8
)

// stage is where bookings are measured: free seats of each executive, and the
// session of the race.
type stage struct {
	seats []seat // of all executives in turn
	race  meetings.OpenSession
	bare  meetings.OpenSession // the bare handler's own
}

type seat struct {
	executive, session int64
	slot               int
}

// booking measures the page of free times and the booking itself, each beside a
// bare handler, and then lets a thousand clients race for a hundred seats
// through two processes.
func (s *server) booking(ctx context.Context, r *report) error {
	set, err := s.plan(ctx)
	if err != nil {
		return err
	}
	host := tenant + ".localhost" + s.addr[strings.LastIndexByte(s.addr, ':'):]
	officer, err := s.session(host, "/sign-in", "/session", url.Values{"user": {"pr"}, "password": {password()}})
	if err != nil {
		return err
	}
	b := &booker{server: s, host: host, cookie: officer}
	if b.token, err = b.form(); err != nil {
		return err
	}
	if err := s.availability(ctx, r, host, set); err != nil {
		return err
	}
	if err := b.measure(ctx, r, set); err != nil {
		return err
	}
	return b.compete(ctx, r, set)
}

// plan gives every executive days with room, and one more the session of the
// race.
func (s *server) plan(ctx context.Context) (*stage, error) {
	root, err := openRoot(ctx, s.database)
	if err != nil {
		return nil, err
	}
	defer root.Close() //nolint:errcheck // a tool's end
	t, err := root.UnscopedTenantBySlug(ctx, tenant)
	if err != nil {
		return nil, err
	}
	db := root.For(t)
	defer db.Release()
	var list []directives.Executive
	specs := make([]tenants.ExecutiveSpec, executives)
	for i := range specs {
		specs[i] = tenants.ExecutiveSpec{Code: fmt.Sprintf("bench-%d", i), PostFA: "معاون", PostEN: "Deputy", NameFA: "نام", NameEN: "Name"}
	}
	roomy := tenants.WindowSpec{From: 14 * 60, Until: 18 * 60, SlotMinutes: 30, Seats: roomySeats, SiteFA: "تالار", SiteEN: "Hall"}
	raced := tenants.WindowSpec{From: 8 * 60, Until: 8*60 + 5*racedSlots, SlotMinutes: 5, Seats: racedSeats / racedSlots, SiteFA: "تالار", SiteEN: "Hall"}
	err = db.Write(ctx, tenants.SystemActor(), func(tx *tenants.Tx) (err error) {
		if list, err = directives.Seed(ctx, tx, specs, nil); err != nil {
			return err
		}
		for _, e := range list {
			for _, roomy.Weekday = range []int{0, 2, 4} {
				if _, err := meetings.AddWindow(ctx, tx, e.ID, roomy); err != nil {
					return err
				}
			}
		}
		raced.Weekday = 2
		if _, err := meetings.AddWindow(ctx, tx, list[0].ID, raced); err != nil {
			return err
		}
		_, err = meetings.Generate(ctx, tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	return arrange(ctx, db, list)
}

// arrange lists the free seats, those of each executive in turn.
func arrange(ctx context.Context, db *tenants.DB, list []directives.Executive) (*stage, error) {
	var lists [][]seat
	set := &stage{}
	for _, e := range list {
		sessions, err := meetings.DeskSessions(ctx, db, e.ID)
		if err != nil {
			return nil, err
		}
		var own []seat
		for _, o := range sessions {
			switch {
			case len(o.Slots) == racedSlots:
				set.race = o
			case o.Slots[0].Seats == roomySeats && set.bare.ID == 0:
				set.bare = o
			case o.Slots[0].Seats == roomySeats:
				for _, slot := range o.Slots {
					own = append(own, slices.Repeat([]seat{{e.ID, o.ID, slot.Number}}, slot.Free)...)
				}
			}
		}
		lists = append(lists, own)
	}
	for i := 0; ; i++ {
		some := false
		for _, own := range lists {
			if i < len(own) {
				set.seats, some = append(set.seats, own[i]), true
			}
		}
		if !some {
			break
		}
	}
	if set.race.ID == 0 || set.bare.ID == 0 || len(set.seats) == 0 {
		return nil, errors.New("no sessions to book in")
	}
	return set, nil
}

// booker books for other people, as an officer on the phone does.
type booker struct {
	*server
	host, cookie, token string
	people              atomic.Int64
}

const bookingForm = "/desk/meetings/new"

// form reads the token of the form.
func (b *booker) form() (string, error) {
	req, res := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	req.SetRequestURI("http://" + b.host + bookingForm)
	req.Header.Set("Cookie", b.cookie)
	if err := (&fasthttp.HostClient{Addr: b.addr}).Do(req, res); err != nil {
		return "", err
	}
	found := token.FindSubmatch(res.Body())
	if found == nil {
		return "", fmt.Errorf("%s answered %d without a form", bookingForm, res.StatusCode())
	}
	return string(found[1]), nil
}

// book asks for a seat for somebody new and gives the status of the answer.
func (b *booker) book(client *fasthttp.HostClient, at seat) (int, error) {
	n := b.people.Add(1)
	form := url.Values{
		"_csrf": {b.token}, "executive": {strconv.FormatInt(at.executive, 10)}, "mobile": {fmt.Sprintf("0914%07d", n)}, "name": {"شهروند نمونه"},
		"national_id": {nationalID(n)}, "subject": {"درخواست گازرسانی"}, "text": {"روستای ما سه سال است در نوبت گازرسانی است."}, "channel": {"phone"},
		"slot": {strconv.FormatInt(at.session, 10) + "-" + strconv.Itoa(at.slot)},
	}
	req, res := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
	defer fasthttp.ReleaseRequest(req)
	defer fasthttp.ReleaseResponse(res)
	req.SetRequestURI("http://" + b.host + bookingForm)
	req.Header.SetMethod(http.MethodPost)
	req.Header.Set("Cookie", b.cookie)
	req.Header.Set("Origin", "http://"+b.host)
	req.Header.SetContentType("application/x-www-form-urlencoded")
	req.SetBodyString(form.Encode())
	err := client.Do(req, res)
	return res.StatusCode(), err
}

// nationalID makes a valid one: nine digits and the check digit.
func nationalID(n int64) string {
	for check := range 10 {
		if id, ok := persian.NationalID(fmt.Sprintf("%09d%d", 100_000_000+n, check)); ok {
			return id
		}
	}
	panic("no check digit fits")
}

// measure books for some seconds.
func (b *booker) measure(ctx context.Context, r *report, set *stage) error {
	client := &fasthttp.HostClient{Addr: b.addr, MaxConns: clients}
	var next atomic.Int64
	mine, err := repeated(func() error {
		n := int(next.Add(1)) - 1
		if n >= len(set.seats) {
			return errors.New("all seats are taken")
		}
		status, err := b.book(client, set.seats[n])
		if err == nil && status != http.StatusSeeOther {
			err = fmt.Errorf("booking answered %d", status)
		}
		return err
	})
	if err != nil {
		return err
	}
	top, err := b.bareInsert(ctx, set)
	if err != nil {
		return err
	}
	r.add(b.shape+" booking", mine.rate, "req/s", mine.rate/top.rate)
	r.add(b.shape+" booking p99", float64(mine.p99.Microseconds())/1000, "ms", 0)
	r.add(b.shape+" booking bare handler, the INSERT alone", top.rate, "req/s", 0)
	return nil
}

// bareInsert measures a handler that only writes the claim of a seat.
func (b *booker) bareInsert(_ context.Context, set *stage) (result, error) {
	addr, stop, err := beside(map[string]peer{"claim": {
		Database: b.database, Tenant: set.bare.TenantID, Insert: true,
		SQL: fmt.Sprintf("INSERT INTO seat_claims (tenant_id, session_id, slot_number, seat, held_until) VALUES (%d, %d, 1, %%d, now() + interval '1 day')", set.bare.TenantID, set.bare.ID),
	}})
	if err != nil {
		return result{}, err
	}
	defer stop()
	return load(addr, addr, "/claim", "")
}

// availability measures the wizard's page of free times.
func (s *server) availability(ctx context.Context, r *report, host string, set *stage) error {
	page, cookie, err := s.wizard(host, set.seats[0].executive)
	if err != nil {
		return err
	}
	mine, err := load(s.addr, host, page, cookie)
	if err != nil {
		return err
	}
	root, err := openRoot(ctx, s.database)
	if err != nil {
		return err
	}
	defer root.Close() //nolint:errcheck // a tool's end
	t, err := root.UnscopedTenantBySlug(ctx, tenant)
	if err != nil {
		return err
	}
	var last string
	root.OnStatement = func(query string) { last = query }
	db := root.For(t)
	defer db.Release()
	if _, err := meetings.OpenSessions(ctx, db, set.seats[0].executive, 1); err != nil {
		return err
	}
	p := peer{Database: s.database, Tenant: t.ID, SQL: last, Size: mine.size}
	plain := p
	plain.Plain = true
	addr, stop, err := beside(map[string]peer{"slots": p, "slots-plain": plain})
	if err != nil {
		return err
	}
	defer stop()
	for name, label := range map[string]string{"/slots": "bare handler", "/slots-plain": "bare handler, not prepared"} {
		top, err := load(addr, addr, name, "")
		if err != nil {
			return err
		}
		r.add(s.shape+" free times "+label, top.rate, "req/s", mine.rate/top.rate)
	}
	r.add(s.shape+" free times page", mine.rate, "req/s", 0)
	r.add(s.shape+" free times p99", float64(mine.p99.Microseconds())/1000, "ms", 0)
	r.add(s.shape+" free times size", float64(mine.size)/1024, "KiB", 0)
	return nil
}

// compete lets a thousand clients ask for a hundred seats at the same moment
// through two processes, and counts what came of it.
func (b *booker) compete(ctx context.Context, r *report, set *stage) error {
	second := &server{addr: freeAddr(), database: b.database, redis: b.redis, dir: b.dir, shape: b.shape}
	if err := second.launch(); err != nil {
		return err
	}
	defer second.stop()
	one, two := &fasthttp.HostClient{Addr: b.addr, MaxConns: racers}, &fasthttp.HostClient{Addr: second.addr, MaxConns: racers}
	var won, refused, failed atomic.Int64
	var ready, all sync.WaitGroup
	start := make(chan struct{})
	for i := range racers {
		ready.Add(1)
		all.Go(func() {
			client := map[bool]*fasthttp.HostClient{true: one, false: two}[i%2 == 0]
			at := seat{set.race.ExecutiveID, set.race.ID, i%racedSlots + 1}
			ready.Done()
			<-start
			switch status, err := b.book(client, at); {
			case err == nil && status == http.StatusSeeOther:
				won.Add(1)
			case err == nil && status >= 400 && status < 500:
				refused.Add(1)
			default:
				failed.Add(1)
			}
		})
	}
	ready.Wait()
	began := time.Now()
	close(start)
	all.Wait()
	took := time.Since(began)
	taken, people, err := b.seated(ctx, set.race.ID)
	if err != nil {
		return err
	}
	r.add(b.shape+" race, wall time", took.Seconds(), "s", 0)
	r.add(b.shape+" race, booked", float64(won.Load()), "of 100", 0)
	r.add(b.shape+" race, refused", float64(refused.Load()), "of 900", 0)
	r.add(b.shape+" race, server errors", float64(failed.Load()), "", 0)
	r.add(b.shape+" race, doubles", float64(people-taken), "", 0)
	return nil
}

// seated counts the taken seats of a session and the meetings in it.
func (s *server) seated(ctx context.Context, session int64) (seats, people int64, err error) {
	root, err := openRoot(ctx, s.database)
	if err != nil {
		return 0, 0, err
	}
	defer root.Close() //nolint:errcheck // a tool's end
	t, err := root.UnscopedTenantBySlug(ctx, tenant)
	if err != nil {
		return 0, 0, err
	}
	db := root.For(t)
	defer db.Release()
	seats, err = db.Select((*meetings.SeatClaim)(nil)).Where("claim.session_id = ? AND claim.meeting_id IS NOT NULL", session).Count(ctx)
	if err != nil {
		return 0, 0, err
	}
	people, err = db.Select((*meetings.Meeting)(nil)).Where("meeting.session_id = ? AND meeting.state IN ('requested', 'approved')", session).Count(ctx)
	return seats, people, err
}
