package complaints_test

import (
	"testing"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/audit"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// asks gives the topic these questions, as the organization's admin would.
func asks(t *testing.T, w *dbtest.World, topic int64, base int, questions ...complaints.Question) *complaints.Form {
	t.Helper()
	var f *complaints.Form
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) (err error) {
		f, err = complaints.SaveForm(t.Context(), tx, topic, base, questions)
		return err
	})
	return f
}

func topicOf(t *testing.T, w *dbtest.World, code string) tenants.Topic {
	t.Helper()
	topics, err := tenants.Topics(t.Context(), w.DB(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, topic := range topics {
		if topic.Code == code {
			return topic
		}
	}
	t.Fatalf("no topic %s", code)
	return tenants.Topic{}
}

var sixQuestions = []complaints.Question{
	{Type: complaints.AskText, LabelFA: "چه شد؟", LabelEN: "What?"},
	{Type: complaints.AskChoice, LabelFA: "کجا؟", Required: true, Choices: []complaints.Choice{{FA: "خانه", EN: "Home"}, {FA: "کوچه", EN: "Street"}}},
	{Type: complaints.AskNumber, LabelFA: "چند متر؟"},
	{Type: complaints.AskDate, LabelFA: "از کی؟"},
	{Type: complaints.AskSubscription, LabelFA: "شماره کنتور"},
	{Type: complaints.AskStation, LabelFA: "ایستگاه"},
}

func TestSavingMakesAVersion(t *testing.T) {
	w := dbtest.New(t)
	topic := topicOf(t, w, "safety").ID
	first := asks(t, w, topic, 0, sixQuestions...)
	if first.Version != 1 || len(first.Questions) != 6 || first.Questions[0].Key == "" {
		t.Fatalf("%+v", first)
	}
	if again := asks(t, w, topic, 1, first.Questions...); again.ID != first.ID {
		t.Error("the same questions make a new version")
	}
	second := asks(t, w, topic, 1, first.Questions[1:]...)
	now, err := complaints.FormOf(t.Context(), w.DB(t), topic)
	if err != nil || second.Version != 2 || now.ID != second.ID || now.Questions[0].Key != first.Questions[1].Key {
		t.Errorf("%+v %v", now, err)
	}
	err = w.Try(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		_, err := complaints.SaveForm(t.Context(), tx, topic, 1, nil)
		return err
	})
	if !fault.Is(err, fault.Conflict) {
		t.Errorf("an old page overwrites a new version: %v", err)
	}
	lines, err := audit.Of(t.Context(), w.DB(t), "topic_form", second.ID, 5)
	if err != nil || len(lines) != 1 {
		t.Errorf("%d lines of audit, %v", len(lines), err)
	}
}

func TestAQuestionMustBeWhole(t *testing.T) {
	w := dbtest.New(t)
	topic := topicOf(t, w, "safety").ID
	for field, q := range map[string]complaints.Question{
		"label_fa-0": {Type: complaints.AskText},
		"type-0":     {Type: "riddle", LabelFA: "؟"},
		"choices-0":  {Type: complaints.AskChoice, LabelFA: "؟", Choices: []complaints.Choice{{FA: "یکی"}}},
	} {
		err := w.Try(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
			_, err := complaints.SaveForm(t.Context(), tx, topic, 0, []complaints.Question{q})
			return err
		})
		if !fault.Is(err, fault.Invalid) || fault.As(err).Fields[field] == "" {
			t.Errorf("%s: %v", field, err)
		}
	}
	err := w.Try(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		_, err := complaints.SaveForm(t.Context(), tx, topic, 0, make([]complaints.Question, complaints.MaxQuestions+1))
		return err
	})
	if fault.As(err).Fields["questions"] == "" {
		t.Errorf("too many questions: %v", err)
	}
}

// report is a nameless report about the topic, with answers by place.
func report(topic int64, f *complaints.Form, answers ...string) complaints.Registration {
	in := complaints.Registration{
		Kind: complaints.KindReport, Channel: "web", TopicID: topic, Text: "بوی گاز در کوچه می‌آید.", Place: complaints.Place{Address: "کوچه سعدی"}, Answers: map[string]string{},
	}
	for i, a := range answers {
		in.Answers[f.Questions[i].Key] = a
	}
	return in
}

