package fakes

import (
	"encoding/json"
	"net/http"
	"strings"
)

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func body(r *http.Request, into any) bool {
	return strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") && json.NewDecoder(r.Body).Decode(into) == nil
}

type object map[string]any

// returnCodes are those of Kavenegar, for a mode.
var returnCodes = map[Mode]int{NoCredit: 418, BadKey: 403, Blacklisted: 200, BadNumber: 411, Overloaded: 409}

func (s *Server) kavenegar(w http.ResponseWriter, r *http.Request, mode Mode, code int) {
	if code == 0 {
		code = returnCodes[mode]
	}
	if code != 0 && code != 200 {
		answer(w, http.StatusOK, object{"return": object{"status": code, "message": "خطا"}, "entries": nil}) // HTTP 200 all the same
		return
	}
	key, method, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/v1/"), "/")
	if key == "" || r.Method != http.MethodPost {
		answer(w, http.StatusMethodNotAllowed, object{"return": object{"status": 405, "message": "خطا"}})
		return
	}
	_ = r.ParseForm()
	good := func(entries any) {
		answer(w, http.StatusOK, object{"return": object{"status": 200, "message": "تایید شد"}, "entries": entries})
	}
	switch strings.TrimSuffix(method, ".json") {
	case "sms/send", "verify/lookup":
		status := 1
		if mode == Blacklisted {
			status = 14
		}
		m := Sent{
			Provider: "kavenegar", To: r.Form.Get("receptor"), Line: r.Form.Get("sender"), Text: r.Form.Get("message"), Key: r.Form.Get("localid"),
			Template: r.Form.Get("template"), Params: map[string]string{"token": r.Form.Get("token")},
		}
		id := number(s.keep(m))
		good([]object{{"messageid": id, "message": m.Text, "status": status, "statustext": "در صف ارسال", "sender": m.Line, "receptor": m.To, "date": s.now().Unix(), "cost": 120}})
	case "sms/status":
		var entries []object
		for _, id := range strings.Split(r.Form.Get("messageid"), ",") {
			n := number(id)
			fate, known := s.fateOf("kavenegar", id)
			status := map[string]int{Pending: 4, Delivered: 10, Undelivered: 11, Filtered: 14}[fate]
			if !known {
				status = 100
			}
			entries = append(entries, object{"messageid": n, "status": status, "statustext": "-"})
		}
		good(entries)
	case "sms/receive":
		good(s.kavenegarReplies(r.Form.Get("isread")))
	case "account/info":
		good(object{"remaincredit": s.left(), "expiredate": 13548889, "type": "Master"})
	default:
		answer(w, http.StatusNotFound, object{"return": object{"status": 404, "message": "متد نامشخص است"}})
	}
}
