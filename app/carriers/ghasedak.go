package carriers

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// ghasedak is gw.ghasedak.me: the key stands in a header, calls are JSON, and
// isSuccess with statusCode count whatever the HTTP status is.
type ghasedak struct {
	wire  *wire
	setup Setup
}

func openGhasedak(w *wire, s Setup) Sender {
	w.header = http.Header{"Apikey": {s.Secrets["api_key"]}}
	return &ghasedak{w, s}
}

func (g *ghasedak) Name() string { return "ghasedak" }

const ghasedakPath = "/Rest/api/v1/WebService/"

// Send implements Sender; the key goes along as the reference of the client.
func (g *ghasedak) Send(ctx context.Context, m Outgoing) (string, error) {
	if template := g.setup.Templates[m.Template]; template != "" && len(m.Params) > 0 {
		return g.otp(ctx, m, template)
	}
	var sent ghasedakItem
	err := g.post(ctx, "SendSingleSMS", map[string]any{
		"message": m.Text, "receptor": local(m.To), "linenumber": g.setup.Line, "clientReferenceId": m.Key, "udh": false,
	}, &sent)
	return sent.id(err)
}

func (g *ghasedak) otp(ctx context.Context, m Outgoing, template string) (string, error) {
	var inputs []map[string]string
	for _, p := range m.Params {
		inputs = append(inputs, map[string]string{"param": p.Name, "value": p.Value})
	}
	var sent struct {
		Items []ghasedakItem `json:"items"`
	}
	err := g.post(ctx, "SendOtpSMS", map[string]any{
		"receptors":    []map[string]string{{"mobile": local(m.To), "clientReferenceId": m.Key}},
		"templateName": template, "inputs": inputs, "udh": false,
	}, &sent)
	if err == nil && len(sent.Items) == 0 {
		return "", &Uncertain{Err: errNoID}
	}
	if err != nil {
		return "", err
	}
	return sent.Items[0].id(nil)
}

type ghasedakItem struct {
	ID     json.Number `json:"messageId"`
	Status json.Number `json:"status"`
}

func (i ghasedakItem) id(err error) (string, error) {
	if err == nil && i.ID == "" {
		err = &Uncertain{Err: errNoID}
	}
	return i.ID.String(), err
}

// Status implements Tracker.
func (g *ghasedak) Status(ctx context.Context, ids []string) (map[string]Delivery, error) {
	var items []ghasedakItem
	query := url.Values{"Type": {"1"}, "Ids": {strings.Join(ids, ",")}}
	rep, err := g.wire.get(ctx, ghasedakPath+"CheckSmsStatus?"+query.Encode())
	if err = g.read(rep, err, &items); err != nil {
		return nil, err
	}
	list := map[string]Delivery{}
	for _, i := range items {
		list[i.ID.String()] = panelDelivery(i.Status.String())
	}
	return list, nil
}

// Credit implements Creditor: rials.
func (g *ghasedak) Credit(ctx context.Context) (float64, error) {
	var account struct {
		Left float64 `json:"credit"`
	}
	rep, err := g.wire.get(ctx, ghasedakPath+"GetAccountInformation")
	return account.Left, g.read(rep, err, &account)
}

func (g *ghasedak) post(ctx context.Context, op string, body, into any) error {
	rep, err := g.wire.json(ctx, ghasedakPath+op, body)
	return g.read(rep, err, into)
}

func (g *ghasedak) read(rep reply, httpErr error, into any) error {
	if rep.status == 0 {
		return httpErr
	}
	var answer struct {
		OK     bool            `json:"isSuccess"`
		Status int             `json:"statusCode"`
		Data   json.RawMessage `json:"data"`
	}
	err := rep.read(&answer)
	if err == nil && (!answer.OK || answer.Status != 200) {
		err = returned(answer.Status)
	}
	if err = prefer(err, httpErr); err != nil {
		return err
	}
	return reply{rep.status, answer.Data}.read(into)
}

// panelDelivery reads the states of Melipayamak, which Ghasedak shares: 1 at
// the handset, 2 not, 3 and 5 failed, 16 not at the centre, 35 blocked, 300
// filtered, 500 not accepted; 0, 8, 200, 400 on the way.
func panelDelivery(code string) Delivery {
	n, err := strconv.Atoi(code)
	switch {
	case err != nil:
	case n == 1:
		return Delivery{State: Delivered, Code: code}
	case n == 2 || n == 16:
		return Delivery{State: Undelivered, Reason: NotArrived, Code: code}
	case n == 35:
		return Delivery{State: Undelivered, Reason: Blocked, Code: code}
	case n == 300:
		return Delivery{State: Undelivered, Reason: Text, Code: code}
	case n == 3 || n == 5 || n == 500:
		return Delivery{State: Undelivered, Reason: Other, Code: code}
	}
	return Delivery{State: Pending, Code: code}
}
