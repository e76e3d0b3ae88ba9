package carriers

import (
	"context"
	"encoding/json"
	"hash/fnv"
	"net/url"
	"strconv"
	"strings"
)

// kavenegar is api.kavenegar.com: the key stands in the path, calls are forms,
// and return.status counts whatever the HTTP status is.
type kavenegar struct {
	wire  *wire
	setup Setup
}

func openKavenegar(w *wire, s Setup) Sender { return &kavenegar{w, s} }

func (k *kavenegar) Name() string { return "kavenegar" }

// Send implements Sender; localid keeps the provider from carrying a key twice.
func (k *kavenegar) Send(ctx context.Context, m Outgoing) (string, error) {
	method, form := "sms/send", url.Values{"receptor": {local(m.To)}}
	if template := k.setup.Templates[m.Template]; template != "" && len(m.Params) > 0 {
		method = "verify/lookup"
		form.Set("template", template)
		for i, p := range m.Params[:min(3, len(m.Params))] {
			form.Set([]string{"token", "token2", "token3"}[i], p.Value)
		}
	} else {
		form.Set("message", m.Text)
		form.Set("sender", k.setup.Line)
		form.Set("localid", localID(m.Key))
	}
	var entries []kavenegarEntry
	if err := k.call(ctx, method, form, &entries); err != nil {
		return "", err
	}
	if len(entries) == 0 {
		return "", &Uncertain{Err: errNoID}
	}
	e := entries[0]
	if d := e.delivery(); d.State == Undelivered {
		return "", &Refused{Reason: d.Reason, Code: d.Code}
	}
	return e.ID.String(), nil
}

// Status implements Tracker.
func (k *kavenegar) Status(ctx context.Context, ids []string) (map[string]Delivery, error) {
	var entries []kavenegarEntry
	if err := k.call(ctx, "sms/status", url.Values{"messageid": {strings.Join(ids, ",")}}, &entries); err != nil {
		return nil, err
	}
	list := map[string]Delivery{}
	for _, e := range entries {
		if e.Status != 100 { // an identifier that it does not know
			list[e.ID.String()] = e.delivery()
		}
	}
	return list, nil
}

// Credit implements Creditor: rials.
func (k *kavenegar) Credit(ctx context.Context) (float64, error) {
	var account struct {
		Left float64 `json:"remaincredit"`
	}
	err := k.call(ctx, "account/info", url.Values{}, &account)
	return account.Left, err
}

type kavenegarEntry struct {
	ID     json.Number `json:"messageid"`
	Status int         `json:"status"`
}

// delivery reads the provider's states: 1 queued, 2 planned, 4 at the centre,
// 5 sent, 6 failed, 10 delivered, 11 not delivered, 13 cancelled, 14 blocked.
func (e kavenegarEntry) delivery() Delivery {
	code := strconv.Itoa(e.Status)
	switch e.Status {
	case 10:
		return Delivery{State: Delivered, Code: code}
	case 11:
		return Delivery{State: Undelivered, Reason: NotArrived, Code: code}
	case 14:
		return Delivery{State: Undelivered, Reason: Blocked, Code: code}
	case 6, 13:
		return Delivery{State: Undelivered, Reason: Other, Code: code}
	}
	return Delivery{State: Pending, Code: code}
}

func (k *kavenegar) call(ctx context.Context, method string, form url.Values, into any) error {
	rep, httpErr := k.wire.form(ctx, "/v1/"+url.PathEscape(k.setup.Secrets["api_key"])+"/"+method+".json", form)
	if rep.status == 0 {
		return httpErr
	}
	var answer struct {
		Return struct {
			Status int `json:"status"`
		} `json:"return"`
		Entries json.RawMessage `json:"entries"`
	}
	err := rep.read(&answer)
	if err == nil && answer.Return.Status != 200 {
		err = returned(answer.Return.Status)
	}
	if err = prefer(err, httpErr); err != nil {
		return err
	}
	return reply{rep.status, answer.Entries}.read(into)
}

// returned maps the codes of Kavenegar, which Ghasedak shares: what is wrong
// with this message, with the gateway, or with the moment.
func returned(status int) error {
	code := strconv.Itoa(status)
	if reason, ok := badMessage[status]; ok {
		return &Refused{Reason: reason, Code: code}
	}
	if reason, ok := badGateway[status]; ok {
		return &Down{Reason: reason, Code: code}
	}
	if status == 0 {
		return &Uncertain{Err: errNoID}
	}
	if status == 402 || status == 409 || status == 429 || status == 451 || status >= 500 {
		return &Later{Reason: Busy, Code: code}
	}
	return &Down{Reason: Other, Code: code}
}

var badMessage = map[int]string{
	400: Other, 406: Other, 411: Number, 413: Text, 417: Other, 419: Other, 422: Text, 428: Text, 431: Text,
}

var badGateway = map[int]string{
	401: Credentials, 403: Credentials, 404: Other, 405: Other, 407: Credentials, 412: Line, 414: Other, 416: Credentials,
	418: Credit, 420: Text, 424: Template, 426: Template, 427: Line, 430: Credentials, 432: Template, 501: Credentials,
}

// localID makes the number that Kavenegar wants of a key.
func localID(key string) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(key)) // never fails
	return strconv.FormatUint(h.Sum64()>>1, 10)
}
