package apptest

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"time"

	"pasokh/app/citizens"
	"pasokh/app/committees"
	"pasokh/app/complaints"
	"pasokh/app/emergency"
	"pasokh/app/files"
	"pasokh/app/handover"
	"pasokh/app/inbound"
	"pasokh/app/notify"
	"pasokh/app/roles"
	"pasokh/app/settings"
	"pasokh/app/sheet"
	"pasokh/app/staff"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// Twin names one thing of each kind in one organization. Both organizations
// can have a Twin that looks alike; every text of it carries the organization's
// Canary, so that whatever leaks to the other can be seen.
type Twin struct {
	Tenant       *tenants.Tenant
	Canary       string
	Mobile       string
	Citizen      int64
	Complaint    int64
	Code         string // of the complaint, canonical
	File         int64  // of the complaint, public
	Meeting      int64
	MeetingCode  string
	Session      int64
	Window       int64 // of the session
	Site         int64 // of the window
	Term         int64 // of a deputy of the executive
	Executive    int64
	Directive    int64
	Committee    int64
	Sitting      int64
	Unit         int64 // that the complaint is with
	Score        int64 // a negative one, that the complaint caused
	Closure      int64 // to come
	Class        int64 // of the complaint's topic, in force
	Draft        int64 // of nobody's browser
	Rule         int64 // of routing
	Template     int64
	Mention      int64 // of the PR manager
	Filter       int64 // that the PR officer keeps
	Topic        int64 // of the complaint
	District     int64
	Source       int64
	Notice       int64 // of the topic, running
	Box          int64
	Opening      int64 // of the box, with letters to enter
	Import       int64 // tried, with a line that is wrong
	Wait         int64 // in the line of the executive
	Drawing      int64 // a draw to come
	Gateway      int64 // of text messages, not in use
	Inbound      int64 // a text message that waits
	Message      int64 // about the complaint, that did not arrive
	Notification int64 // of the manager
	Person       int64 // of the staff, invited
	Course       int64
	Training     int64 // of the person
	Announcement int64 // of the platform, for this organization alone
	Passkey      int64 // of the manager
	Role         int64 // that the organization made itself
	Inspection   int64 // of the complaint's unit, open, with its report
	Checklist    int64 // of inspections
	Grant        int64 // of emergency access, over
	Contact      int64
	Change       int64 // of the settings
	Violation    int64 // of the complaint's unit, heard
	Warning      int64 // of a rise, with a note
	Review       int64 // of a call, with an objection
	Operator     int64 // of the reviewed call
	Call         int64 // that was reviewed
	Improvement  int64 // that follows from the warning
	Export       int64 // of all data, asked for by the platform
	Erasure      int64 // that the citizen asked for
	Move         int64 // of a number, that the office judges
	Hold         int64 // on the complaint
	Certificate  int64 // of a run of retention
	Logo         int64 // of the organization
	Problem      int64 // of the program, reported
}

// Twin fills an organization with one thing of each kind: a case that a unit
// works on, with a file, an approved or requested meeting, a directive.
func (a *App) Twin(tenant *tenants.Tenant) *Twin {
	a.T.Helper()
	w := &Twin{Tenant: tenant, Canary: "CANARY-" + tenant.Slug, Mobile: "+989121110000"}
	picture, logo := a.picture(tenant), a.picture(tenant)
	w.Announcement = a.announce(tenant, w.Canary)
	pr := a.Staff(tenant, "pr")
	pr.SeesAll = true // as the policy gives the office
	a.Do(tenant, pr, func(ctx context.Context, tx *tenants.Tx) error {
		if err := w.file(ctx, tx, picture); err != nil {
			return err
		}
		f, err := files.Save(ctx, tx, logo, files.LogoPlace())
		if err != nil {
			return err
		}
		w.Logo = f.ID
		if err := w.meet(ctx, tx); err != nil {
			return err
		}
		return w.tools(ctx, tx)
	})
	a.Do(tenant, tenants.SystemActor(), w.colleague)
	a.Do(tenant, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		order, err := handover.Ask(ctx, tx, handover.ByPlatform)
		if err != nil {
			return err
		}
		w.Export = order.ID
		role, err := roles.Create(ctx, tx, a.Book, roles.Naming{FA: w.Canary, EN: w.Canary, Description: w.Canary}, "")
		if err == nil {
			w.Role = role.ID
		}
		return err
	})
	a.inspect(tenant, w)
	a.Do(tenant, tenants.SystemActor(), w.emergency)
	a.Do(tenant, tenants.SystemActor(), w.settled)
	a.watch(tenant, w)
	a.judge(tenant, w)
	a.Do(tenant, pr, w.private)
	return w
}

