package notify

import (
	"testing"

	"pasokh/app/apptest/dbtest"
)

// What asks for an answer by text message is outdated like what asks without.
func TestQuestionsAreOutdatedHoweverTheyAsk(t *testing.T) {
	w := dbtest.New(t)
	for _, template := range []string{"sms.complaint.answered", "sms.complaint.answered_reply", "sms.complaint.visited", "sms.complaint.visited_reply"} {
		if _, known := EventOf(template); !known {
			t.Errorf("no message %s", template)
		}
		m := &Message{Template: template, SubjectKind: "complaint", SubjectID: 1} // of a case that is gone
		if word, err := m.settled(t.Context(), w.For(t, w.A)); word != "dropped: gone" || err != nil {
			t.Errorf("%s: %q, %v", template, word, err)
		}
	}
}
