package carriers_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"pasokh/app/carriers"
)

// What the other providers' codes lead to, each as the provider says it under
// HTTP 200. A code that nobody knows is the gateway's trouble, never the person's.
func TestReturnCodesOfTheOthers(t *testing.T) {
	fake, at := gateways(t)
	for provider, codes := range map[string]map[int]string{
		"smsir": {
			10: "down credentials", 11: "down credentials", 12: "down credentials", 13: "down credentials", 14: "down credentials", 15: "down credentials",
			16: "refused text", 20: "later busy", 101: "down line", 102: "down credit", 103: "refused text", 104: "refused number", 105: "down other",
			106: "down other", 107: "refused number", 108: "refused text", 109: "refused text", 110: "refused text", 111: "down other", 112: "down other",
			113: "down template", 114: "refused text", 115: "refused blocked", 116: "down template", 117: "refused text", 118: "later busy", 119: "down template",
			123: "down line", 999: "down other",
		},
		"ghasedak": {
			400: "refused other", 401: "down credentials", 402: "later busy", 403: "down credentials", 406: "refused other", 407: "down credentials",
			409: "later busy", 411: "refused number", 412: "down line", 413: "refused text", 414: "down other", 417: "refused other", 418: "down credit",
			419: "refused other", 420: "down text", 422: "refused text", 424: "down template", 426: "down template", 427: "down line", 428: "refused text",
			429: "later busy", 430: "down credentials", 431: "refused text", 432: "down template", 451: "later busy", 500: "later busy", 599: "later busy", 300: "down other",
		},
		"melipayamak": {
			2: "down credit", 3: "down busy", 4: "down busy", 5: "down line", 6: "later busy", 7: "refused text", 9: "down line", 10: "down credentials",
			11: "later busy", 12: "down credentials", 14: "refused text", 15: "refused text", 16: "refused number", 17: "refused text", 18: "refused number",
			19: "down busy", 35: "refused blocked", 108: "down credentials", 109: "down credentials", 110: "down credentials",
			-1: "down credentials", -2: "down busy", -3: "down line", -4: "down template", -5: "down template", -6: "later busy", -7: "down line",
			-10: "refused text", -108: "down credentials", -109: "down credentials", -110: "down credentials", 77: "down other",
		},
		"bale": {
			2: "later busy", 8: "refused number", 17: "refused number", 18: "later busy", 20: "down credit", 401: "down credentials", 402: "down credit",
			403: "down credentials", 429: "later busy", 500: "later busy", 503: "later busy",
		},
	} {
		for code, want := range codes {
			fake.Answer(provider, code)
			_, err := open(t, provider, at).Send(t.Context(), out())
			if got := verdict(err); got != want {
				t.Errorf("%s %d: %s, not %s", provider, code, got, want)
			}
			if _, said := carriers.Why(err); said != strconv.Itoa(code) {
				t.Errorf("%s %d is told as %q", provider, code, said)
			}
		}
		fake.Answer(provider, 0)
	}
}

// The bare HTTP status counts where the provider says nothing itself; 200 with a
// short value is an error of Melipayamak, whatever RetStatus says.
func TestAnswersWithoutACode(t *testing.T) {
	var status int
	var body string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = fmt.Fprint(w, body)
	}))
	defer server.Close()
	for _, c := range []struct {
		provider string
		status   int
		body     string
		want     string
	}{
		{"smsir", 400, `{"status":104,"message":"x"}`, "refused number"}, {"smsir", 401, `{"status":10}`, "down credentials"}, {"smsir", 401, ``, "down credentials"},
		{"smsir", 429, ``, "later busy"}, {"smsir", 500, ``, "later busy"}, {"smsir", 200, `{"data":{}}`, "uncertain"}, {"smsir", 200, `{"status":0}`, "later busy"},
		{"ghasedak", 200, `{"isSuccess":false,"statusCode":200}`, "down other"}, {"ghasedak", 200, `{"isSuccess":true,"statusCode":200,"data":{}}`, "uncertain"},
		{"ghasedak", 401, ``, "down credentials"}, {"ghasedak", 502, ``, "uncertain"},
		{"melipayamak", 200, `{"Value":"0","RetStatus":1,"StrRetStatus":"Ok"}`, "down credentials"}, {"melipayamak", 200, `{"Value":"","RetStatus":35}`, "refused blocked"},
		{"melipayamak", 200, `{"Value":"8123456789012","RetStatus":1}`, "carried"}, {"melipayamak", 200, `{"Value":"8123456789012"}`, "uncertain"},
		{"bale", 400, `{"message":"bad request"}`, "down other"}, {"bale", 401, `{}`, "down credentials"}, {"bale", 200, `{"message_id":"","error_data":[]}`, "uncertain"},
	} {
		status, body = c.status, c.body
		s, _ := carriers.Open(carriers.Setup{
			Provider: c.provider, Line: "3000", Settings: map[string]string{"username": "u", "bot_id": "1"}, Secrets: map[string]string{"api_key": "k", "password": "p"},
		}, carriers.Options{Fakes: server.URL})
		_, err := s.Send(t.Context(), out())
		if got := verdict(err); got != c.want {
			t.Errorf("%s HTTP %d %s: %s, not %s", c.provider, c.status, c.body, got, c.want)
		}
	}
}

// One message that SMS.ir does not know keeps nobody from hearing of the others.
func TestAnUnknownMessageIsPassedOver(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := `{"status":1,"data":{"deliveryState":1}}`
		if r.URL.Path == "/smsir/v1/send/1" {
			answer = `{"status":111,"message":"x"}`
		}
		_, _ = fmt.Fprint(w, answer)
	}))
	defer server.Close()
	list, err := open(t, "smsir", server.URL).(carriers.Tracker).Status(t.Context(), []string{"1", "2"})
	if err != nil || list["1"].State != carriers.Pending || list["2"].State != carriers.Delivered {
		t.Errorf("%+v, %v", list, err)
	}
}
