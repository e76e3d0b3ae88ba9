package messages

import (
	"context"
	"fmt"
	"strings"

	"pasokh/app/persian"
)

// Lang is a language of the interface.
type Lang string

// The two languages. Persian is the one used when nothing else was chosen.
const (
	FA Lang = "fa"
	EN Lang = "en"
)

// Langs lists the languages in the order a switch shows them.
var Langs = []Lang{FA, EN}

// Dir is the direction of writing, "rtl" or "ltr".
func (l Lang) Dir() string {
	if l == EN {
		return "ltr"
	}
	return "rtl"
}

type langKey struct{}

// With returns a context whose texts are in lang; an unknown lang is Persian.
func With(ctx context.Context, lang Lang) context.Context {
	return context.WithValue(ctx, langKey{}, Parse(string(lang)))
}

// Parse turns the outside spelling of a language ("en", "en-GB") into a Lang.
// Anything that is not English is Persian.
func Parse(s string) Lang {
	if s == "en" || strings.HasPrefix(s, "en-") {
		return EN
	}
	return FA
}

// Of is the language of ctx, Persian when none was set.
func Of(ctx context.Context) Lang {
	if lang, ok := ctx.Value(langKey{}).(Lang); ok {
		return lang
	}
	return FA
}

// Dir is the direction of writing in ctx, "rtl" or "ltr".
func Dir(ctx context.Context) string { return Of(ctx).Dir() }

// T is the text of key in the language of ctx. args are name, value pairs that
// fill the {placeholders}: integers get the digits and grouping of the
// language, every other value is written as fmt.Sprint writes it. In English
// an integer named "n" that is 1 chooses key+".one" when that key exists.
// A missing key comes back as ‹key›.
func T(ctx context.Context, key string, args ...any) string {
	return In(Of(ctx), key, args...)
}

// In is T without a context, for jobs and mail that know the reader's language.
func In(lang Lang, key string, args ...any) string {
	texts := catalogue[lang]
	text, ok := texts[key]
	if !ok {
		return "‹" + key + "›"
	}
	if len(args) == 0 {
		return text
	}
	if lang == EN && isOne(args) {
		if one, ok := texts[key+".one"]; ok {
			text = one
		}
	}
	return fill(lang, text, args)
}

// Has reports whether key exists in lang.
func Has(lang Lang, key string) bool {
	_, ok := catalogue[lang][key]
	return ok
}

// Fill fills the {placeholders} of a text that is not the catalogue's, as In
// fills one that is.
func Fill(lang Lang, text string, args ...any) string { return fill(lang, text, args) }

func fill(lang Lang, text string, args []any) string {
	if len(args)%2 != 0 {
		panic(fmt.Sprintf("messages: odd number of arguments for %q", text))
	}
	var out strings.Builder
	out.Grow(len(text) + 16*len(args))
	for {
		before, rest, open := strings.Cut(text, "{")
		name, after, closed := strings.Cut(rest, "}")
		if !open || !closed {
			out.WriteString(text)
			return out.String()
		}
		out.WriteString(before)
		if at := argument(args, name); at >= 0 {
			out.WriteString(value(lang, args[at]))
		} else {
			out.WriteString("{" + name + "}")
		}
		text = after
	}
}

// argument finds the place of the named value; -1 when there is none.
func argument(args []any, name string) int {
	for i := 0; i < len(args); i += 2 {
		if args[i] == name {
			return i + 1
		}
	}
	return -1
}

func value(lang Lang, v any) string {
	if n, ok := integer(v); ok {
		return number(lang, n)
	}
	if text, ok := v.(string); ok {
		return text
	}
	return fmt.Sprint(v)
}

func isOne(args []any) bool {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == "n" {
			n, ok := integer(args[i+1])
			return ok && n == 1
		}
	}
	return false
}

func integer(v any) (int64, bool) {
	switch n := v.(type) {
	case int:
		return int64(n), true
	case int8:
		return int64(n), true
	case int16:
		return int64(n), true
	case int32:
		return int64(n), true
	case int64:
		return n, true
	}
	return 0, false
}

func number(lang Lang, n int64) string {
	if lang == FA {
		return persian.Number(n)
	}
	return grouped(n)
}

// grouped writes n with a comma between thousands.
func grouped(n int64) string {
	digits := fmt.Sprint(n)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}
