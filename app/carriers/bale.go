package carriers

import (
	"context"
	"net/http"
	"strconv"
	"strings"
)

// bale is Safir, the gate of the messenger Bale for organizations: it finds
// people by their mobile number, and request_id keeps it from carrying a key
// twice.
type bale struct {
	wire  *wire
	setup Setup
}

func openBale(w *wire, s Setup) Sender {
	w.header = http.Header{"Api-Access-Key": {s.Secrets["api_key"]}}
	return &bale{w, s}
}

func (b *bale) Name() string { return "bale" }

// Send implements Sender.
func (b *bale) Send(ctx context.Context, m Outgoing) (string, error) {
	bot, err := strconv.ParseInt(b.setup.Settings["bot_id"], 10, 64)
	if err != nil {
		return "", &Down{Reason: Credentials}
	}
	rep, httpErr := b.wire.json(ctx, "/api/v3/send_message", map[string]any{
		"request_id": m.Key, "bot_id": bot, "phone_number": strings.TrimPrefix(m.To, "+"),
		"message_data": map[string]any{"message": map[string]string{"text": m.Text}},
	})
	if rep.status == 0 {
		return "", httpErr
	}
	var answer struct {
		ID     string `json:"message_id"`
		Errors []struct {
			Code int `json:"code"`
		} `json:"error_data"`
	}
	err = rep.read(&answer)
	switch {
	case err != nil:
	case len(answer.Errors) > 0:
		err = baleError(answer.Errors[0].Code)
	case answer.ID == "" && httpErr == nil:
		err = &Uncertain{Err: errNoID}
	}
	return answer.ID, prefer(err, httpErr)
}

// baleError: a number without an account in the messenger is the usual one;
// what speaks of the account or the purse is the gateway's.
func baleError(code int) error {
	text := strconv.Itoa(code)
	switch code {
	case 401, 403:
		return &Down{Reason: Credentials, Code: text}
	case 402, 20:
		return &Down{Reason: Credit, Code: text}
	case 2, 18, 429, 500, 503:
		return &Later{Reason: Busy, Code: text}
	}
	return &Refused{Reason: Number, Code: text}
}
