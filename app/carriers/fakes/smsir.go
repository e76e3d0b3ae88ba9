package fakes

import (
	"net/http"
	"strconv"
	"strings"
)

// smsirCodes and smsirStatus are what the modes look like there.
var (
	smsirCodes  = map[Mode]int{NoCredit: 102, BadKey: 10, Blacklisted: 115, BadNumber: 104, Overloaded: 20}
	smsirStatus = map[Mode]int{NoCredit: 400, BadKey: 401, BadNumber: 400, Overloaded: 429}
)

// smsirAsked is the body of every call there.
type smsirAsked struct {
	LineNumber  int64
	MessageText string
	Mobiles     []string
	Mobile      string
	TemplateID  int
	Parameters  []struct{ Name, Value string }
}

func (s *Server) smsir(w http.ResponseWriter, r *http.Request, mode Mode, code int) {
	if code == 0 {
		code = smsirCodes[mode]
	}
	if code != 0 {
		status := smsirStatus[mode]
		if status == 0 {
			status = http.StatusOK
		}
		answer(w, status, object{"status": code, "message": "خطا", "data": nil})
		return
	}
	good := func(data any) { answer(w, http.StatusOK, object{"status": 1, "message": "موفق", "data": data}) }
	var in smsirAsked
	switch path := r.URL.Path; {
	case r.Header.Get("X-API-KEY") == "":
		answer(w, http.StatusUnauthorized, object{"status": 10, "message": "کلید وب‌سرویس نامعتبر است"})
	case path == "/v1/send/bulk" && body(r, &in) && len(in.Mobiles) > 0:
		id := s.keep(Sent{Provider: "smsir", To: in.Mobiles[0], Line: strconv.FormatInt(in.LineNumber, 10), Text: in.MessageText})
		good(object{"packId": "2b99e63c", "messageIds": []int64{number(id)}, "cost": 1.0})
	case path == "/v1/send/verify" && body(r, &in):
		params := map[string]string{}
		for _, p := range in.Parameters {
			params[p.Name] = p.Value
		}
		id := s.keep(Sent{Provider: "smsir", To: in.Mobile, Template: strconv.Itoa(in.TemplateID), Params: params})
		good(object{"messageId": number(id), "cost": 1.0})
	case path == "/v1/receive/latest":
		good(s.smsirReplies())
	case path == "/v1/credit":
		good(s.left())
	case strings.HasPrefix(path, "/v1/send/"):
		fate, _ := s.fateOf("smsir", strings.TrimPrefix(path, "/v1/send/"))
		good(object{"deliveryState": map[string]int{Pending: 5, Delivered: 1, Undelivered: 2, Filtered: 7}[fate], "deliveryDateTime": s.now().Unix()})
	default:
		answer(w, http.StatusBadRequest, object{"status": 16, "message": "خطا"})
	}
}

func number(id string) int64 {
	n, _ := strconv.ParseInt(id, 10, 64)
	return n
}
