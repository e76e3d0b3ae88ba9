package views

import (
	"cmp"
	"context"

	"github.com/a-h/templ"

	"pasokh/app/complaints"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// id is the id of a field: every form of a case has its own "text".
func (m *DeskForms) id(act complaints.Action, field string) string { return string(act) + "-" + field }

// err is the text beside a field of the form that came back.
func (m *DeskForms) err(ctx context.Context, act complaints.Action, field string) string {
	if !m.back(act) {
		return ""
	}
	return m.Errors.Of(ctx, field)
}

// summary lists the errors of the form, leading to its own ids.
func (m *DeskForms) summary(ctx context.Context, act complaints.Action) parts.ErrorSummaryOpts {
	o := m.Errors.Summary(ctx, "staff", "topic", "kind", "unit", "others", "due", "due_time", "code", "to", "fact", "outcome", "conduct", "finding", "resolved", "confirmed", "text", "promised", "promised_time", "reason", "note", "file")
	for i := range o.Items {
		if o.Items[i].Field != "" {
			o.Items[i].Field = m.id(act, o.Items[i].Field)
		}
	}
	return o
}

// choices offers values whose words are key+value; what was typed is marked.
func (m *DeskForms) choices(ctx context.Context, act complaints.Action, field, key string, values ...string) []parts.Choice {
	list := make([]parts.Choice, len(values))
	for i, v := range values {
		list[i] = parts.Choice{Value: v, Label: messages.T(ctx, key+v), Checked: m.value(act, field) == v}
	}
	return list
}

// shelved are the files that wait for the form that came back.
func (m *DeskForms) shelved(act complaints.Action) []parts.FileItem {
	if !m.back(act) {
		return nil
	}
	return m.Shelved
}

func takesFiles(act complaints.Action) bool {
	return act == complaints.ActAnswer || act == complaints.ActInspect || act == complaints.ActComplete
}

// deskLabel names an act as a button; taking is said differently in the PR
// office and in a unit.
func deskLabel(ctx context.Context, m *DeskForms, act complaints.Action) string {
	if act == complaints.ActTake && !m.Office {
		return messages.T(ctx, "desk.take_unit")
	}
	return messages.T(ctx, "complaint.action."+string(act))
}

// hintOf is the hint of a field when there is one.
func hintOf(ctx context.Context, key string) string {
	if !messages.Has(messages.Of(ctx), key+"_hint") {
		return ""
	}
	return messages.T(ctx, key+"_hint")
}

func weight(first bool) parts.ButtonKind {
	if first {
		return parts.Primary
	}
	return parts.Secondary
}

func keyOf(first bool) string {
	if first {
		return "a"
	}
	return ""
}

func or[T comparable](value, otherwise T) T { return cmp.Or(value, otherwise) }

// helpedBy names the hint of a field that has no error; one that has names its
// error itself.
func helpedBy(hint, err string) templ.Attributes {
	if err != "" {
		return nil
	}
	return templ.Attributes{"aria-describedby": hint}
}
