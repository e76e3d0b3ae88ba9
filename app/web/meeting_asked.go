package web

import (
	"slices"
	"strings"
	"unicode/utf8"

	"pasokh/app/fault"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
	"pasokh/views"
)

// askedFields are the fields for what the windows of an executive ask.
func (r *req) askedFields(executive, topic, district int64, answers map[string]string, wrong views.Errors) (m views.MeetingAsked, err error) {
	asked, err := meetings.AskedBy(r.ctx, r.db, executive)
	if err != nil {
		return m, err
	}
	m = views.MeetingAsked{
		TopicNeeded: asked.TopicNeeded, DistrictNeeded: asked.DistrictNeeded, Questions: asked.Questions,
		Answers: answers, Documents: asked.Documents, Errors: wrong,
	}
	topics, err := tenants.Topics(r.ctx, r.db)
	if err != nil {
		return m, err
	}
	topics = slices.DeleteFunc(topics, func(t tenants.Topic) bool { return !slices.Contains(asked.Topics, t.ID) })
	m.Topics = choose(topics, idText(topic), func(t tenants.Topic) (string, string) { return idText(t.ID), r.in(t.NameFA, t.NameEN) })
	districts, err := tenants.Districts(r.ctx, r.db)
	districts = slices.DeleteFunc(districts, func(d tenants.District) bool { return !slices.Contains(asked.Districts, d.ID) })
	m.Districts = choose(districts, idText(district), func(d tenants.District) (string, string) { return idText(d.ID), r.in(d.NameFA, d.NameEN) })
	return m, err
}

// typedAnswers reads the answers to the questions of an executive's windows.
func (r *req) typedAnswers(from tenants.Reader, f form, executive int64) (map[string]string, error) {
	asked, err := meetings.AskedBy(r.ctx, from, executive)
	if err != nil || len(asked.Questions) == 0 {
		return nil, err
	}
	answers := map[string]string{}
	for i, question := range asked.Questions {
		answers[question] = f.text(meetings.AnswerField(i))
	}
	return answers, nil
}

// readAsked takes over what the subject step of the wizard asks, and notes what
// is missing.
func (r *req) readAsked(d *meetingDraft, f form, wrong fault.Fields) error {
	asked, err := meetings.AskedBy(r.ctx, r.db, d.Executive)
	if err != nil {
		return err
	}
	d.Topic, d.Answers = f.id("topic"), map[string]string{}
	if len(asked.Districts) > 0 { // else it stays what step one said
		d.District = f.id("district")
	}
	if asked.TopicNeeded && !slices.Contains(asked.Topics, d.Topic) {
		wrong.Add("topic", "planning.error.topic_not_served")
	}
	if asked.DistrictNeeded && !slices.Contains(asked.Districts, d.District) {
		wrong.Add("district", "planning.error.district_not_served")
	}
	if d.Companions > asked.Companions {
		wrong.Add("companions", "planning.error.companions_most")
	}
	for i, question := range asked.Questions {
		field := meetings.AnswerField(i)
		answer := f.text(field)
		d.Answers[question] = answer
		switch {
		case answer == "":
			wrong.Add(field, "planning.error.answer")
		case utf8.RuneCountInString(answer) > meetings.MaxAnswer:
			wrong.Add(field, "meeting.error.too_long")
		}
	}
	return nil
}

// said is what was chosen of a list for the sessions that serve some only; what
// was not chosen is served by none of them.
func said(id int64) int64 {
	if id == 0 {
		return -1
	}
	return id
}

// aboutAsked tells whether an error stands beside a field of askedFields.
func aboutAsked(fields map[string]string) bool {
	for field := range fields {
		if field == "topic" || field == "district" || strings.HasPrefix(field, "answer_") {
			return true
		}
	}
	return false
}
