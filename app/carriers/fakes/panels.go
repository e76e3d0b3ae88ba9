package fakes

import (
	"net/http"
	"strconv"
	"strings"
)

func (s *Server) ghasedak(w http.ResponseWriter, r *http.Request, mode Mode, code int) {
	if code == 0 {
		code = map[Mode]int{NoCredit: 418, BadKey: 401, BadNumber: 411, Blacklisted: 411, Overloaded: 429}[mode]
	}
	if r.Header.Get("ApiKey") == "" {
		code = 401
	}
	if code != 0 {
		answer(w, http.StatusOK, object{"isSuccess": false, "statusCode": code, "message": "خطا", "data": nil})
		return
	}
	good := func(data any) {
		answer(w, http.StatusOK, object{"isSuccess": true, "statusCode": 200, "message": "عملیات با موفقیت انجام شد", "data": data})
	}
	var in struct {
		Message, Receptor, LineNumber, ClientReferenceID, TemplateName string
		Receptors                                                      []struct{ Mobile, ClientReferenceID string }
		Inputs                                                         []struct{ Param, Value string }
	}
	switch strings.TrimPrefix(r.URL.Path, "/Rest/api/v1/WebService/") {
	case "SendSingleSMS":
		if !body(r, &in) {
			return
		}
		id := s.keep(Sent{Provider: "ghasedak", To: in.Receptor, Line: in.LineNumber, Text: in.Message, Key: in.ClientReferenceID})
		good(object{"receptor": in.Receptor, "lineNumber": in.LineNumber, "cost": 900, "messageId": id, "message": in.Message})
	case "SendOtpSMS":
		if !body(r, &in) || len(in.Receptors) == 0 {
			return
		}
		params := map[string]string{}
		for _, p := range in.Inputs {
			params[p.Param] = p.Value
		}
		id := s.keep(Sent{Provider: "ghasedak", To: in.Receptors[0].Mobile, Template: in.TemplateName, Params: params, Key: in.Receptors[0].ClientReferenceID})
		good(object{"items": []object{{"receptor": in.Receptors[0].Mobile, "messageId": id}}})
	case "CheckSmsStatus":
		var items []object
		for _, id := range strings.Split(r.URL.Query().Get("Ids"), ",") {
			if fate, known := s.fateOf("ghasedak", id); known {
				items = append(items, object{"messageId": id, "status": panelFates[fate]})
			}
		}
		good(items)
	case "GetReceivedSmses":
		good(object{"items": s.ghasedakReplies(map[string]string{"false": "0", "true": "1"}[r.URL.Query().Get("IsRead")])})
	case "GetAccountInformation":
		good(object{"credit": s.left(), "plan": "پایه"})
	default:
		answer(w, http.StatusNotFound, object{"isSuccess": false, "statusCode": 404})
	}
}

var panelFates = map[string]int{Pending: 8, Delivered: 1, Undelivered: 2, Filtered: 35}

func (s *Server) melipayamak(w http.ResponseWriter, r *http.Request, mode Mode, code int) {
	say := func(value string, status int, word string) {
		answer(w, http.StatusOK, object{"Value": value, "RetStatus": status, "StrRetStatus": word})
	}
	wrong := map[Mode]string{NoCredit: "2", BadKey: "0", Blacklisted: "35", BadNumber: "18", Overloaded: "6"}[mode]
	if code != 0 {
		wrong = strconv.Itoa(code)
	}
	var in struct {
		Username, Password, To, From, Text, RecID string
		BodyID                                    int
	}
	switch op := strings.TrimPrefix(r.URL.Path, "/api/SendSMS/"); {
	case wrong != "":
		say(wrong, 35, "InvalidData") // HTTP 200 all the same
	case !body(r, &in) || in.Username == "" || in.Password == "":
		say("0", 35, "InvalidData")
	case op == "SendSMS":
		say(s.keep(Sent{Provider: "melipayamak", To: in.To, Line: in.From, Text: in.Text}), 1, "Ok")
	case op == "BaseServiceNumber":
		say(s.keep(Sent{Provider: "melipayamak", To: in.To, Template: strconv.Itoa(in.BodyID), Params: map[string]string{"text": in.Text}}), 1, "Ok")
	case op == "GetDeliveries2":
		fate, _ := s.fateOf("melipayamak", in.RecID)
		say(strconv.Itoa(panelFates[fate]), 1, "Ok")
	case op == "GetMessages":
		answer(w, http.StatusOK, s.melipayamakReplies())
	case op == "GetCredit":
		say(strconv.FormatFloat(s.left(), 'f', 2, 64), 1, "Ok")
	default:
		http.NotFound(w, r)
	}
}

func (s *Server) bale(w http.ResponseWriter, r *http.Request, mode Mode, code int) {
	var in struct {
		RequestID   string `json:"request_id"`
		BotID       int64  `json:"bot_id"`
		Phone       string `json:"phone_number"`
		MessageData struct {
			Message struct{ Text string }
		} `json:"message_data"`
	}
	if code == 0 {
		code = map[Mode]int{NoCredit: 402, BadKey: 401, Blacklisted: 17, BadNumber: 8, Overloaded: 429}[mode]
	}
	switch {
	case r.Header.Get("api-access-key") == "":
		answer(w, http.StatusUnauthorized, object{"message": "unauthorized"})
	case r.URL.Path != "/api/v3/send_message" || !body(r, &in) || in.Phone == "":
		answer(w, http.StatusBadRequest, object{"message": "bad request"})
	case code != 0:
		answer(w, http.StatusOK, object{"message_id": "", "error_data": []object{{"phone_number": in.Phone, "code": code, "description": "error"}}})
	default:
		id := s.keep(Sent{Provider: "bale", To: in.Phone, Text: in.MessageData.Message.Text, Key: in.RequestID})
		answer(w, http.StatusOK, object{"message_id": id, "error_data": []object{}})
	}
}
