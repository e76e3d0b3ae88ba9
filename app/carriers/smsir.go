package carriers

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
)

// smsir is api.sms.ir: the key stands in a header, calls are JSON, and status is
// 1 when all is well.
type smsir struct {
	wire  *wire
	setup Setup
}

func openSMSIR(w *wire, s Setup) Sender {
	w.header = http.Header{"X-Api-Key": {s.Secrets["api_key"]}}
	return &smsir{w, s}
}

func (s *smsir) Name() string { return "smsir" }

// Send implements Sender. The provider knows no key of ours.
func (s *smsir) Send(ctx context.Context, m Outgoing) (string, error) {
	if template, err := strconv.Atoi(s.setup.Templates[m.Template]); err == nil && len(m.Params) > 0 {
		return s.verify(ctx, m, template)
	}
	line, err := strconv.ParseInt(s.setup.Line, 10, 64)
	if err != nil {
		return "", &Down{Reason: Line}
	}
	var sent struct {
		IDs []json.Number `json:"messageIds"`
	}
	err = s.post(ctx, "/v1/send/bulk", map[string]any{"lineNumber": line, "messageText": m.Text, "mobiles": []string{local(m.To)}}, &sent)
	if err != nil {
		return "", err
	}
	if len(sent.IDs) == 0 || sent.IDs[0] == "" || sent.IDs[0] == "0" {
		return "", &Refused{Reason: Blocked} // a list with a hole: the number takes no such messages
	}
	return sent.IDs[0].String(), nil
}

func (s *smsir) verify(ctx context.Context, m Outgoing, template int) (string, error) {
	var fields []map[string]string
	for _, p := range m.Params {
		fields = append(fields, map[string]string{"name": p.Name, "value": p.Value})
	}
	var sent struct {
		ID json.Number `json:"messageId"`
	}
	err := s.post(ctx, "/v1/send/verify", map[string]any{"mobile": local(m.To), "templateId": template, "parameters": fields}, &sent)
	if err == nil && sent.ID == "" {
		err = &Uncertain{Err: errNoID}
	}
	return sent.ID.String(), err
}

// Status implements Tracker; the provider is asked for one message at a time.
func (s *smsir) Status(ctx context.Context, ids []string) (map[string]Delivery, error) {
	list := map[string]Delivery{}
	for _, id := range ids {
		var state struct {
			State int `json:"deliveryState"`
		}
		rep, err := s.wire.get(ctx, "/v1/send/"+url.PathEscape(id))
		if err = s.read(rep, err, &state); breaksOff(err) {
			return list, err
		}
		if list[id] = smsirDelivery(state.State); err != nil {
			list[id] = unsaid(err)
		}
	}
	return list, nil
}

// smsirDelivery reads 1 at the handset, 2 not, 3 at the operator, 4 not, 5 sent,
// 6 failed, 7 on the list of numbers that want no advertising.
func smsirDelivery(state int) Delivery {
	code := strconv.Itoa(state)
	switch state {
	case 1:
		return Delivery{State: Delivered, Code: code}
	case 2, 4:
		return Delivery{State: Undelivered, Reason: NotArrived, Code: code}
	case 6:
		return Delivery{State: Undelivered, Reason: Other, Code: code}
	case 7:
		return Delivery{State: Undelivered, Reason: Blocked, Code: code}
	}
	return Delivery{State: Pending, Code: code}
}

// Credit implements Creditor: messages.
func (s *smsir) Credit(ctx context.Context) (float64, error) {
	var left float64
	rep, err := s.wire.get(ctx, "/v1/credit")
	return left, s.read(rep, err, &left)
}

func (s *smsir) post(ctx context.Context, path string, body, into any) error {
	rep, err := s.wire.json(ctx, path, body)
	return s.read(rep, err, into)
}

func (s *smsir) read(rep reply, httpErr error, into any) error {
	if rep.status == 0 {
		return httpErr
	}
	var answer struct {
		Status *int            `json:"status"`
		Data   json.RawMessage `json:"data"`
	}
	err := rep.read(&answer)
	switch {
	case err != nil:
	case answer.Status == nil:
		err = &Uncertain{Err: errNoID}
	case *answer.Status != 1:
		err = smsirError(*answer.Status)
	}
	if err = prefer(err, httpErr); err != nil {
		return err
	}
	return reply{rep.status, answer.Data}.read(into)
}

func smsirError(status int) error {
	code := strconv.Itoa(status)
	switch status {
	case 10, 11, 12, 13, 14, 15:
		return &Down{Reason: Credentials, Code: code}
	case 101, 123:
		return &Down{Reason: Line, Code: code}
	case 102:
		return &Down{Reason: Credit, Code: code}
	case 113, 116, 119:
		return &Down{Reason: Template, Code: code}
	case 104, 107:
		return &Refused{Reason: Number, Code: code}
	case 115:
		return &Refused{Reason: Blocked, Code: code}
	case 16, 103, 108, 109, 110, 114, 117:
		return &Refused{Reason: Text, Code: code}
	case 0, 20, 118:
		return &Later{Reason: Busy, Code: code}
	}
	return &Down{Reason: Other, Code: code}
}
