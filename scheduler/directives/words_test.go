package directives_test

import (
	"testing"

	"pasokh/scheduler/directives"
	"pasokh/views/messages"
)

func TestEveryStateHasItsWords(t *testing.T) {
	for _, s := range directives.States() {
		for _, prefix := range []string{"directive.state.", "directive.citizen.state."} {
			if !messages.Has(messages.FA, prefix+string(s)) {
				t.Errorf("%s%s is missing", prefix, s)
			}
		}
	}
	for _, p := range directives.Priorities() {
		if !messages.Has(messages.FA, "directive.priority."+string(p)) {
			t.Errorf("directive.priority.%s is missing", p)
		}
	}
}
