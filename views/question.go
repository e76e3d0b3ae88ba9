package views

import (
	"context"
	"strconv"
	"strings"
	"time"

	"pasokh/app/complaints"
	"pasokh/app/persian"
	"pasokh/tenants"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// AskedQuestion is a question of a topic on a form, with what was typed.
type AskedQuestion struct {
	complaints.Question
	Value    string
	Error    string         // in the reader's words
	Stations []parts.Option // to choose from; none where the organization has no list
}

// Questions puts a form's questions on a page. The stations are offered to the
// questions that ask for one.
func Questions(ctx context.Context, form *complaints.Form, typed map[string]string, districts []tenants.District, errs Errors) []AskedQuestion {
	list := make([]AskedQuestion, len(form.Questions))
	for i, q := range form.Questions {
		list[i] = AskedQuestion{Question: q, Value: typed[q.Key], Error: errs.Of(ctx, complaints.AnswerField(q.Key))}
		if q.Type == complaints.AskStation {
			list[i].Stations = StationOptions(ctx, districts, typed[q.Key])
		}
	}
	return list
}

func (q *AskedQuestion) field() string { return complaints.AnswerField(q.Key) }

func (q *AskedQuestion) options(ctx context.Context) []parts.Option {
	list := make([]parts.Option, len(q.Choices))
	for i, c := range q.Choices {
		list[i] = parts.Option{Value: c.FA, Label: In(ctx, c.FA, c.EN), Selected: q.chosen(c)}
	}
	return list
}

func (q *AskedQuestion) cards(ctx context.Context) []parts.Choice {
	list := make([]parts.Choice, len(q.Choices))
	for i, c := range q.Choices {
		list[i] = parts.Choice{Value: c.FA, Label: In(ctx, c.FA, c.EN), Checked: q.chosen(c)}
	}
	return list
}

func (q *AskedQuestion) chosen(c complaints.Choice) bool {
	return q.Value != "" && (q.Value == c.FA || q.Value == c.EN)
}

// line is the field of a question that is answered by typing.
func (q *AskedQuestion) line(ctx context.Context) parts.FieldOpts {
	o := parts.FieldOpts{
		Name: q.field(), Label: In(ctx, q.LabelFA, q.LabelEN), Hint: In(ctx, q.HintFA, q.HintEN), Error: q.Error, Value: q.Value,
		MaxLength: 500, Optional: !q.Required, Autocomplete: "off",
	}
	switch q.Type {
	case complaints.AskNumber:
		o.Dir, o.InputMode, o.Width, o.MaxLength = "ltr", "decimal", "sm", 20
	case complaints.AskSubscription:
		o.Dir, o.InputMode, o.Width, o.MaxLength = "ltr", "numeric", "md", 24
	}
	return o
}

// QuestionOrder names the fields of questions, in their order, for summaries of
// errors.
func QuestionOrder(list []AskedQuestion) []string {
	names := make([]string, len(list))
	for i := range list {
		names[i] = list[i].field()
	}
	return names
}

// AnswerFacts are the answers to a topic's questions, each with the question as
// it was asked.
func AnswerFacts(ctx context.Context, answers []complaints.QuestionAnswer) []parts.Fact {
	facts := make([]parts.Fact, len(answers))
	for i, a := range answers {
		facts[i] = parts.Fact{Label: In(ctx, a.Label, a.LabelEN), Value: answerText(ctx, a)}
		if a.Type == complaints.AskNumber || a.Type == complaints.AskSubscription {
			facts[i].Dir = "ltr"
		}
	}
	return facts
}

func answerText(ctx context.Context, a complaints.QuestionAnswer) string {
	switch a.Type {
	case complaints.AskDate:
		if day, err := time.ParseInLocation(time.DateOnly, a.Value, persian.Tehran); err == nil {
			return messages.Date(ctx, day.Add(12*time.Hour))
		}
	case complaints.AskNumber, complaints.AskSubscription:
		return messages.Digits(ctx, a.Value)
	case complaints.AskChoice, complaints.AskStation:
		return messages.Digits(ctx, In(ctx, a.Value, a.ValueEN))
	}
	return a.Value
}

// DistrictOptions offers districts, each below the names of those that hold it;
// those that hold others come before them.
func DistrictOptions(ctx context.Context, list []tenants.District, chosen int64) []parts.Option {
	paths := districtPaths(ctx, list)
	options := make([]parts.Option, len(list))
	for i, d := range list {
		options[i] = parts.Option{Value: itoa(d.ID), Label: In(ctx, d.NameFA, d.NameEN), Selected: d.ID == chosen}
		if d.ParentID != nil {
			options[i].Group = paths[*d.ParentID]
		}
	}
	return options
}

// StationOptions offers the stations below their lines; chosen is an id.
func StationOptions(ctx context.Context, list []tenants.District, chosen string) []parts.Option {
	paths := districtPaths(ctx, list)
	var options []parts.Option
	for _, d := range list {
		if d.Kind != tenants.DistrictStation || d.ParentID == nil {
			continue
		}
		id := itoa(d.ID)
		options = append(options, parts.Option{Value: id, Label: In(ctx, d.NameFA, d.NameEN), Group: paths[*d.ParentID], Selected: id == chosen})
	}
	return options
}

// districtPaths names each district with those that hold it.
func districtPaths(ctx context.Context, list []tenants.District) map[int64]string {
	paths := make(map[int64]string, len(list))
	for _, d := range list { // those that hold others come first
		name := In(ctx, d.NameFA, d.NameEN)
		if d.ParentID != nil && paths[*d.ParentID] != "" {
			name = paths[*d.ParentID] + messages.T(ctx, "intake.comma") + name
		}
		paths[d.ID] = name
	}
	return paths
}

// DistrictName is a district with those that hold it, the widest first.
func DistrictName(ctx context.Context, list []tenants.District, id int64) string {
	var names []string
	for _, d := range tenants.DistrictPath(list, id) {
		names = append(names, In(ctx, d.NameFA, d.NameEN))
	}
	return strings.Join(names, messages.T(ctx, "intake.comma"))
}

// HasStations tells whether the districts are those of a network of lines.
func HasStations(list []tenants.District) bool {
	for i := range list {
		if list[i].Kind == tenants.DistrictStation {
			return true
		}
	}
	return false
}

// PointText writes a point as the fields of a map take it; empty when none was
// set.
func PointText(p complaints.Place) (lat, lng string) {
	if !p.Point() {
		return "", ""
	}
	return degrees(p.Lat), degrees(p.Lng)
}

func degrees(d float64) string { return strconv.FormatFloat(d, 'f', -1, 64) }

// MapPlace is a point to show on a map.
type MapPlace struct{ Lat, Lng, Tiles string }

// PointOf is the point of a place, empty when none was set.
func PointOf(p complaints.Place, tiles string) MapPlace {
	lat, lng := PointText(p)
	return MapPlace{Lat: lat, Lng: lng, Tiles: tiles}
}
