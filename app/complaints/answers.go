package complaints

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// AnswerField names the form field of a question.
func AnswerField(key string) string { return "answer-" + key }

// maxAnswer is the longest answer in characters.
const maxAnswer = 500

// asking is what a registration is judged against: the topic's questions as
// they are asked now, and the districts that it names.
type asking struct {
	form      *Form
	noSource  bool // the source named is none of the organization's
	now       time.Time
	districts map[int64][]tenants.District // by the id named: the district below those that hold it
}

// Judge is the whole check of a registration, for page, API and import alike:
// it reads the topic, its questions and the districts named, fills in what
// follows from them and finds what is wrong with the fields. The person is
// judged by Register.
func (in *Registration) Judge(ctx context.Context, r tenants.Reader) (*tenants.Topic, error) {
	topic, err := tenants.TopicByID(ctx, r, in.TopicID)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return nil, err
	}
	if err != nil {
		topic = nil
	}
	if err := in.ask(ctx, r, topic); err != nil {
		return nil, err
	}
	return topic, in.Check(topic)
}

// ask reads what the registration is judged against.
func (in *Registration) ask(ctx context.Context, r tenants.Reader, topic *tenants.Topic) (err error) {
	a := &asking{form: &Form{}, districts: map[int64][]tenants.District{}, now: r.Now()}
	if topic != nil {
		if a.form, err = FormOf(ctx, r, topic.ID); err != nil {
			return err
		}
		if in.group, err = IsGroup(ctx, r, topic.ID); err != nil {
			return err
		}
	}
	if in.Source != "" {
		source, err := tenants.SourceByCode(ctx, r, in.Source)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		a.noSource = err != nil || !source.Active
	}
	named := in.named(a.form)
	if len(named) > 0 {
		list, err := tenants.Districts(ctx, r)
		if err != nil {
			return err
		}
		for _, id := range named {
			a.districts[id] = tenants.DistrictPath(list, id)
		}
	}
	in.asking = a
	return nil
}

// named are the districts that the registration names, itself or in an answer.
func (in *Registration) named(form *Form) []int64 {
	var named []int64
	if in.DistrictID != nil {
		named = append(named, *in.DistrictID)
	}
	for _, q := range form.Questions {
		if q.Type == AskStation {
			if id, err := strconv.ParseInt(in.Answers[q.Key], 10, 64); err == nil && id > 0 {
				named = append(named, id)
			}
		}
	}
	return named
}

// checkAnswers turns what was typed into the answers that the case keeps.
func (in *Registration) checkAnswers(wrong fault.Fields) {
	if in.asking == nil {
		return
	}
	in.answers = nil
	for i := range in.asking.form.Questions {
		q := &in.asking.form.Questions[i]
		typed := persian.Clean(in.Answers[q.Key])
		if typed == "" {
			if q.Required && in.Spoken() {
				wrong.Add(AnswerField(q.Key), "intake.error.answer_missing")
			}
			continue
		}
		answer := QuestionAnswer{Key: q.Key, Type: q.Type, Label: q.LabelFA, LabelEN: q.LabelEN}
		if key := in.read(q, typed, &answer); key != "" {
			wrong.Add(AnswerField(q.Key), key)
			continue
		}
		in.answers = append(in.answers, answer)
	}
}

// Spoken tells whether the person is there to be asked. What came on paper or
// as a recording is registered as it is.
func (in *Registration) Spoken() bool {
	return slices.Contains([]string{"web", "phone", "in_person", "meeting", "api"}, in.Channel)
}

// read puts one answer into the form in which it is kept, or gives the key of
// what is wrong with it.
func (in *Registration) read(q *Question, typed string, answer *QuestionAnswer) (key string) {
	if utf8.RuneCountInString(typed) > maxAnswer {
		return "intake.error.answer_long"
	}
	switch q.Type {
	case AskChoice:
		return answer.choose(q.Choices, typed)
	case AskNumber:
		return answer.count(typed)
	case AskDate:
		day, err := persian.ParseDate(typed)
		if err != nil {
			return "intake.error.answer_date"
		}
		answer.Value = day.Time(12, 0, persian.Tehran).Format("2006-01-02")
	case AskSubscription:
		number := persian.ToASCII(strings.NewReplacer(" ", "", "-", "").Replace(typed))
		if !subscription.MatchString(number) {
			return "intake.error.answer_subscription"
		}
		answer.Value = number
		if in.Place.Subscription == "" {
			in.Place.Subscription = number
		}
	case AskStation:
		return in.station(typed, answer)
	default:
		answer.Value = typed
	}
	return ""
}

var (
	subscription = regexp.MustCompile(`^[0-9A-Za-z]{3,20}$`)
	decimal      = regexp.MustCompile(`^-?[0-9]{1,12}(\.[0-9]{1,4})?$`)
)

func (a *QuestionAnswer) choose(choices []Choice, typed string) (key string) {
	for _, c := range choices {
		if typed == c.FA || typed == c.EN {
			a.Value, a.ValueEN = c.FA, c.EN
			return ""
		}
	}
	return "intake.error.answer_choice"
}

func (a *QuestionAnswer) count(typed string) (key string) {
	number := strings.NewReplacer(",", "", " ", "").Replace(persian.ToASCII(typed))
	if !decimal.MatchString(number) {
		return "intake.error.answer_number"
	}
	a.Value = number
	return ""
}

// station takes a station of the organization's list, or its name where there
// is no list to choose from.
func (in *Registration) station(typed string, answer *QuestionAnswer) (key string) {
	id, err := strconv.ParseInt(typed, 10, 64)
	if err != nil {
		answer.Value = persian.CleanLine(typed)
		return ""
	}
	path := in.asking.districts[id]
	if len(path) == 0 || path[len(path)-1].Kind != tenants.DistrictStation {
		return "intake.error.answer_station"
	}
	if in.DistrictID == nil {
		in.DistrictID = &id
	}
	for _, d := range path[max(len(path)-2, 0):] {
		answer.Value = joined(answer.Value, d.NameFA)
		answer.ValueEN = joined(answer.ValueEN, d.NameEN)
	}
	in.Place.at(path)
	return ""
}

func joined(a, b string) string {
	if a == "" {
		return b
	}
	return a + "، " + b
}

// at fills in the line and station that a district stands for.
func (p *Place) at(path []tenants.District) {
	for _, d := range path {
		switch d.Kind {
		case tenants.DistrictLine:
			if p.Line == "" {
				p.Line = d.NameFA
			}
		case tenants.DistrictStation:
			if p.Station == "" {
				p.Station = d.NameFA
			}
		}
	}
}

// checkLists judges what was named of the organization's lists; the line and
// station of a district become those of the place.
func (in *Registration) checkLists(wrong fault.Fields) {
	if in.asking == nil {
		return
	}
	if in.asking.noSource {
		wrong.Add("source", "intake.error.source")
	}
	if in.DistrictID == nil {
		return
	}
	path := in.asking.districts[*in.DistrictID]
	if len(path) == 0 {
		wrong.Add("district", "intake.error.district")
		return
	}
	in.Place.at(path)
}

// keepAnswers gives the case its answers and the version that was asked.
func (in *Registration) keepAnswers(c *Complaint) {
	c.DistrictID, c.Answers = in.DistrictID, in.answers
	if c.Answers == nil {
		c.Answers = []QuestionAnswer{}
	}
	if in.asking != nil && in.asking.form.ID != 0 {
		c.FormID = &in.asking.form.ID
	}
}

// Given are the answers as the case will keep them, once Judge found them right.
func (in *Registration) Given() []QuestionAnswer { return in.answers }
