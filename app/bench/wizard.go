package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/valyala/fasthttp"
)

// wizard goes to the step of the free times and gives its address and cookies.
func (s *server) wizard(host string, executive int64) (page, cookie string, err error) {
	client := &fasthttp.HostClient{Addr: s.addr}
	jar, at, body := map[string]string{}, "/meetings/new", ""
	ask := func(method, path string, form url.Values) error {
		req, res := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
		req.SetRequestURI("http://" + host + path)
		req.Header.SetMethod(method)
		for k, v := range jar {
			req.Header.SetCookie(k, v)
		}
		if form != nil {
			req.Header.Set("Origin", "http://"+host)
			req.Header.SetContentType("application/x-www-form-urlencoded")
			req.SetBodyString(form.Encode())
		}
		if err := client.Do(req, res); err != nil {
			return err
		}
		for key, raw := range res.Header.Cookies() {
			c := fasthttp.AcquireCookie()
			if err := c.ParseBytes(raw); err == nil {
				jar[string(key)] = string(c.Value())
			}
		}
		if res.StatusCode() >= http.StatusBadRequest {
			return fmt.Errorf("%s %s answered %d", method, path, res.StatusCode())
		}
		at, body = string(res.Header.Peek("Location")), string(res.Body())
		return nil
	}
	steps := []url.Values{
		{"executive": {strconv.FormatInt(executive, 10)}},
		{"subject": {"درخواست گازرسانی"}, "text": {"روستای ما سه سال است در نوبت گازرسانی است."}, "companions": {"0"}},
	}
	action := "/meetings/drafts"
	for i, form := range steps {
		if err := ask(http.MethodGet, at, nil); err != nil {
			return "", "", err
		}
		found := token.FindStringSubmatch(body)
		if found == nil {
			return "", "", fmt.Errorf("step %d has no form", i)
		}
		form.Set("_csrf", found[1])
		if err := ask(http.MethodPost, action, form); err != nil {
			return "", "", err
		}
		action = at
	}
	var cookies []string
	for k, v := range jar {
		cookies = append(cookies, k+"="+v)
	}
	return at, strings.Join(cookies, "; "), nil
}
