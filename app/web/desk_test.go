package web_test

import (
	"context"
	"net/http"
	"strconv"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"pasokh/app/apptest"
	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/files"
	"pasokh/app/web"
	"pasokh/tenants"
)

// desk is the program with steps that lead a case to where a test needs it.
type desk struct {
	*apptest.App
	t     *testing.T
	units map[string]tenants.Unit
	topic map[string]tenants.Topic
}

func newDesk(t *testing.T, change ...func(*web.Options)) *desk {
	t.Helper()
	d := &desk{App: apptest.New(t, change...), t: t, units: map[string]tenants.Unit{}, topic: map[string]tenants.Topic{}}
	db := d.DB(t)
	defer db.Release()
	units, err := tenants.Units(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range units {
		d.units[u.Code] = u
	}
	topics, err := tenants.Topics(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	for _, topic := range topics {
		d.topic[topic.Code] = topic
	}
	return d
}

// message is what a new case says; change alters it.
func (d *desk) file(change ...func(*complaints.Registration)) *complaints.Complaint {
	d.t.Helper()
	return d.fileAt(d.A, d.topic["network"].ID, change...)
}

func (d *desk) fileAt(tenant *tenants.Tenant, topic int64, change ...func(*complaints.Registration)) *complaints.Complaint {
	d.t.Helper()
	var got *complaints.Receipt
	db := d.Root.For(tenant)
	defer db.Release()
	err := db.Write(context.Background(), tenants.Actor{Kind: tenants.Citizen}, func(tx *tenants.Tx) error {
		person, err := citizens.Ensure(context.Background(), tx, citizens.Identity{Mobile: "09121112233", NationalID: "0499370899", Name: "سارا محمدی"})
		if err != nil {
			return err
		}
		in := complaints.Registration{
			Kind: complaints.KindComplaint, Channel: "web", CitizenID: &person.ID, TopicID: topic,
			Text: "لوله گاز کوچه ما یک هفته است که ترمیم نشده است.", Place: complaints.Place{Address: "خیابان سعدی، کوچه سوم"},
		}
		for _, c := range change {
			c(&in)
		}
		got, err = complaints.Register(context.Background(), tx, in)
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return got.Complaint
}

// path is the address of a case, or of an act on it.
func path(c *complaints.Complaint, act string) string {
	p := "/desk/complaints/" + id(c.ID)
	if act != "" {
		p += "/" + act
	}
	return p
}

// referred files a case and refers it to its unit.
func (d *desk) referred() *complaints.Complaint {
	d.t.Helper()
	c := d.file()
	d.As("pr").Post(path(c, "referral"), apptest.Form{"unit": id(d.units["network"].ID)}).Is(http.StatusSeeOther)
	return c
}

// working has the unit accept it, too.
func (d *desk) working() *complaints.Complaint {
	d.t.Helper()
	c := d.referred()
	d.As("expert").Post(path(c, "acknowledgement"), nil).Is(http.StatusSeeOther)
	return c
}

// answered has the unit answer.
func (d *desk) answered() *complaints.Complaint {
	d.t.Helper()
	c := d.working()
	d.As("expert").Post(path(c, "answer"), apptest.Form{"text": "ترمیم انجام شد."}).Is(http.StatusSeeOther)
	return c
}

// disputed has the citizen be dissatisfied.
func (d *desk) disputed() *complaints.Complaint {
	d.t.Helper()
	c := d.answered()
	d.As("feedback").Post(path(c, "feedback"), apptest.Form{"outcome": "not_satisfied", "reason": "آسفالت ناقص است"}).Is(http.StatusSeeOther)
	return c
}

// visited has special follow-up find the matter resolved.
func (d *desk) visited() *complaints.Complaint {
	d.t.Helper()
	c := d.disputed()
	d.As("followup").Post(path(c, "visit"), apptest.Form{"finding": "آسفالت کامل شد.", "resolved": "yes"}).Is(http.StatusSeeOther)
	return c
}

// state reads where a case stands.
func (d *desk) state(c *complaints.Complaint) complaints.State {
	d.t.Helper()
	db := d.Root.For(d.A)
	defer db.Release()
	fresh, err := complaints.Plain(context.Background(), db, c.ID)
	if err != nil {
		d.t.Fatal(err)
	}
	return fresh.State
}

func TestDeskWalksACaseToItsEnd(t *testing.T) {
	d := newDesk(t)
	c := d.visited()
	page := d.As("followup").Get(path(c, "")).Is(http.StatusOK)
	if !page.Has("#act-confirm[open]") {
		t.Fatalf("no open form to confirm: %s", page.Text())
	}
	agent := d.As("followup")
	if page := agent.Post(path(c, "confirmation"), apptest.Form{"confirmed": "yes"}).Is(http.StatusUnprocessableEntity); !page.Has("#confirm-confirmed-error") {
		t.Fatalf("who visited confirms it: %s", page.Text())
	}
	agent.Post("/desk/visits/"+id(c.ID)+"/code", nil).Is(http.StatusSeeOther)
	agent.Post("/desk/visits/"+id(c.ID)+"/confirmation", apptest.Form{"code": d.Code("alpha", "09121112233")}).Is(http.StatusSeeOther)
	if s := d.state(c); s != complaints.Closed {
		t.Fatalf("state %s", s)
	}
	d.As("manager").Get(path(c, "")).Is(http.StatusOK)
}

type selection = goquery.Selection

func id(n int64) string { return strconv.FormatInt(n, 10) }

// publicFiles counts what the citizen sees of a case's files.
func (d *desk) publicFiles(c *complaints.Complaint) int {
	d.t.Helper()
	db := d.Root.For(d.A)
	defer db.Release()
	list, err := files.Of(context.Background(), db, files.Subject{Kind: "complaint", ID: c.ID}, true)
	if err != nil {
		d.t.Fatal(err)
	}
	return len(list)
}

// statements counts the statements of one request.
func (d *desk) statements(ask func()) int {
	n := 0
	d.Root.OnStatement = func(string) { n++ }
	ask()
	d.Root.OnStatement = nil
	return n
}

func TestDeskStatements(t *testing.T) {
	d := newDesk(t)
	pr, manager := d.As("pr"), d.As("manager")
	ask := func(c *apptest.Client, address string) int {
		d.Root.Changed(d.A.ID) // the counts are not those of a moment ago
		return d.statements(func() { c.Get(address).Is(http.StatusOK) })
	}
	ask(pr, "/desk") // what is cached is read now
	empty := ask(pr, "/desk?tab=open")
	c := d.visited()
	for range 20 {
		d.file()
	}
	full := ask(pr, "/desk?tab=open")
	if empty != full || full > 8 {
		t.Errorf("the inbox takes %d statements empty and %d with rows; at most 8", empty, full)
	}
	short := d.file()
	ask(manager, path(short, "")) // the first look of a day notes that it read the national ID
	ask(manager, path(c, ""))
	before, long := ask(manager, path(short, "")), ask(manager, path(c, ""))
	if before > 14 || long > 14 {
		t.Errorf("the case page takes %d and %d statements; at most 14", before, long)
	}
	for range 10 {
		manager.Post(path(c, "note"), apptest.Form{"text": "یادداشت"}).Is(http.StatusSeeOther)
	}
	if after := ask(manager, path(c, "")); after != long {
		t.Errorf("%d statements after ten more events, %d before", after, long)
	}
	t.Logf("statements: inbox %d, case page %d to %d", full, before, long)
}
