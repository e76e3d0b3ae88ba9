package meetings_test

import (
	"testing"

	"pasokh/scheduler/meetings"
	"pasokh/views/messages"
)

func TestEveryStateHasItsWords(t *testing.T) {
	for _, s := range meetings.States() {
		for _, prefix := range []string{"meeting.state.", "meeting.citizen.state.", "meeting.citizen.next."} {
			if !messages.Has(messages.FA, prefix+string(s)) {
				t.Errorf("%s%s is missing", prefix, s)
			}
		}
	}
	for _, c := range []meetings.Channel{meetings.Web, meetings.Phone, meetings.InPerson} {
		if !messages.Has(messages.FA, "meeting.channel."+string(c)) {
			t.Errorf("meeting.channel.%s is missing", c)
		}
	}
}
