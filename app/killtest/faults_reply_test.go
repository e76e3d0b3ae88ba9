package killtest_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"testing"

	"pasokh/app/staff"
	"pasokh/tenants"
)

// F7: the connection ends between the commit and the answer. Whoever sends the
// form of the desk again, several times at once and to several processes, gets the
// same answer, and it was done once.
func (r *run) cutReplies(t *testing.T) {
	token := r.operator(t)
	p := newProxy(t, r.pages[0].address())
	p.set(spoil{cutReply: true})
	topic, err := r.topic()
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	next, answers := make(chan act), 0
	var mu sync.Mutex
	for range 4 {
		all.Go(func() {
			for a := range next {
				path, form := r.deskForm(a, topic)
				n, err := r.repeat(p, token, path, form)
				a.err = err
				r.crowd.note(a)
				mu.Lock()
				answers += n
				mu.Unlock()
			}
		})
	}
	for i := range r.cuts {
		next <- act{number: r.people}
		next <- act{number: 2 * (len(r.tokens) + i), booked: true}
		r.people += 2
	}
	close(next)
	all.Wait()
	cuts := p.cut()
	t.Logf("%d answers cut off by the proxy, %d answers to repeated forms", cuts, answers)
	if cuts != 2*r.cuts {
		t.Errorf("%d forms, %d cuts", 2*r.cuts, cuts)
	}
	r.hold(t)
}

// deskForm is what an operator sends: a case, or a booking.
func (r *run) deskForm(a act, topic string) (string, url.Values) {
	once := strconv.FormatInt(tenants.NewID(), 10)
	if !a.booked {
		return "/desk/intake", url.Values{
			"once": {once}, "person": {"new"}, "mobile": {filer(a.number)}, "name": {"زهرا محمدی"}, "national_id": {nationalID(1_000_000 + a.number)}, "kind": {"request"},
			"channel": {"phone"}, "topic": {topic}, "text": {"فشار گاز کوچه ما کم شده است."}, "address": {"زنجان، خیابان امام"},
		}
	}
	n := a.number / 2
	at := r.seats[n]
	return "/desk/meetings/new", url.Values{
		"once": {once}, "executive": {strconv.FormatInt(at.executive, 10)}, "slot": {fmt.Sprintf("%d-%d", at.session, at.slot)}, "mobile": {booker(n)},
		"name": {"علی رضایی"}, "national_id": {nationalID(n)}, "subject": {"درخواست گازرسانی"}, "text": {"روستای ما در نوبت گازرسانی است."}, "channel": {"phone"}, "companions": {"0"},
	}
}

// repeat sends the form, loses the answer, and sends it again three times at once.
func (r *run) repeat(p *proxy, token, path string, form url.Values) (answers int, err error) {
	form.Set("_csrf", formToken(token))
	if a, err := r.desk(p.address(), token, path, form); err == nil {
		return 0, fmt.Errorf("the answer %d was not cut off", a.status)
	}
	list, errs := make([]answer, 3), make([]error, 3)
	var all sync.WaitGroup
	for i := range list {
		all.Go(func() { list[i], errs[i] = r.desk(r.pages[i%2].address(), token, path, form) })
	}
	all.Wait()
	for i, a := range list {
		if errs[i] != nil || a.status != http.StatusSeeOther || a.to != list[0].to {
			return answers, fmt.Errorf("POST %s: %d, %q, want %q: %w", path, a.status, a.to, list[0].to, errs[i])
		}
		answers++
	}
	return answers, nil
}

const operatorName = "fault-operator"

// operator is the session of somebody who answers the telephone.
func (r *run) operator(t *testing.T) (token string) {
	t.Helper()
	if r.token != "" {
		return r.token
	}
	root, db, err := r.open()
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close() //nolint:errcheck // everything is committed
	err = db.Write(r.ctx, tenants.SystemActor(), func(tx *tenants.Tx) error {
		who := []tenants.StaffSpec{{User: operatorName, NameFA: "اپراتور", NameEN: "Operator", Roles: []string{"operator"}}}
		if err := staff.Seed(r.ctx, tx, staff.Cheap(), who, func(string) string { return "fault" }); err != nil {
			return err
		}
		one := new(staff.Staff)
		if err := tx.Select(one).Where("staff.user_name = ?", operatorName).Scan(r.ctx); err != nil {
			return err
		}
		token, err = tenants.OpenSession(r.ctx, tx, &tenants.Session{Kind: tenants.SessionStaff, StaffID: &one.ID})
		return err
	})
	db.Release()
	if err != nil {
		t.Fatal(err)
	}
	r.token = token
	return token
}
