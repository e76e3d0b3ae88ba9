package views

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

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
	return Errors{"": pack(e.Key, e.Args)}
}

// packed separates a key from the values that fill its placeholders, so that
// Errors stays a plain map.
const packed = "\x1f"

func pack(key string, args []any) string {
	for _, a := range args {
		key += packed + fmt.Sprint(a)
	}
	return key
}

func unpack(s string) (key string, args []any) {
	list := strings.Split(s, packed)
	for _, v := range list[1:] {
		if n, err := strconv.Atoi(v); err == nil {
			args = append(args, n)
		} else {
			args = append(args, v)
		}
	}
	return list[0], args
}

// Of is the text beside the field; empty when it is right.
func (e Errors) Of(ctx context.Context, field string) string {
	s, ok := e[field]
	if !ok {
		return ""
	}
	key, args := unpack(s)
	return messages.T(ctx, key, args...)
}

// ForOfficer gives the errors in the words for somebody who types for another
// person, "officer."+key, where there are such words: «کد ملی شهروند», not «خود».
func (e Errors) ForOfficer(ctx context.Context) Errors {
	told := make(Errors, len(e))
	for field, s := range e {
		if key, _, _ := strings.Cut(s, packed); messages.Has(messages.Of(ctx), "officer."+key) {
			s = "officer." + s
		}
		told[field] = s
	}
	return told
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