// colleague invites somebody who has done a course.
func (w *Twin) colleague(ctx context.Context, tx *tenants.Tx) error {
	s, err := staff.Invite(ctx, tx, staff.Invitation{UserName: "twin", NameFA: w.Canary, NameEN: w.Canary, Mobile: "09121110009", Roles: []string{"overseer"}})
	if err != nil {
		return err
	}
	c := &staff.Course{ID: tenants.NewID(), NameFA: w.Canary, NameEN: w.Canary, Effect: staff.Warns, Months: 12, CreatedAt: tx.Now()}
	if err := tx.Insert(ctx, c); err != nil {
		return err
	}
	t := &staff.Training{ID: tenants.NewID(), StaffID: s.ID, CourseID: c.ID, DoneOn: tx.Now(), CreatedAt: tx.Now()}
	w.Person, w.Course, w.Training = s.ID, c.ID, t.ID
	return tx.Insert(ctx, t)
}

// emergency is what is left of somebody's look from the platform. It is over: a
// bar that tells of it would stand on every page.
func (w *Twin) emergency(ctx context.Context, tx *tenants.Tx) error {
	now := tx.Now()
	g := &emergency.Grant{
		ID: tenants.NewID(), HolderID: 1, HolderFA: w.Canary, HolderEN: w.Canary, Reason: w.Canary, Ticket: w.Canary,
		CreatedAt: now.Add(-time.Hour), ExpiresAt: now.Add(time.Hour), EndedAt: &now, EndedBy: emergency.ByHolder,
	}
	w.Grant = g.ID
	return tx.Insert(ctx, g)
}

// settled finds a contact, and a change of the settings that was made.
func (w *Twin) settled(ctx context.Context, tx *tenants.Tx) error {
	contacts, err := tenants.Contacts(ctx, tx)
	if err != nil {
		return err
	}
	w.Contact = contacts[0].ID
	c := new(tenants.SettingChange)
	if err := tx.Select(c).Order("change.id").Limit(1).Scan(ctx); err != nil {
		return err
	}
	p := &settings.Problem{ID: tenants.NewID(), Page: "/desk", Text: w.Canary, CreatedAt: tx.Now()}
	w.Change, w.Problem = c.ID, p.ID
	return tx.Insert(ctx, p)
}

// announce has the platform tell the organization something.
func (a *App) announce(tenant *tenants.Tenant, text string) int64 {
	a.T.Helper()
	now := a.Clock.Now()
	n := &tenants.Announcement{TextFA: text, TextEN: text, FromAt: now, UntilAt: now.AddDate(0, 1, 0), Organizations: []int64{tenant.ID}}
	if err := a.Root.UnscopedAnnounce(context.Background(), n); err != nil {
		a.T.Fatal(err)
	}
	return n.ID
}

// Do runs fn in one transaction of an organization.
func (a *App) Do(tenant *tenants.Tenant, who tenants.Actor, fn func(context.Context, *tenants.Tx) error) {
	a.T.Helper()
	ctx := context.Background()
	db := a.Root.For(tenant)
	defer db.Release()
	if err := db.Write(ctx, who, func(tx *tenants.Tx) error { return fn(ctx, tx) }); err != nil {
		a.T.Fatal(err)
	}
}

