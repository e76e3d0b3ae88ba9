package privacy

import (
	"context"
	"slices"
	"time"

	"pasokh/app/audit"
	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/staff"
	"pasokh/app/timeline"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// Held is everything that an organization holds of whoever has proven a mobile
// number, as far as the person themselves may see it: nothing of the notes of the
// staff, nothing of other people.
type Held struct {
	Mobile   string
	People   []citizens.Citizen
	Cases    []HeldCase
	Meetings []HeldMeeting
	Waits    []meetings.ListedWait
	Messages []HeldMessage
	Came     []HeldInbound
	Sessions []HeldSession
	Feeds    int // secret addresses of calendars
	Reads    []Read
	Requests []Request
	Changes  []citizens.MobileChange
}

// HeldCase is a case with what its person sees of it.
type HeldCase struct {
	complaints.Complaint
	Events []timeline.Event
	Files  []files.File
}

// HeldMeeting is the same of a meeting.
type HeldMeeting struct {
	meetings.Listed
	Events []timeline.Event
	Files  []files.File
}

// HeldMessage is a message that was sent.
type HeldMessage struct {
	tenants.BaseModel `bun:"table:messages,alias:message"`
	tenants.Owned
	ID        int64  `bun:",pk"`
	Channel   string `bun:"via"`
	Template  string
	Text      string `sealed:"messages.text"` // empty: a secret, or past its time
	State     string
	CreatedAt time.Time
}

// HeldInbound is a message that came in.
type HeldInbound struct {
	tenants.BaseModel `bun:"table:inbound_messages,alias:came"`
	tenants.Owned
	ID        int64 `bun:",pk"`
	Kind      string
	Title     string `sealed:"inbound_messages.title"`
	Text      string `sealed:"inbound_messages.text"`
	CreatedAt time.Time
}

// HeldSession is a browser in which the number is signed in.
type HeldSession struct {
	tenants.BaseModel `bun:"table:sessions,alias:session"`
	tenants.Owned
	ID        string `bun:",pk"`
	CreatedAt time.Time
	SeenAt    time.Time
	ExpiresAt time.Time
}

// Read says that an office saw the whole national ID of the person of a case.
type Read struct {
	At             time.Time
	UnitFA, UnitEN string
	Code           string // of the case
}

// most is how many messages are read at most.
const most = 2000

// HeldOf reads it all.
func HeldOf(ctx context.Context, r tenants.Reader, mobile string) (*Held, error) {
	h := &Held{Mobile: mobile}
	for _, read := range []func(context.Context, tenants.Reader) error{h.people, h.cases, h.meetings, h.sent, h.signedIn, h.reads, h.asked} {
		if err := read(ctx, r); err != nil {
			return nil, fault.Wrap(err, "privacy.HeldOf")
		}
	}
	return h, nil
}

func (h *Held) people(ctx context.Context, r tenants.Reader) error {
	return tenants.Err(r.Select(&h.People).Where("citizen.mobile = ?", r.Blind("mobile", h.Mobile)).Order("citizen.id").Scan(ctx))
}

// ids are those of the people; 0 stands in where there is nobody.
func (h *Held) ids() []int64 {
	ids := []int64{0}
	for i := range h.People {
		ids = append(ids, h.People[i].ID)
	}
	return ids
}

func (h *Held) cases(ctx context.Context, r tenants.Reader) error {
	var list []complaints.Complaint
	if err := r.Select(&list).Where("c.citizen_id IN (?) AND c.fact <> ?", tenants.In(h.ids()), complaints.EnteredByMistake).Order("c.id DESC").Scan(ctx); err != nil || len(list) == 0 {
		return tenants.Err(err)
	}
	ids := make([]int64, len(list))
	for i := range list {
		ids[i] = list[i].ID
	}
	events, attached, err := stories(ctx, r, "complaint", ids)
	for i := range list {
		h.Cases = append(h.Cases, HeldCase{list[i], events[list[i].ID], attached[list[i].ID]})
	}
	return err
}

func (h *Held) meetings(ctx context.Context, r tenants.Reader) error {
	list, err := meetings.OfCitizenMobile(ctx, r, h.Mobile)
	if err != nil {
		return err
	}
	if h.Waits, err = meetings.WaitsOfMobile(ctx, r, h.Mobile); err != nil || len(list) == 0 {
		return err
	}
	ids := make([]int64, len(list))
	for i := range list {
		ids[i] = list[i].ID
	}
	events, attached, err := stories(ctx, r, "meeting", ids)
	for i := range list {
		h.Meetings = append(h.Meetings, HeldMeeting{list[i], events[list[i].ID], attached[list[i].ID]})
	}
	return err
}

// stories are what the person sees of subjects: events and files.
func stories(ctx context.Context, r tenants.Reader, kind string, ids []int64) (events map[int64][]timeline.Event, attached map[int64][]files.File, err error) {
	if events, err = timeline.OfEach(ctx, r, kind, ids); err != nil {
		return nil, nil, err
	}
	for id, list := range events {
		events[id] = timeline.Public(list)
	}
	list, err := files.OfEach(ctx, r, kind, ids, true)
	attached = map[int64][]files.File{}
	for i := range list {
		attached[list[i].SubjectID] = append(attached[list[i].SubjectID], list[i])
	}
	return events, attached, err
}

func (h *Held) sent(ctx context.Context, r tenants.Reader) error {
	if err := r.Select(&h.Messages).Where("message.citizen_id IN (?)", tenants.In(h.ids())).Order("message.id DESC").Limit(most).Scan(ctx); err != nil {
		return tenants.Err(err)
	}
	senders := []string{r.Blind("sender", h.Mobile)}
	for i := range h.People {
		if h.People[i].Email != "" {
			senders = append(senders, r.Blind("sender", h.People[i].Email))
		}
	}
	return tenants.Err(r.Select(&h.Came).Where("came.sender IN (?)", tenants.In(senders)).Order("came.id DESC").Limit(most).Scan(ctx))
}

// feedRow is the secret address of a calendar.
type feedRow struct {
	tenants.BaseModel `bun:"table:calendar_feeds,alias:feed"`
	tenants.Owned
	ID string `bun:",pk"`
}

func (h *Held) signedIn(ctx context.Context, r tenants.Reader) error {
	blind := r.Blind("mobile", h.Mobile)
	if err := r.Select(&h.Sessions).Where("session.mobile = ? AND session.expires_at > ?", blind, r.Now()).Order("session.created_at DESC").Scan(ctx); err != nil {
		return tenants.Err(err)
	}
	n, err := r.Select((*feedRow)(nil)).Where("feed.mobile = ?", blind).Count(ctx)
	h.Feeds = int(n)
	return tenants.Err(err)
}

// readActs are the acts by which somebody is shown a whole national ID.
var readActs = []string{complaints.MayUnmask, "complaint.identity_shown", complaints.ActIdentityRead}

// reads tells which office opened the national ID, and when; who it was stays
// with the office.
func (h *Held) reads(ctx context.Context, r tenants.Reader) error {
	codes := map[int64]string{}
	ids := []int64{0}
	for i := range h.Cases {
		ids = append(ids, h.Cases[i].ID)
		codes[h.Cases[i].ID] = h.Cases[i].Code
	}
	var list []audit.Entry
	err := r.Select(&list).Where("entry.object_kind = 'complaint' AND entry.object_id IN (?) AND entry.act IN (?)", tenants.In(ids), tenants.In(readActs)).
		Order("entry.seq DESC").Limit(500).Scan(ctx)
	if err != nil || len(list) == 0 {
		return tenants.Err(err)
	}
	var who []int64
	for i := range list {
		who = append(who, list[i].ActorID)
	}
	slices.Sort(who)
	people, err := staff.Colleagues(ctx, r, slices.Compact(who))
	if err != nil {
		return err
	}
	units, err := tenants.Units(ctx, r)
	if err != nil {
		return err
	}
	for i := range list {
		read := Read{At: list[i].At, Code: codes[list[i].ObjectID]}
		if of := people[list[i].ActorID].UnitID; of != nil {
			at := slices.IndexFunc(units, func(u tenants.Unit) bool { return u.ID == *of })
			if at >= 0 {
				read.UnitFA, read.UnitEN = units[at].NameFA, units[at].NameEN
			}
		}
		h.Reads = append(h.Reads, read)
	}
	return nil
}

func (h *Held) asked(ctx context.Context, r tenants.Reader) (err error) {
	if h.Requests, err = Of(ctx, r, h.ids()); err != nil {
		return err
	}
	h.Changes, err = citizens.MovesOf(ctx, r, h.Mobile)
	return err
}

// Files lists the files of it all.
func (h *Held) Files() (list []files.File) {
	for i := range h.Cases {
		list = append(list, h.Cases[i].Files...)
	}
	for i := range h.Meetings {
		list = append(list, h.Meetings[i].Files...)
	}
	return list
}
