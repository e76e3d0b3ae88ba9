package web_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"pasokh/app/apptest"
	"pasokh/app/persian"
	"pasokh/app/web"
)

// Strings of one request must never be seen by the next on the same kept-alive
// connection: two citizens of two organizations take turns on each.
func TestKeptConnectionsDoNotMixOrganizations(t *testing.T) {
	app := apptest.New(t)
	a, b := app.Twin(app.A), app.Twin(app.B)
	server, err := web.New(app.Options)
	if err != nil {
		t.Fatal(err)
	}
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Listener(socket) }()
	t.Cleanup(func() { _ = server.Shutdown() })
	turns := []struct {
		host, cookie, mine, foreign string
	}{
		{"alpha.pasokh.test", app.CitizenAt("alpha", mobile).Cookie("pasokh-my"), a.Code, b.Code},
		{"beta.pasokh.test", app.CitizenAt("beta", mobile).Cookie("pasokh-my"), b.Code, a.Code},
	}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			browser := &http.Client{Transport: &http.Transport{MaxConnsPerHost: 1}}
			defer browser.CloseIdleConnections()
			for i := range 20 {
				turn := turns[i%2]
				body, err := fetch(browser, socket.Addr().String(), turn.host, turn.cookie)
				if err != nil || !shows(body, turn.mine) || shows(body, turn.foreign) {
					t.Errorf("%s: %v, shows its own case: %v, the other's: %v", turn.host, err, shows(body, turn.mine), shows(body, turn.foreign))
					return
				}
			}
		})
	}
	all.Wait()
}

// shows tells whether the page names the case, however its code is grouped.
func shows(body, code string) bool {
	return strings.Contains(strings.ReplaceAll(body, "\u2011", "-"), persian.ShowCode(code))
}

func fetch(browser *http.Client, address, host, cookie string) (string, error) {
	r, err := http.NewRequest(http.MethodGet, "http://"+address+"/my", nil) //nolint:noctx // a test
	if err != nil {
		return "", err
	}
	r.Host = host
	r.AddCookie(&http.Cookie{Name: "pasokh-my", Value: cookie})
	res, err := browser.Do(r)
	if err != nil {
		return "", err
	}
	defer res.Body.Close() //nolint:errcheck // a test
	body, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("status %d", res.StatusCode)
	}
	return string(body), err
}
