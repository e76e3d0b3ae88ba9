package carriers

import (
	"context"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Incoming is one message that somebody sent to a line of ours.
type Incoming struct {
	ID   string // the provider's; empty when it names none
	From string // as the provider writes it
	To   string // the line
	Text string
	At   time.Time // zero when the provider does not say
}

// Receiver hands over what came in. The same message may come again and again.
// Some providers hand over a message only once; with again they are asked for
// those as well, because what they handed over before was not kept.
type Receiver interface {
	Receive(ctx context.Context, again bool) ([]Incoming, error)
}

const receivePage = 100

// Receive implements Receiver. The provider gives what was not read before, and
// counts it as read then.
func (k *kavenegar) Receive(ctx context.Context, again bool) ([]Incoming, error) {
	list, err := k.received(ctx, "0")
	if err != nil || !again {
		return list, err
	}
	read, err := k.received(ctx, "1")
	return append(read, list...), err
}

func (k *kavenegar) received(ctx context.Context, read string) ([]Incoming, error) {
	var entries []struct {
		ID       json.Number `json:"messageid"`
		Message  string      `json:"message"`
		Sender   string      `json:"sender"`
		Receptor string      `json:"receptor"`
		Date     int64       `json:"date"`
	}
	if err := k.call(ctx, "sms/receive", url.Values{"linenumber": {k.setup.Line}, "isread": {read}}, &entries); err != nil {
		return nil, err
	}
	var list []Incoming
	for _, e := range entries {
		list = append(list, Incoming{ID: e.ID.String(), From: e.Sender, To: e.Receptor, Text: e.Message, At: unix(e.Date)})
	}
	return list, nil
}

// Receive implements Receiver: the latest, read or not.
func (s *smsir) Receive(ctx context.Context, _ bool) ([]Incoming, error) {
	var entries []struct {
		ID     json.Number `json:"messageId"`
		Text   string      `json:"messageText"`
		Line   json.Number `json:"number"`
		Mobile json.Number `json:"mobile"`
		At     int64       `json:"receivedDateTime"`
	}
	rep, err := s.wire.get(ctx, "/v1/receive/latest?count="+strconv.Itoa(receivePage))
	if err = s.read(rep, err, &entries); err != nil {
		return nil, err
	}
	var list []Incoming
	for _, e := range entries {
		list = append(list, Incoming{ID: numbered(e.ID), From: e.Mobile.String(), To: e.Line.String(), Text: e.Text, At: unix(e.At)})
	}
	return list, nil
}

// Receive implements Receiver, as Kavenegar's does.
func (g *ghasedak) Receive(ctx context.Context, again bool) ([]Incoming, error) {
	list, err := g.received(ctx, "false")
	if err != nil || !again {
		return list, err
	}
	read, err := g.received(ctx, "true")
	return append(read, list...), err
}

func (g *ghasedak) received(ctx context.Context, read string) ([]Incoming, error) {
	var data json.RawMessage
	query := url.Values{"LineNumber": {g.setup.Line}, "IsRead": {read}}
	rep, err := g.wire.get(ctx, ghasedakPath+"GetReceivedSmses?"+query.Encode())
	if err = g.read(rep, err, &data); err != nil {
		return nil, err
	}
	type entry struct {
		ID      json.Number `json:"id"`
		Message string      `json:"message"`
		Sender  string      `json:"sender"`
		Line    string      `json:"lineNumber"`
		At      string      `json:"receiveDate"`
	}
	var entries []entry
	if json.Unmarshal(data, &entries) != nil {
		var page struct {
			Items []entry `json:"items"`
		}
		if err := (reply{rep.status, data}).read(&page); err != nil {
			return nil, err
		}
		entries = page.Items
	}
	var list []Incoming
	for _, e := range entries {
		list = append(list, Incoming{ID: numbered(e.ID), From: e.Sender, To: e.Line, Text: e.Message, At: stamped(e.At)})
	}
	return list, nil
}

// Receive implements Receiver: the newest of the line, read or not.
func (p *melipayamak) Receive(ctx context.Context, _ bool) ([]Incoming, error) {
	body := map[string]any{
		"username": p.setup.Settings["username"], "password": p.setup.Secrets["password"], "location": 1, "from": p.setup.Line, "index": 0, "count": receivePage,
	}
	rep, httpErr := p.wire.json(ctx, "/api/SendSMS/GetMessages", body)
	if rep.status == 0 {
		return nil, httpErr
	}
	var answer struct {
		Value  string
		Status *int `json:"RetStatus"`
		Data   []struct {
			ID       json.Number `json:"MsgID"`
			Body     string
			Sender   string
			Receiver string
			SendDate string
		}
	}
	err := rep.read(&answer)
	switch {
	case err != nil:
	case answer.Status == nil:
		err = &Uncertain{Err: errNoID}
	case *answer.Status != 1:
		err = melipayamakError(answer.Value)
	}
	if err = prefer(err, httpErr); err != nil {
		return nil, err
	}
	var list []Incoming
	for _, e := range answer.Data {
		list = append(list, Incoming{ID: numbered(e.ID), From: e.Sender, To: e.Receiver, Text: e.Body, At: stamped(e.SendDate)})
	}
	return list, nil
}

// numbered is an identifier, empty where the provider gives none.
func numbered(id json.Number) string {
	if id == "0" {
		return ""
	}
	return id.String()
}

func unix(seconds int64) time.Time {
	if seconds <= 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}

// stamped reads a time with a zone; one without says nothing certain.
func stamped(s string) time.Time {
	at, err := time.Parse(time.RFC3339, strings.TrimSpace(s))
	if err != nil {
		return time.Time{}
	}
	return at.UTC()
}

// Receives tells whether a provider hands over what comes in.
func (p Provider) Receives() bool { return p.Channel == SMS }
