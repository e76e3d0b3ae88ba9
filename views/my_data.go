package views

import (
	"time"

	"pasokh/app/complaints"
	"pasokh/app/files"
	"pasokh/app/persian"
	"pasokh/app/privacy"
	"pasokh/app/timeline"
)

// MyData is everything that an organization holds of a number.
type MyData struct {
	*privacy.Held
	Organization string
	At           time.Time
	Topics       map[int64]string
	Errors       Errors
}

// pending is the request of a person that waits; nil: none does.
func (m *MyData) pending(person int64) *privacy.Request {
	for i := range m.Requests {
		if q := &m.Requests[i]; q.CitizenID == person && q.State == privacy.Open {
			return q
		}
	}
	return nil
}

// refused is the last request of a person that was refused, when nothing came after.
func (m *MyData) refused(person int64) *privacy.Request {
	for i := range m.Requests {
		if q := &m.Requests[i]; q.CitizenID == person {
			if q.State == privacy.Refused {
				return q
			}
			return nil
		}
	}
	return nil
}

// The document is what a machine reads of it: named fields, and no other.
type (
	dataDocument struct {
		Organization string        `json:"organization"`
		MadeAt       time.Time     `json:"made_at"`
		Mobile       string        `json:"mobile"`
		People       []dataPerson  `json:"people"`
		Cases        []dataCase    `json:"cases"`
		Meetings     []dataMeeting `json:"meetings"`
		Waiting      []dataWait    `json:"waiting"`
		Sent         []dataMessage `json:"messages_sent"`
		Received     []dataMessage `json:"messages_received"`
		Sessions     []dataSession `json:"sessions"`
		Calendars    int           `json:"calendar_addresses"`
		Reads        []dataRead    `json:"national_id_seen_by"`
		Requests     []dataRequest `json:"requests"`
	}
	dataPerson struct {
		Name       string     `json:"name"`
		NationalID string     `json:"national_id,omitempty"`
		Mobile     string     `json:"mobile"`
		Email      string     `json:"email,omitempty"`
		Phone      string     `json:"phone,omitempty"`
		Language   string     `json:"language,omitempty"`
		Courtesy   bool       `json:"agrees_to_reminders"`
		VerifiedAt *time.Time `json:"number_proven_at,omitempty"`
		CreatedAt  time.Time  `json:"known_since"`
	}
	dataCase struct {
		Code         string                      `json:"code"`
		Kind         string                      `json:"kind"`
		Topic        string                      `json:"topic"`
		State        string                      `json:"state"`
		Channel      string                      `json:"channel"`
		RegisteredAt time.Time                   `json:"registered_at"`
		ClosedAt     *time.Time                  `json:"closed_at,omitempty"`
		Text         string                      `json:"text"`
		Address      string                      `json:"address,omitempty"`
		PostalCode   string                      `json:"postal_code,omitempty"`
		Subscription string                      `json:"subscription,omitempty"`
		Answers      []complaints.QuestionAnswer `json:"answers,omitempty"`
		Result       string                      `json:"result,omitempty"`
		Events       []dataEvent                 `json:"events"`
		Files        []string                    `json:"files,omitempty"`
	}
	dataMeeting struct {
		Code     string      `json:"code"`
		With     string      `json:"with"`
		StartsAt time.Time   `json:"starts_at"`
		State    string      `json:"state"`
		Subject  string      `json:"subject"`
		Text     string      `json:"text"`
		Events   []dataEvent `json:"events"`
		Files    []string    `json:"files,omitempty"`
	}
	dataWait struct {
		Code    string `json:"code"`
		With    string `json:"with"`
		State   string `json:"state"`
		Subject string `json:"subject"`
		Text    string `json:"text"`
	}
	dataEvent struct {
		At   time.Time `json:"at"`
		What string    `json:"what"`
		Text string    `json:"text,omitempty"`
	}
	dataMessage struct {
		At      time.Time `json:"at"`
		Channel string    `json:"channel"`
		Title   string    `json:"title,omitempty"`
		Text    string    `json:"text"`
	}
	dataSession struct {
		Since time.Time `json:"since"`
		Seen  time.Time `json:"last_seen"`
		Until time.Time `json:"until"`
	}
	dataRead struct {
		At   time.Time `json:"at"`
		Unit string    `json:"unit"`
		Case string    `json:"case"`
	}
	dataRequest struct {
		AskedAt   time.Time  `json:"asked_at"`
		State     string     `json:"state"`
		DueAt     time.Time  `json:"due_at"`
		DecidedAt *time.Time `json:"decided_at,omitempty"`
		Reason    string     `json:"reason,omitempty"`
	}
)

