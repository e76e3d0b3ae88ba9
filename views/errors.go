package views

import (
	"context"
	"slices"

	"pasokh/app/fault"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// Errors are the field errors of a form that came back: field → message key.
// The zero value is a form without errors.
type Errors map[string]string

// ErrorsOf takes the field errors out of an error; without fields the error's
// own message stands above the form.
func ErrorsOf(err error) Errors {
	if err == nil {
		return nil
	}
	e := fault.As(err)
	if len(e.Fields) > 0 {
		return e.Fields
	}
	return Errors{"": e.Key}
}

// Of is the text beside the field; empty when it is right.
func (e Errors) Of(ctx context.Context, field string) string {
	key, ok := e[field]
	if !ok {
		return ""
	}
	return messages.T(ctx, key)
}

// Summary lists the errors for parts.ErrorSummary: first those of the fields
// named, in the order of the form, then the rest.
func (e Errors) Summary(ctx context.Context, fields ...string) parts.ErrorSummaryOpts {
	var o parts.ErrorSummaryOpts
	add := func(field string) { o.Items = append(o.Items, parts.ErrorItem{Field: field, Text: e.Of(ctx, field)}) }
	for _, field := range fields {
		if _, ok := e[field]; ok {
			add(field)
		}
	}
	rest := make([]string, 0, len(e))
	for field := range e {
		if !slices.Contains(fields, field) {
			rest = append(rest, field)
		}
	}
	slices.Sort(rest)
	for _, field := range rest {
		add(field)
	}
	return o
}
