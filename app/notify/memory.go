package notify

import (
	"context"
	"fmt"
	"slices"
	"sync"
)

// Memory is the sender of tests: it keeps what it carried.
type Memory struct {
	// Before, when set, is asked before a message is carried; its error is
	// given back and nothing is carried.
	Before func(Outgoing) error
	// After, when set, is asked when a message has been carried; its error is
	// given back although the message went out.
	After func(Outgoing) error

	// Blind makes it a provider that knows no key of ours.
	Blind bool

	mu    sync.Mutex
	sent  []Outgoing
	calls int
}

// Name implements Sender.
func (m *Memory) Name() string { return "memory" }

// Keyed implements carriers.Keyed.
func (m *Memory) Keyed() bool { return !m.Blind }

// Send implements Sender.
func (m *Memory) Send(_ context.Context, out Outgoing) (string, error) {
	if m.Before != nil {
		if err := m.Before(out); err != nil {
			return "", err
		}
	}
	id := m.keep(out)
	if m.After != nil {
		if err := m.After(out); err != nil {
			return "", err
		}
	}
	return id, nil
}

func (m *Memory) keep(out Outgoing) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls++
	same := func(o Outgoing) bool { return o.TenantID == out.TenantID && o.Key == out.Key }
	at := slices.IndexFunc(m.sent, same)
	if at < 0 || m.Blind {
		at = len(m.sent)
		m.sent = append(m.sent, out)
	}
	return fmt.Sprintf("memory-%d", at+1)
}

// Sent lists what was carried, oldest first.
func (m *Memory) Sent() []Outgoing {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.sent)
}

// Calls counts the calls that reached the provider, repeated keys included.
func (m *Memory) Calls() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.calls
}
