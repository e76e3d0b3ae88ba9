package notify_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"pasokh/app/apptest/redistest"
	"pasokh/app/notify"
	"pasokh/tenants"
)

func TestConsoleKeepsTheLastMessagesForDevelopers(t *testing.T) {
	r := redistest.New(t)
	var log bytes.Buffer
	c := &notify.Console{Redis: r, Log: slog.New(slog.NewTextHandler(&log, nil)), Clock: tenants.SystemClock}
	for n := range 205 {
		for range 2 { // every key twice
			if _, err := c.Send(t.Context(), notify.Outgoing{TenantID: 1, Key: fmt.Sprint(n), To: mobile, Text: fmt.Sprintf("text %d", n)}); err != nil {
				t.Fatal(err)
			}
		}
	}
	list, err := notify.ConsoleMessages(t.Context(), r, 1)
	if err != nil || len(list) != 200 || list[0].Text != "text 204" || list[1].Text != "text 203" || list[0].To != mobile {
		t.Fatalf("%d messages, %v", len(list), err)
	}
	if other, err := notify.ConsoleMessages(t.Context(), r, 2); err != nil || len(other) != 0 {
		t.Fatalf("of another organization: %+v, %v", other, err)
	}
	if text := log.String(); strings.Contains(text, mobile) || strings.Contains(text, "text 204") || strings.Count(text, "\n") != 205 {
		t.Fatalf("log: %.300s", text)
	}
	for _, key := range []string{"{console:1}", "{console:1}:7"} {
		if left := r.TTL(t.Context(), key).Val(); left <= 0 {
			t.Fatalf("%s stays for ever", key)
		}
	}
}

func TestConsoleShowsTheTextInDemonstrations(t *testing.T) {
	var log bytes.Buffer
	c := &notify.Console{Redis: redistest.New(t), Log: slog.New(slog.NewTextHandler(&log, nil)), Show: true, Clock: tenants.SystemClock}
	if _, err := c.Send(t.Context(), notify.Outgoing{TenantID: 1, Key: "1", To: mobile, Text: "123456"}); err != nil {
		t.Fatal(err)
	}
	if text := log.String(); !strings.Contains(text, "123456") || strings.Contains(text, mobile) {
		t.Fatal(text)
	}
}
