package carriers

import (
	"context"
	"errors"
	"strconv"
)

// melipayamak is rest.payamak-panel.com: user and password stand in every body.
// RetStatus is 1 when all is well, and Value is a long number then.
type melipayamak struct {
	wire  *wire
	setup Setup
}

func openMelipayamak(w *wire, s Setup) Sender { return &melipayamak{w, s} }

func (p *melipayamak) Name() string { return "melipayamak" }

var errNoID = errors.New("the answer names no message")

// Send implements Sender. The provider knows no key of ours.
func (p *melipayamak) Send(ctx context.Context, m Outgoing) (string, error) {
	op, body := "SendSMS", map[string]any{"to": local(m.To), "from": p.setup.Line, "text": m.Text, "isFlash": false}
	if template, err := strconv.Atoi(p.setup.Templates[m.Template]); err == nil && len(m.Params) > 0 {
		op, body = "BaseServiceNumber", map[string]any{"to": local(m.To), "bodyId": template, "text": joined(m.Params, ";")}
	}
	value, err := p.call(ctx, op, body)
	if err != nil {
		return "", err
	}
	const shortest = 10 // an error is one to three signs, whatever RetStatus says
	if len(value) < shortest {
		return "", melipayamakError(value)
	}
	return value, nil
}

// Status implements Tracker; the provider is asked for one message at a time.
func (p *melipayamak) Status(ctx context.Context, ids []string) (map[string]Delivery, error) {
	list := map[string]Delivery{}
	for _, id := range ids {
		value, err := p.call(ctx, "GetDeliveries2", map[string]any{"recID": id})
		if breaksOff(err) {
			return list, err
		}
		if list[id] = panelDelivery(value); err != nil {
			list[id] = unsaid(err)
		}
	}
	return list, nil
}

// Credit implements Creditor: messages.
func (p *melipayamak) Credit(ctx context.Context) (float64, error) {
	value, err := p.call(ctx, "GetCredit", map[string]any{})
	if err != nil {
		return 0, err
	}
	left, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return 0, &Uncertain{Err: errNoID}
	}
	return left, nil
}

func (p *melipayamak) call(ctx context.Context, op string, body map[string]any) (string, error) {
	body["username"], body["password"] = p.setup.Settings["username"], p.setup.Secrets["password"]
	rep, httpErr := p.wire.json(ctx, "/api/SendSMS/"+op, body)
	if rep.status == 0 {
		return "", httpErr
	}
	var answer struct {
		Value  string
		Status *int `json:"RetStatus"`
	}
	err := rep.read(&answer)
	switch {
	case err != nil:
	case answer.Status == nil:
		err = &Uncertain{Err: errNoID}
	case *answer.Status != 1 && answer.Value != "":
		err = melipayamakError(answer.Value)
	case *answer.Status != 1:
		err = melipayamakError(strconv.Itoa(*answer.Status))
	}
	return answer.Value, prefer(err, httpErr)
}

func melipayamakError(code string) error {
	switch code {
	case "0", "10", "12", "-1", "108", "109", "110", "-108", "-109", "-110":
		return &Down{Reason: Credentials, Code: code}
	case "2":
		return &Down{Reason: Credit, Code: code}
	case "3", "4", "19", "-2":
		return &Down{Reason: Busy, Code: code} // the limit of the day or hour
	case "5", "9", "-3", "-7":
		return &Down{Reason: Line, Code: code}
	case "-4", "-5":
		return &Down{Reason: Template, Code: code}
	case "16", "18":
		return &Refused{Reason: Number, Code: code}
	case "35":
		return &Refused{Reason: Blocked, Code: code}
	case "7", "14", "15", "17", "-10":
		return &Refused{Reason: Text, Code: code}
	case "6", "11", "-6":
		return &Later{Reason: Busy, Code: code}
	}
	return &Down{Reason: Other, Code: code}
}
