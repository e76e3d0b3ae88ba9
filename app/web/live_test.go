package web

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
)

func TestEventsKeepTheirLines(t *testing.T) {
	var b bytes.Buffer
	out := bufio.NewWriter(&b)
	body := templ.Raw("<p>one\ntwo</p>")
	if err := writeEvents(context.Background(), out, []liveEvent{{"nav-inbox", body}}); err != nil {
		t.Fatal(err)
	}
	if got, want := b.String(), "event: nav-inbox\ndata: <p>one\ndata: two</p>\n\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestStreamSendsAtOnceAtChangesAndEnds(t *testing.T) {
	changed := make(chan struct{}, 1)
	ctx, cancel := context.WithCancel(context.Background())
	sent := 0
	err := streamEvents(ctx, bufio.NewWriter(new(bytes.Buffer)), changed, func() error {
		switch sent++; sent {
		case 1:
			changed <- struct{}{}
		case 2:
			cancel()
		}
		return nil
	})
	if err != nil || sent != 2 {
		t.Errorf("sent %d times, %v", sent, err)
	}
	gone := errors.New("the browser is gone")
	if err := streamEvents(context.Background(), bufio.NewWriter(new(bytes.Buffer)), changed, func() error { return gone }); !errors.Is(err, gone) {
		t.Error(err)
	}
}

func TestHubWakesOnlyItsTopic(t *testing.T) {
	wake := make(chan func(string), 1)
	h := &hub{streams: map[string]map[chan struct{}]bool{}, listen: func(w func(string)) { wake <- w }}
	mine, leave := h.join(liveTopic(1, "desk"))
	other, leaveOther := h.join(liveTopic(2, "desk"))
	defer leaveOther()
	announce := <-wake
	for range 3 {
		announce(liveTopic(1, "desk")) // several at once are one
	}
	select {
	case <-mine:
	case <-time.After(time.Second):
		t.Fatal("not woken")
	}
	select {
	case <-mine:
		t.Error("woken again for nothing")
	case <-other:
		t.Error("another organization's page was woken")
	default:
	}
	leave()
	if n := len(h.streams); n != 1 {
		t.Errorf("%d topics are kept", n)
	}
	if strings.Contains(liveTopic(1, "desk"), "2") {
		t.Error("topics mix")
	}
}
