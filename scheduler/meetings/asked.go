package meetings

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"pasokh/app/persian"
	"pasokh/tenants"
)

// Answer is what somebody said to a question of a window.
type Answer struct {
	Question string `json:"question"`
	Text     string `json:"text"`
}

// given are the answers as they were typed, before any window's questions are
// known.
func (in *Booking) given() []Answer {
	list := []Answer{}
	for _, question := range slices.Sorted(maps.Keys(in.Answers)) {
		if text := persian.Clean(in.Answers[question]); text != "" && len(list) < MaxQuestions*4 {
			list = append(list, Answer{Question: question, Text: text})
		}
	}
	return list
}

// answered is the way back.
func answered(list []Answer) map[string]string {
	of := make(map[string]string, len(list))
	for _, a := range list {
		of[a.Question] = a.Text
	}
	return of
}

// AnswerField names the form field of the i-th question.
func AnswerField(i int) string { return "answer_" + strconv.Itoa(i+1) }

// Asked is what the windows of an executive, and the districts whose people are
// received, ask before a slot is chosen.
type Asked struct {
	Topics         []int64 // of windows that serve some only
	Districts      []int64
	TopicNeeded    bool // no window serves all
	DistrictNeeded bool
	Questions      []string
	Documents      []string
	Companions     int // the most of any window
}

// AskedBy gathers it from the active windows.
func AskedBy(ctx context.Context, r tenants.Reader, executiveID int64) (*Asked, error) {
	list, err := Windows(ctx, r, executiveID)
	if err != nil {
		return nil, err
	}
	a := &Asked{}
	allTopics, allDistricts := len(list) == 0, len(list) == 0
	if len(list) == 0 {
		a.Companions = MaxCompanions
	}
	for i := range list {
		rules := &list[i].Rules
		most := MaxCompanions
		if rules.Companions != nil {
			most = *rules.Companions
		}
		a.Companions = max(a.Companions, most)
		allTopics, allDistricts = allTopics || len(rules.Topics) == 0, allDistricts || len(rules.Districts) == 0
		a.Topics, a.Districts = joined(a.Topics, rules.Topics), joined(a.Districts, rules.Districts)
		a.Questions, a.Documents = joined(a.Questions, rules.Questions), joined(a.Documents, rules.Documents)
	}
	a.TopicNeeded, a.DistrictNeeded = !allTopics, !allDistricts
	own, err := DistrictsOf(ctx, r, executiveID)
	if len(own) > 0 {
		a.Districts, a.DistrictNeeded = own, true
	}
	return a, err
}

func joined[T comparable](list, more []T) []T {
	for _, v := range more {
		if !slices.Contains(list, v) {
			list = append(list, v)
		}
	}
	return list
}

// serves tells whether a session takes a booking about this topic from this
// district; 0 is not said yet and shuts nothing out.
func (s *Session) serves(topic, district int64) bool {
	r := s.Rules
	return r == nil || (topic == 0 || len(r.Topics) == 0 || slices.Contains(r.Topics, topic)) &&
		(district == 0 || len(r.Districts) == 0 || slices.Contains(r.Districts, district))
}

// Serving leaves those of the sessions that take such a booking.
func Serving(list []OpenSession, topic, district int64) []OpenSession {
	return slices.DeleteFunc(list, func(s OpenSession) bool { return !s.serves(topic, district) })
}