func TestAnswersAreKeptAsTheyWereAsked(t *testing.T) {
	w := dbtest.New(t)
	topic := topicOf(t, w, "safety").ID
	form := asks(t, w, topic, 0, sixQuestions...)
	var got *complaints.Receipt
	w.Write(t, tenants.Actor{Kind: tenants.Citizen}, func(tx *tenants.Tx) (err error) {
		got, err = complaints.Register(t.Context(), tx, report(topic, form, "  صدای  بلند", "Home", "۳٫۵", "۱۴۰۵/۹/۱", "۱۲۳-۴۵", "امام خمینی"))
		return err
	})
	asks(t, w, topic, 1, complaints.Question{Key: form.Questions[0].Key, Type: complaints.AskText, LabelFA: "پرسش تازه"})
	c, err := complaints.Plain(t.Context(), w.DB(t), got.Complaint.ID)
	if err != nil || c.FormID == nil || *c.FormID != form.ID {
		t.Fatalf("%+v %v", c, err)
	}
	want := []string{"صدای بلند", "خانه", "3.5", "2026-11-22", "12345", "امام خمینی"}
	if len(c.Answers) != len(want) {
		t.Fatalf("%+v", c.Answers)
	}
	for i, a := range c.Answers {
		if a.Value != want[i] || a.Label != form.Questions[i].LabelFA {
			t.Errorf("%d: %+v, want %s", i, a, want[i])
		}
	}
	if c.Place.Subscription != "12345" || c.Answers[1].ValueEN != "Home" {
		t.Errorf("%+v %+v", c.Place, c.Answers[1])
	}
	day, err := persian.ParseDate("۱۴۰۵/۹/۱")
	if y, m, d := day.Gregorian(); err != nil || y != 2026 || m != 11 || d != 22 {
		t.Error("the day is another")
	}
}

func TestWrongAnswersAreToldBesideTheirField(t *testing.T) {
	w := dbtest.New(t)
	topic := topicOf(t, w, "safety").ID
	form := asks(t, w, topic, 0, sixQuestions...)
	in := report(topic, form, "متن", "پشت بام", "چند", "دیروز", "۱", "999")
	_, err := in.Judge(t.Context(), w.DB(t))
	fields := fault.As(err).Fields
	for i, key := range []string{"", "answer_choice", "answer_number", "answer_date", "answer_subscription", "answer_station"} {
		if got := fields[complaints.AnswerField(form.Questions[i].Key)]; key != "" && got != "intake.error."+key {
			t.Errorf("%s: %q", key, got)
		}
	}
	missing := report(topic, form, "متن")
	if _, err := missing.Judge(t.Context(), w.DB(t)); fault.As(err).Fields[complaints.AnswerField(form.Questions[1].Key)] != "intake.error.answer_missing" {
		t.Errorf("the required answer is not asked for: %v", err)
	}
	missing.Channel = "letter"
	if _, err := missing.Judge(t.Context(), w.DB(t)); err != nil {
		t.Errorf("a letter is asked: %v", err)
	}
}

// A station that is chosen says its line, wherever the fields of the place are
// asked.
func TestAStationBringsItsLine(t *testing.T) {
	w := dbtest.New(t)
	topic := topicOf(t, w, "safety")
	line := &tenants.District{Code: "l1", Kind: tenants.DistrictLine, NameFA: "خط ۱", NameEN: "Line 1", Active: true}
	station := &tenants.District{Code: "s1", Kind: tenants.DistrictStation, NameFA: "تجریش", NameEN: "Tajrish", Active: true}
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		if err := complaints.SaveDistrict(t.Context(), tx, line); err != nil {
			return err
		}
		station.ParentID = &line.ID
		return complaints.SaveDistrict(t.Context(), tx, station)
	})
	in := report(topic.ID, &complaints.Form{})
	in.DistrictID = &station.ID
	if _, err := in.Judge(t.Context(), w.DB(t)); err != nil || in.Place.Line != "خط ۱" || in.Place.Station != "تجریش" {
		t.Errorf("%+v %v", in.Place, err)
	}
	foreign := int64(7)
	in.DistrictID = &foreign
	if _, err := in.Judge(t.Context(), w.DB(t)); fault.As(err).Fields["district"] == "" {
		t.Errorf("a district of nobody is taken: %v", err)
	}
	in.DistrictID, in.Source = nil, "nobody"
	if _, err := in.Judge(t.Context(), w.DB(t)); fault.As(err).Fields["source"] == "" {
		t.Errorf("a source of nobody is taken: %v", err)
	}
	in.Source, in.Place.Lat, in.Place.Lng = "", 51.4, 35.7 // the numbers exchanged
	if _, err := in.Judge(t.Context(), w.DB(t)); fault.As(err).Fields["point"] == "" {
		t.Errorf("a point far away is taken: %v", err)
	}
}
