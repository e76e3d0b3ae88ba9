package web

import (
	"math"
	"strconv"
	"strings"

	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// answersOf are the answers to a topic's questions as they were typed, by key.
func answersOf(f form) map[string]string {
	answers := map[string]string{}
	for name := range f.values {
		if key, ok := strings.CutPrefix(name, complaints.AnswerField("")); ok && f.text(name) != "" && len(answers) < complaints.MaxQuestions {
			answers[key] = f.text(name)
		}
	}
	return answers
}

// pointOf reads a point on the map; what is no number lies nowhere, so that the
// room refuses it.
func pointOf(f form) (lat, lng float64) {
	read := func(name string) float64 {
		text := strings.ReplaceAll(persian.ToASCII(f.text(name)), ",", ".")
		if text == "" {
			return 0
		}
		d, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsNaN(d) || math.Abs(d) > 180 {
			return 999
		}
		return d
	}
	return read("point_lat"), read("point_lng")
}

// idOrNil is the id a field names, nil for none.
func idOrNil(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}

// fillQuestions puts what depends on the topic on the page: what is known
// about it already, its questions, the districts.
func (r *req) fillQuestions(d *complaintDraft, m *views.ComplaintDetails) (err error) {
	if m.Districts, err = tenants.Districts(r.ctx, r.db); err != nil {
		return err
	}
	form, err := complaints.FormOf(r.ctx, r.db, d.Topic)
	if err != nil {
		return err
	}
	m.Questions = views.Questions(r.ctx, form, d.Answers, m.Districts, m.Errors)
	notices, err := complaints.NoticesFor(r.ctx, r.db, d.Topic, m.Districts, idOrNil(d.District))
	m.Known = views.KnownIssues(r.ctx, notices, m.Districts)
	return err
}

// districtName is a district with those that hold it; empty for none.
func (r *req) districtName(id *int64) (string, error) {
	if id == nil {
		return "", nil
	}
	list, err := tenants.AllDistricts(r.ctx, r.db)
	return views.DistrictName(r.ctx, list, *id), err
}

// complaintGuidanceCreate ends the way through the form without a case: a
// notice answered. It counts once, because the draft goes with it.
func (w *web) complaintGuidanceCreate(r *req) error {
	d, err := r.complaintDraftOf()
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	if f.id("notice") == 0 {
		return fault.New(fault.NotFound, "error.not_found")
	}
	err = r.write(func(tx *tenants.Tx) error {
		if _, err := citizens.LockDraft(r.ctx, tx, d.id, r.holder()); err != nil {
			return err
		}
		if _, err := complaints.Guide(r.ctx, tx, complaints.Guidance{TopicID: d.Topic, NoticeID: idOrNil(f.id("notice")), Channel: "web"}); err != nil {
			return err
		}
		return citizens.DropDraft(r.ctx, tx, d.id, r.holder())
	})
	if err != nil {
		return err
	}
	return r.done("/complaints/answered")
}

// complaintAnswered thanks whoever was answered by a notice.
func (w *web) complaintAnswered(r *req) error {
	return r.page(parts.Citizen, r.frame("intake.answered.title"), views.ComplaintAnsweredPage())
}