// Document is what of it a machine reads; name says where a file lies.
func (m *MyData) Document(name func(*files.File) string) any {
	d := &dataDocument{Organization: m.Organization, MadeAt: m.At, Mobile: m.Mobile, Calendars: m.Feeds}
	for i := range m.People {
		c := &m.People[i]
		d.People = append(d.People, dataPerson{
			Name: c.Name, NationalID: c.NationalID, Mobile: c.Mobile, Email: c.Email, Phone: c.Phone, Language: string(c.Language),
			Courtesy: !c.CourtesyOff, VerifiedAt: c.VerifiedAt, CreatedAt: c.CreatedAt,
		})
	}
	for i := range m.Cases {
		c := &m.Cases[i]
		d.Cases = append(d.Cases, dataCase{
			Code: persian.ShowCode(c.Code), Kind: string(c.Kind), Topic: m.Topics[c.TopicID], State: string(c.State), Channel: c.Channel,
			RegisteredAt: c.RegisteredAt, ClosedAt: c.ClosedAt, Text: c.Text, Address: c.Place.Address, PostalCode: c.Place.PostalCode,
			Subscription: c.Place.Subscription, Answers: c.Answers, Result: c.Result, Events: eventsOf(c.Events), Files: namesOf(c.Files, name),
		})
	}
	m.more(d, name)
	return d
}

func (m *MyData) more(d *dataDocument, name func(*files.File) string) {
	for i := range m.Meetings {
		v := &m.Meetings[i]
		d.Meetings = append(d.Meetings, dataMeeting{persian.ShowCode(v.Code), v.PostFA, v.StartsAt, string(v.State), v.Subject, v.Text, eventsOf(v.Events), namesOf(v.Files, name)})
	}
	for i := range m.Waits {
		v := &m.Waits[i]
		d.Waiting = append(d.Waiting, dataWait{persian.ShowCode(v.Code), v.PostFA, string(v.State), v.Subject, v.Text})
	}
	for i := range m.Messages {
		v := &m.Messages[i]
		d.Sent = append(d.Sent, dataMessage{v.CreatedAt, v.Channel, "", v.Text})
	}
	for i := range m.Came {
		v := &m.Came[i]
		d.Received = append(d.Received, dataMessage{v.CreatedAt, v.Kind, v.Title, v.Text})
	}
	for i := range m.Sessions {
		v := &m.Sessions[i]
		d.Sessions = append(d.Sessions, dataSession{v.CreatedAt, v.SeenAt, v.ExpiresAt})
	}
	for _, v := range m.Reads {
		d.Reads = append(d.Reads, dataRead{v.At, v.UnitFA, persian.ShowCode(v.Code)})
	}
	for i := range m.Requests {
		v := &m.Requests[i]
		d.Requests = append(d.Requests, dataRequest{v.AskedAt, string(v.State), v.DueAt, v.DecidedAt, v.Reason})
	}
}

// publicText is what an event says to the citizen; the note of a referral is for
// the unit.
func publicText(e *timeline.Event) string {
	if e.Kind == "complaint.referred" || e.Kind == "complaint.child_opened" {
		return ""
	}
	return e.Text
}

func eventsOf(list []timeline.Event) (all []dataEvent) {
	for i := range list {
		all = append(all, dataEvent{list[i].At, list[i].Kind, publicText(&list[i])})
	}
	return all
}

func namesOf(list []files.File, name func(*files.File) string) (all []string) {
	for i := range list {
		all = append(all, name(&list[i]))
	}
	return all
}

// MyMobile is the change of one's number.
type MyMobile struct {
	Old, New   string // masked
	Mobile     string // as typed
	NationalID string
	Dev        string
	Errors     Errors
}

func yesOrNo(yes bool) string {
	if yes {
		return "mydata.yes"
	}
	return "mydata.no"
}

// sureID is the id of a person's checkbox; the first one's is where errors lead.
func sureID(i int) string {
	if i == 0 {
		return "sure"
	}
	return "sure-" + itoa(int64(i))
}