// Staff is a member of staff as an actor.
func (a *App) Staff(tenant *tenants.Tenant, user string) tenants.Actor {
	a.T.Helper()
	ctx := context.Background()
	db := a.Root.For(tenant)
	defer db.Release()
	s, err := staff.ByUserName(ctx, db, user)
	if err != nil {
		a.T.Fatal(err)
	}
	roles, err := staff.Roles(ctx, db, s.ID)
	if err != nil {
		a.T.Fatal(err)
	}
	actor := tenants.Actor{Kind: tenants.Staff, ID: s.ID, Name: s.NameFA, Roles: roles}
	if s.UnitID != nil {
		actor.UnitID = *s.UnitID
	}
	can := func(permission string) bool { return a.Book.Can(tenant.ID, roles, permission) }
	actor.Leads, actor.Office = can("unit:lead"), can("directive:office")
	return actor
}

// file registers the case, attaches a file and refers it to a unit.
func (w *Twin) file(ctx context.Context, tx *tenants.Tx, picture *files.Received) error {
	citizen, err := citizens.Ensure(ctx, tx, citizens.Identity{Mobile: w.Mobile, NationalID: "0012345679", Name: w.Canary, Verified: true})
	if err != nil {
		return err
	}
	topics, err := tenants.Topics(ctx, tx)
	if err != nil {
		return err
	}
	got, err := complaints.Register(ctx, tx, complaints.Registration{
		Kind: complaints.KindComplaint, Channel: "phone", CitizenID: &citizen.ID, TopicID: topics[0].ID,
		Text: w.Canary + " the trench was left open", Place: complaints.Place{Address: w.Canary},
	})
	if err != nil {
		return err
	}
	w.Citizen, w.Complaint, w.Code = citizen.ID, got.Complaint.ID, got.Complaint.Code
	w.Topic, w.Unit = topics[0].ID, *topics[0].UnitID
	if err := w.bring(ctx, tx); err != nil {
		return err
	}
	f, err := files.Save(ctx, tx, picture, files.Place{Subject: files.Subject{Kind: "complaint", ID: w.Complaint}, Public: true})
	if err != nil {
		return err
	}
	w.File = f.ID
	e, err := complaints.Refer(ctx, tx, w.Complaint, complaints.Order{UnitID: w.Unit, Note: w.Canary})
	if err != nil {
		return err
	}
	score := &complaints.Score{
		ID: tenants.NewID(), UnitID: w.Unit, ComplaintID: w.Complaint, Cycle: 1, LegID: 1, Level: 1, Points: -1,
		RuleVersion: 1, EventID: e.ID, Reason: w.Canary, At: tx.Now(),
	}
	w.Score = score.ID
	closure := &tenants.Closure{Day: tx.Now().AddDate(0, 1, 0).Format(time.DateOnly), UntilMinute: 24 * 60, Kind: tenants.ClosureAdHoc, NameFA: w.Canary}
	if err := tenants.Close(ctx, tx, closure); err != nil {
		return err
	}
	w.Closure, w.Class = closure.ID, topics[0].SLAClassID
	return tx.Insert(ctx, score)
}

// bring leaves an import that was tried, with a line that is wrong.
func (w *Twin) bring(ctx context.Context, tx *tenants.Tx) error {
	table := &sheet.Table{Headers: []string{w.Canary}, Rows: []sheet.Row{{Line: 2, Cells: []string{w.Canary}}}}
	b, err := complaints.Upload(ctx, tx, w.Canary+".csv", sheet.CSV, "", table)
	if err != nil {
		return err
	}
	w.Import = b.ID
	b.State, b.Total, b.Wrong = complaints.BatchChecked, 1, 1
	if err := tx.Update(ctx, b, "state", "total", "wrong"); err != nil {
		return err
	}
	return tx.Insert(ctx, &complaints.Problem{ID: tenants.NewID(), BatchID: b.ID, Line: 2, Field: "text", Header: w.Canary, Value: w.Canary, Key: "complaint.error.text_short"})
}

