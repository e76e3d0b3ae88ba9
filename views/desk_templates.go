package views

import (
	"net/url"

	"pasokh/app/complaints"
	"pasokh/views/parts"
)

// DeskTemplates is the page of answer templates and call scripts.
type DeskTemplates struct {
	Groups []TemplateGroup
}

// TemplateGroup is the templates of one kind.
type TemplateGroup struct {
	Kind  complaints.TemplateKind
	Lines []TemplateLine
}

// TemplateLine is one template in the list.
type TemplateLine struct {
	ID                    int64
	Title, Topic, Snippet string
	Active                bool
}

// TemplateForm is a template that is being written.
type TemplateForm struct {
	ID     int64
	Action string
	Typed  url.Values
	Errors
	Kinds, Topics []parts.Option
	Fields        []parts.Fact // name in braces, what it becomes
	Preview       string       // with made-up values; empty until asked for
}

func (f *TemplateForm) value(field string) string { return f.Typed.Get(field) }

// Ready is a template that a form of a case offers, filled with its values.
type Ready struct {
	ID          string
	Title, Text string
	Chosen      bool
}
