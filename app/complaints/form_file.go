package complaints

import (
	"context"
	"fmt"
	"reflect"

	"pasokh/app/fault"
	"pasokh/tenants"
)

// questionsOf are the questions of a topic as its file says them.
func questionsOf(s tenants.TopicSpec) []Question {
	questions := make([]Question, len(s.Questions))
	for i, q := range s.Questions {
		questions[i] = Question{
			Type: QuestionType(q.Type), LabelFA: q.LabelFA, LabelEN: q.LabelEN, HintFA: q.HintFA, HintEN: q.HintEN, Required: q.Required,
		}
		for _, c := range q.Choices {
			questions[i].Choices = append(questions[i].Choices, Choice(c))
		}
	}
	return questions
}

// ApplyForms brings the questions of the topics of an organization's file to what
// it says, as new versions, and lists the changes. A topic whose questions the
// file does not name keeps them.
func ApplyForms(ctx context.Context, tx *tenants.Tx, specs []tenants.TopicSpec) ([]tenants.Change, error) {
	topics, err := tenants.Topics(ctx, tx)
	if err != nil {
		return nil, fault.Wrap(err, "complaints.ApplyForms")
	}
	forms, err := FormsByTopic(ctx, tx)
	if err != nil {
		return nil, err
	}
	ids := map[string]int64{}
	for i := range topics {
		ids[topics[i].Code] = topics[i].ID
	}
	var changes []tenants.Change
	for _, s := range specs {
		now, want := forms[ids[s.Code]], questionsOf(s)
		if s.Questions == nil || reflect.DeepEqual(keyless(now.Questions), keyless(want)) {
			continue
		}
		for i := range want {
			if i < len(now.Questions) && now.Questions[i].Type == want[i].Type {
				want[i].Key = now.Questions[i].Key // the same question, said otherwise
			}
		}
		if _, err := SaveForm(ctx, tx, ids[s.Code], now.Version, want); err != nil {
			return nil, fault.Wrap(err, "complaints.ApplyForms")
		}
		changes = append(changes, tenants.Change{Verb: "change", What: "questions of topic " + s.Code, Detail: fmt.Sprintf("%d → %d", len(now.Questions), len(want))})
	}
	return changes, nil
}

func keyless(list []Question) []Question {
	plain := make([]Question, len(list))
	for i, q := range list {
		q.Key = ""
		if len(q.Choices) == 0 {
			q.Choices = nil
		}
		plain[i] = q
	}
	return plain
}

// ShowForms puts the questions that stand into the topics of a file.
func ShowForms(ctx context.Context, r tenants.Reader, specs []tenants.TopicSpec) error {
	topics, err := tenants.Topics(ctx, r)
	if err != nil {
		return fault.Wrap(err, "complaints.ShowForms")
	}
	forms, err := FormsByTopic(ctx, r)
	if err != nil {
		return err
	}
	byCode := map[string]Form{}
	for i := range topics {
		byCode[topics[i].Code] = forms[topics[i].ID]
	}
	for i := range specs {
		for _, q := range byCode[specs[i].Code].Questions {
			out := tenants.QuestionSpec{Type: string(q.Type), LabelFA: q.LabelFA, LabelEN: q.LabelEN, HintFA: q.HintFA, HintEN: q.HintEN, Required: q.Required}
			for _, c := range q.Choices {
				out.Choices = append(out.Choices, tenants.ChoiceSpec(c))
			}
			specs[i].Questions = append(specs[i].Questions, out)
		}
	}
	return nil
}