// tools writes what the office works with: a rule, a text, a kept list, a note
// that names the manager.
func (w *Twin) tools(ctx context.Context, tx *tenants.Tx) error {
	rule, err := complaints.AddRule(ctx, tx, complaints.Rule{Name: w.Canary, UnitID: w.Unit, Kind: complaints.KindDemand})
	if err != nil {
		return err
	}
	text, err := complaints.SaveTemplate(ctx, tx, complaints.Template{Kind: complaints.TemplateAnswer, Title: w.Canary, Body: w.Canary + " {code}"})
	if err != nil {
		return err
	}
	list, err := complaints.SaveFilter(ctx, tx, w.Canary, "tab=open")
	if err != nil {
		return err
	}
	if _, err := complaints.Note(ctx, tx, w.Complaint, w.Canary+" @manager"); err != nil {
		return err
	}
	manager, err := staff.ByUserName(ctx, tx, "manager")
	if err != nil {
		return err
	}
	told, _, err := complaints.Mentions(ctx, tx, tenants.Actor{Kind: tenants.Staff, ID: manager.ID, SeesAll: true}, true, 0)
	if err != nil {
		return err
	}
	w.Rule, w.Template, w.Filter, w.Mention = rule.ID, text.ID, list.ID, told[0].ID
	w.Passkey = tenants.NewID()
	if err := tx.Insert(ctx, &staff.Passkey{ID: w.Passkey, StaffID: manager.ID, Name: w.Canary, CredentialID: w.Canary, CreatedAt: tx.Now()}); err != nil {
		return err
	}
	return w.lists(ctx, tx)
}

// lists adds to the organization's own lists.
func (w *Twin) lists(ctx context.Context, tx *tenants.Tx) error {
	district := &tenants.District{Code: "canary", Kind: tenants.DistrictProvince, NameFA: w.Canary, NameEN: w.Canary, Active: true}
	if err := complaints.SaveDistrict(ctx, tx, district); err != nil {
		return err
	}
	source := &tenants.Source{Code: "canary", NameFA: w.Canary, NameEN: w.Canary, Active: true}
	if err := complaints.SaveSource(ctx, tx, source); err != nil {
		return err
	}
	notice := &complaints.Notice{TopicID: &w.Topic, TextFA: w.Canary, StartsAt: tx.Now(), EndsAt: tx.Now().Add(24 * time.Hour)}
	if err := complaints.SaveNotice(ctx, tx, notice); err != nil {
		return err
	}
	w.District, w.Source, w.Notice = district.ID, source.ID, notice.ID
	return w.paper(ctx, tx)
}

// paper puts up a complaint box and opens it.
func (w *Twin) paper(ctx context.Context, tx *tenants.Tx) error {
	box := &complaints.Box{Code: "canary", PlaceFA: w.Canary, UnitID: w.Unit, EveryDays: 7, Weekdays: 1, Active: true}
	if err := complaints.SaveBox(ctx, tx, box); err != nil {
		return err
	}
	witness, err := staff.ByUserName(ctx, tx, "manager")
	if err != nil {
		return err
	}
	opening, err := complaints.OpenBox(ctx, tx, box.ID, complaints.BoxOpened{At: tx.Now(), StaffID: tx.Actor().ID, WitnessID: witness.ID, Letters: 2, Note: w.Canary})
	if err != nil {
		return err
	}
	w.Box, w.Opening = box.ID, opening.ID
	return nil
}

// deputy lets a member of staff stand in for the executive, in time to come.
func (w *Twin) deputy(ctx context.Context, tx *tenants.Tx) error {
	who, err := staff.ByUserName(ctx, tx, "manager")
	if err != nil {
		return err
	}
	soon := tx.Now().AddDate(0, 1, 0)
	err = directives.AppointDeputy(ctx, tx, w.Executive, directives.Deputy{StaffID: who.ID, FromAt: soon, UntilAt: soon.AddDate(0, 0, 7)})
	if err != nil {
		return err
	}
	list, err := directives.Terms(ctx, tx, w.Executive)
	if err == nil {
		w.Term = list[0].ID
	}
	return err
}

