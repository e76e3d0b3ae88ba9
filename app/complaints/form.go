package complaints

import (
	"context"
	"reflect"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// QuestionType says how a question is answered.
type QuestionType string

// The types of questions.
const (
	AskText         QuestionType = "text"
	AskChoice       QuestionType = "choice"
	AskNumber       QuestionType = "number"
	AskDate         QuestionType = "date"         // a day of the Solar Hijri calendar, kept in ISO 8601
	AskSubscription QuestionType = "subscription" // the number of a subscription or meter
	AskStation      QuestionType = "station"      // a station with its line
)

// QuestionTypes lists them in the order they are offered.
func QuestionTypes() []QuestionType {
	return []QuestionType{AskText, AskChoice, AskNumber, AskDate, AskSubscription, AskStation}
}

// The limits of a form.
const (
	MaxQuestions = 12
	MaxChoices   = 20
	maxLabel     = 120
	maxHint      = 200
)

// Question is one of a topic's own questions. Its key stays the same through
// the versions of the form.
type Question struct {
	Key      string       `json:"key"`
	Type     QuestionType `json:"type"`
	LabelFA  string       `json:"label_fa"`
	LabelEN  string       `json:"label_en,omitempty"`
	HintFA   string       `json:"hint_fa,omitempty"`
	HintEN   string       `json:"hint_en,omitempty"`
	Required bool         `json:"required,omitempty"`
	Choices  []Choice     `json:"choices,omitempty"` // of AskChoice
}

// Choice is one answer to choose; the Persian words are its value.
type Choice struct {
	FA string `json:"fa"`
	EN string `json:"en,omitempty"`
}

// Form is one version of the questions of a topic.
type Form struct {
	tenants.BaseModel `bun:"table:topic_forms,alias:form"`
	tenants.Owned
	ID        int64 `bun:",pk"`
	TopicID   int64
	Version   int
	Questions []Question `bun:"type:jsonb"`
	Current   bool
	CreatedAt time.Time
}

// FormOf is the form that is asked now; one without ID, version and questions
// when the topic never had any.
func FormOf(ctx context.Context, r tenants.Reader, topic int64) (*Form, error) {
	f := new(Form)
	err := r.Select(f).Where("form.topic_id = ? AND form.current", topic).Scan(ctx)
	if err = tenants.Err(err); fault.Is(err, fault.NotFound) {
		return &Form{TopicID: topic}, nil
	}
	return f, fault.Wrap(err, "complaints.FormOf")
}

// FormsByTopic are the forms asked now, by topic.
func FormsByTopic(ctx context.Context, r tenants.Reader) (map[int64]Form, error) {
	var list []Form
	if err := r.Select(&list).Where("form.current").Scan(ctx); err != nil {
		return nil, fault.Wrap(err, "complaints.FormsByTopic")
	}
	forms := make(map[int64]Form, len(list))
	for _, f := range list {
		forms[f.TopicID] = f
	}
	return forms, nil
}

// SaveForm makes a new version of a topic's questions; base is the version that
// was changed, 0 for the first. Conflict when somebody saved another meanwhile.
// The same questions again make no new version.
func SaveForm(ctx context.Context, tx *tenants.Tx, topic int64, base int, questions []Question) (*Form, error) {
	row := new(tenants.Topic)
	if err := tx.Lock(ctx, row, "topic.id = ?", topic); err != nil {
		return nil, err
	}
	now, err := FormOf(ctx, tx, topic)
	if err != nil {
		return nil, err
	}
	if now.Version != base {
		return nil, fault.New(fault.Conflict, "intake.error.form_moved")
	}
	questions = tidy(questions)
	if err := checkQuestions(questions); err != nil {
		return nil, err
	}
	if now.ID != 0 && reflect.DeepEqual(tidy(now.Questions), questions) {
		return now, nil
	}
	if _, err := tx.Set(ctx, (*Form)(nil), "current = ?", []any{false}, "topic_id = ? AND current", topic); err != nil {
		return nil, fault.Wrap(err, "complaints.SaveForm")
	}
	f := &Form{ID: tenants.NewID(), TopicID: topic, Version: now.Version + 1, Questions: questions, Current: true, CreatedAt: tx.Now()}
	if err := tx.Insert(ctx, f); err != nil {
		return nil, fault.Wrap(err, "complaints.SaveForm")
	}
	return f, audit.Record(ctx, tx, "organization:edit", "topic_form", f.ID, "version "+strconv.Itoa(f.Version))
}

// tidy gives the questions in the form in which they are kept; a new question
// gets its key.
func tidy(questions []Question) []Question {
	list := make([]Question, len(questions))
	for i, q := range questions {
		q.LabelFA, q.LabelEN = persian.CleanLine(q.LabelFA), persian.CleanLine(q.LabelEN)
		q.HintFA, q.HintEN = persian.CleanLine(q.HintFA), persian.CleanLine(q.HintEN)
		if q.Key == "" {
			q.Key = "q" + strconv.FormatInt(tenants.NewID(), 36)
		}
		var choices []Choice
		for _, c := range q.Choices {
			c.FA, c.EN = persian.CleanLine(c.FA), persian.CleanLine(c.EN)
			if c.FA != "" && q.Type == AskChoice {
				choices = append(choices, c)
			}
		}
		q.Choices = choices
		list[i] = q
	}
	return list
}

// checkQuestions finds what is wrong; fields are named by place, "label_fa-0".
func checkQuestions(questions []Question) error {
	wrong := fault.Fields{}
	if len(questions) > MaxQuestions {
		wrong.Add("questions", "intake.error.questions_many")
	}
	keys := map[string]bool{}
	for i, q := range questions {
		at := "-" + strconv.Itoa(i)
		if keys[q.Key] {
			wrong.Add("label_fa"+at, "intake.error.question_twice")
		}
		keys[q.Key] = true
		q.check(at, wrong)
	}
	return wrong.Err()
}

func (q *Question) check(at string, wrong fault.Fields) {
	if !slices.Contains(QuestionTypes(), q.Type) {
		wrong.Add("type"+at, "intake.error.question_type")
	}
	if q.LabelFA == "" {
		wrong.Add("label_fa"+at, "intake.error.label_missing")
	}
	long := func(field, text string, limit int) {
		if utf8.RuneCountInString(text) > limit {
			wrong.Add(field+at, "intake.error.too_long")
		}
	}
	long("label_fa", q.LabelFA, maxLabel)
	long("label_en", q.LabelEN, maxLabel)
	long("hint_fa", q.HintFA, maxHint)
	long("hint_en", q.HintEN, maxHint)
	if q.Type != AskChoice {
		return
	}
	said := map[string]bool{}
	for _, c := range q.Choices {
		if said[c.FA] {
			wrong.Add("choices"+at, "intake.error.choice_twice")
		}
		said[c.FA] = true
		long("choices", c.FA, maxLabel)
		long("choices", c.EN, maxLabel)
	}
	switch n := len(q.Choices); {
	case n < 2:
		wrong.Add("choices"+at, "intake.error.choices_few")
	case n > MaxChoices:
		wrong.Add("choices"+at, "intake.error.choices_many")
	}
}

// SeedForms lays the questions that an organization's specification gives its
// topics.
func SeedForms(ctx context.Context, tx *tenants.Tx, specs []tenants.TopicSpec) error {
	topics, err := tenants.Topics(ctx, tx)
	if err != nil {
		return err
	}
	ids := make(map[string]int64, len(topics))
	for i := range topics {
		ids[topics[i].Code] = topics[i].ID
	}
	for _, s := range specs {
		if len(s.Questions) == 0 {
			continue
		}
		if _, err := SaveForm(ctx, tx, ids[s.Code], 0, questionsOf(s)); err != nil {
			return fault.Wrap(err, "complaints.SeedForms")
		}
	}
	return nil
}

// Setting implements tenants.Setting. Versions of a form are states of one thing.
func (f *Form) Setting() tenants.SettingRow {
	return tenants.SettingRow{Area: tenants.AreaTopics, Key: strconv.FormatInt(f.TopicID, 10), Hidden: []string{"current"}}
}