// meet books the first seat of the first session that staff may book, and
// issues a directive on the case.
func (w *Twin) meet(ctx context.Context, tx *tenants.Tx) error {
	executives, err := directives.Executives(ctx, tx)
	if err != nil {
		return err
	}
	w.Executive = executives[0].ID
	if err := w.deputy(ctx, tx); err != nil {
		return err
	}
	open, err := meetings.DeskSessions(ctx, tx, w.Executive)
	if err != nil {
		return err
	}
	w.Session, w.Window, w.Site = open[0].ID, open[0].WindowID, *open[0].SiteID
	m, err := meetings.Book(ctx, tx, meetings.Booking{
		CitizenID: w.Citizen, NationalID: "0012345679", ExecutiveID: w.Executive, SessionID: w.Session,
		Slot: open[0].Slots[0].Number, Subject: w.Canary, Text: w.Canary, Channel: meetings.Phone,
	})
	if err != nil {
		return err
	}
	w.Meeting, w.MeetingCode = m.ID, m.Code
	d, err := directives.Issue(ctx, tx, directives.Issuance{
		OriginKind: "complaint", OriginID: w.Complaint, ExecutiveID: w.Executive, CitizenID: &w.Citizen,
		UnitID: w.Unit, Text: w.Canary, Public: true,
	})
	if err != nil {
		return err
	}
	w.Directive = d.ID
	if err := w.committee(ctx, tx); err != nil {
		return err
	}
	draft := &citizens.Draft{Kind: citizens.DraftComplaint, Holder: tenants.HashToken(w.Canary), Content: []byte(`{"text":"` + w.Canary + `"}`)}
	if err := citizens.SaveDraft(ctx, tx, draft); err != nil {
		return err
	}
	w.Draft = draft.ID
	return w.wait(ctx, tx, open[len(open)-1].ID)
}

// wait leaves somebody else in the line, and a draw to come.
func (w *Twin) wait(ctx context.Context, tx *tenants.Tx, session int64) error {
	other, err := citizens.Ensure(ctx, tx, citizens.Identity{Mobile: "+989121110001", NationalID: "0084575948", Name: w.Canary, Verified: true})
	if err != nil {
		return err
	}
	wait, err := meetings.Join(ctx, tx, meetings.Booking{
		CitizenID: other.ID, NationalID: "0084575948", ExecutiveID: w.Executive, Subject: w.Canary, Text: w.Canary, Channel: meetings.Phone,
	})
	if err != nil {
		return err
	}
	word := tenants.HashToken(w.Canary)
	draw := &meetings.Draw{ID: tenants.NewID(), SessionID: session, Seed: word, SeedHash: tenants.HashToken(word), ClosesAt: tx.Now().AddDate(1, 0, 0)}
	w.Wait, w.Drawing = wait.ID, draw.ID
	if err := tx.Insert(ctx, draw); err != nil {
		return err
	}
	gateway := &notify.Gateway{
		ID: tenants.NewID(), Channel: "sms", Provider: "kavenegar", Position: 1, Line: "3000", Settings: map[string]string{"note": w.Canary},
		Templates: map[string]string{}, CreatedAt: tx.Now(), UpdatedAt: tx.Now(),
	}
	w.Gateway = gateway.ID
	message := &notify.Message{
		ID: tenants.NewID(), Key: "twin", Channel: "sms", Column: "sms", Template: "sms.complaint.closed", CitizenID: &w.Citizen,
		SubjectKind: "complaint", SubjectID: w.Complaint, Text: w.Canary, State: notify.Failed, Reason: "number", CreatedAt: tx.Now(),
	}
	if err := tx.Insert(ctx, message); err != nil {
		return err
	}
	w.Message = message.ID
	door := &inbound.Door{ID: tenants.NewID(), Kind: inbound.Calls, Settings: map[string]string{}, CreatedAt: tx.Now(), UpdatedAt: tx.Now()}
	if err := tx.Insert(ctx, door); err != nil {
		return err
	}
	came := &inbound.Message{
		ID: tenants.NewID(), DoorID: door.ID, Kind: inbound.SMS, Key: "twin", Sender: "+989350001122", Text: w.Canary,
		State: inbound.Waiting, Outcome: "unknown", SentAt: tx.Now(), CreatedAt: tx.Now(),
	}
	if err := tx.Insert(ctx, came); err != nil {
		return err
	}
	w.Inbound = came.ID
	if err := tx.Insert(ctx, gateway); err != nil {
		return err
	}
	return w.notice(ctx, tx)
}

// notice leaves something behind the manager's bell.
func (w *Twin) notice(ctx context.Context, tx *tenants.Tx) error {
	who, err := staff.ByUserName(ctx, tx, "manager")
	if err != nil {
		return err
	}
	n := &notify.Notification{ID: tenants.NewID(), Key: w.Canary, StaffID: who.ID, Event: "complaint.stuck", Text: w.Canary, CreatedAt: tx.Now()}
	w.Notification = n.ID
	return tx.Insert(ctx, n)
}

// committee sets up a committee with its sittings.
func (w *Twin) committee(ctx context.Context, tx *tenants.Tx) error {
	chair, err := staff.ByUserName(ctx, tx, "manager")
	if err != nil {
		return err
	}
	secretary, err := staff.ByUserName(ctx, tx, "pr")
	if err != nil {
		return err
	}
	c := &committees.Committee{NameFA: w.Canary, Place: w.Canary, FromMinute: 600, MinutesLong: 60, ExecutiveID: w.Executive, Active: true}
	members := []committees.Member{{StaffID: chair.ID, Role: committees.Chair}, {StaffID: secretary.ID, Role: committees.Secretary}}
	if err := committees.Save(ctx, tx, c, members); err != nil {
		return err
	}
	coming, err := committees.Coming(ctx, tx, tx.Actor(), c.ID)
	if err != nil {
		return err
	}
	w.Committee, w.Sitting = c.ID, coming[0].ID
	return committees.Add(ctx, tx, w.Sitting, []committees.Item{{Reason: committees.Overdue, ComplaintID: &w.Complaint}, {Reason: committees.Free, Title: w.Canary}})
}

func (a *App) picture(tenant *tenants.Tenant) *files.Received {
	db := a.Root.For(tenant)
	defer db.Release()
	got, err := a.Files.Receive(db, files.Upload{Name: "CANARY-" + tenant.Slug + ".png", Body: bytes.NewReader(PNG())})
	if err != nil {
		a.T.Fatal(err)
	}
	return got
}

// Attach puts a picture with the name on something of an organization, and
// gives its ID.
func (a *App) Attach(tenant *tenants.Tenant, kind string, id int64, name string) (file int64) {
	a.T.Helper()
	db := a.Root.For(tenant)
	got, err := a.Files.Receive(db, files.Upload{Name: name, Body: bytes.NewReader(PNG())})
	db.Release()
	if err != nil {
		a.T.Fatal(err)
	}
	a.Do(tenant, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		f, err := files.Save(ctx, tx, got, files.Place{Subject: files.Subject{Kind: kind, ID: id}})
		if err == nil {
			file = f.ID
		}
		return err
	})
	return file
}

// PNG is a small picture.
func PNG() []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// Tracker opens a browser at alpha that has shown the code of a complaint or
// meeting.
func (a *App) Tracker(kind string, id int64) *Client { return a.TrackerAt(a.A, kind, id) }

// TrackerAt is Tracker at an organization.
func (a *App) TrackerAt(tenant *tenants.Tenant, kind string, id int64) *Client {
	a.T.Helper()
	var token string
	a.Do(tenant, tenants.Actor{Kind: tenants.Citizen}, func(ctx context.Context, tx *tenants.Tx) (err error) {
		token, err = citizens.OpenTracker(ctx, tx, kind, id)
		return err
	})
	c := a.Visit(tenant.Slug)
	c.SetCookie("pasokh-case", token)
	return c
}
