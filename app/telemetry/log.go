// Package telemetry is what operators see of the program: its log, its metrics
// and its traces, none of which tells anything about a person.
package telemetry

import (
	"context"
	"io"
	"log/slog"
	"regexp"
	"strings"
)

// Private is a value about a person (number, name, text). It is never printed.
type Private string

// LogValue implements slog.LogValuer.
func (Private) LogValue() slog.Value { return slog.StringValue(hidden) }

// String implements fmt.Stringer, so that a slip of %s or %v tells nothing.
func (Private) String() string { return hidden }

// GoString implements fmt.GoStringer.
func (Private) GoString() string { return hidden }

const hidden = "***"

// plain are the keys whose values the program makes up itself: identifiers,
// numbers, words of ours. A key that is in neither list is dropped, value and
// all, so that nothing gets into the log without somebody having thought of it.
var plain = keys("request_id", "status", "method", "route", "tenant", "kind", "task", "result", "ms", "attempts", "queue",
	"clock", "limit", "part", "key", "template", "provider", "to", "address", "version", "variable", "migration",
	"tasks_at_once", "postgres", "redis_inside", "stack", "name", "count", "signal", "port")

// foreign are the keys whose values others have written: their errors may quote
// what a person typed, so they are scrubbed.
var foreign = keys("error", "panic", "text")

func keys(list ...string) map[string]bool {
	m := make(map[string]bool, len(list))
	for _, k := range list {
		m[k] = true
	}
	return m
}

// LogOptions of a log.
type LogOptions struct {
	JSON  bool
	Level slog.Level
	// Spoken lets the key "spoken" through as it is: the text of a made-up
	// message, in the demonstration.
	Spoken bool
}

// NewLog makes a log that lets only known keys through.
func NewLog(w io.Writer, o LogOptions) *slog.Logger {
	options := &slog.HandlerOptions{Level: o.Level}
	var inner slog.Handler = slog.NewTextHandler(w, options)
	if o.JSON {
		inner = slog.NewJSONHandler(w, options)
	}
	return slog.New(&sieve{inner, o.Spoken, false})
}

// sieve is the handler that drops and scrubs.
type sieve struct {
	inner  slog.Handler
	spoken bool
	named  bool // the request was named by With
}

func (s *sieve) Enabled(ctx context.Context, level slog.Level) bool {
	return s.inner.Enabled(ctx, level)
}

func (s *sieve) Handle(ctx context.Context, r slog.Record) error {
	clean := slog.NewRecord(r.Time, r.Level, Scrub(r.Message), r.PC)
	named := s.named
	r.Attrs(func(a slog.Attr) bool {
		if a, ok := s.passed(a); ok {
			named = named || a.Key == "request_id"
			clean.AddAttrs(a)
		}
		return true
	})
	if id := RequestID(ctx); id != "" && !named {
		clean.AddAttrs(slog.String("request_id", id))
	}
	return s.inner.Handle(ctx, clean)
}

func (s *sieve) WithAttrs(list []slog.Attr) slog.Handler {
	next := *s
	var kept []slog.Attr
	for _, a := range list {
		if a, ok := s.passed(a); ok {
			next.named = next.named || a.Key == "request_id"
			kept = append(kept, a)
		}
	}
	next.inner = s.inner.WithAttrs(kept)
	return &next
}

// WithGroup drops the group's name: keys are judged by themselves.
func (s *sieve) WithGroup(string) slog.Handler { return s }

func (s *sieve) passed(a slog.Attr) (slog.Attr, bool) {
	v := a.Value.Resolve()
	switch {
	case plain[a.Key]:
		return slog.Attr{Key: a.Key, Value: v}, v.Kind() != slog.KindGroup
	case foreign[a.Key]:
		return slog.String(a.Key, Scrub(v.String())), true
	case a.Key == "spoken" && s.spoken:
		return slog.Attr{Key: a.Key, Value: v}, true
	}
	return a, false
}

var (
	// quotation is what errors quote, unless it is a name of ours: lower-case
	// letters, as of tables and fields.
	quotation  = regexp.MustCompile("\"[^\"]*\"|«[^»]*»|'[^']*'")
	identifier = regexp.MustCompile(`^["'][a-z][a-z0-9_.:/ -]*["']$`)
	address    = regexp.MustCompile(`[\w.+-]+@[\w-]+(\.[\w-]+)+`)
	// number is a national identifier, a mobile or a case's, in any digits.
	number = regexp.MustCompile(`[\p{Nd}][\p{Nd} -]{5,}[\p{Nd}]`)
	// letters are those of Persian words: no error of ours or of a library has any.
	letters = regexp.MustCompile(`[\p{L}\p{M}]*[\x{0600}-\x{06FF}\x{FB50}-\x{FEFF}][\p{L}\p{M}\x{200c}]*`)
	tokens  = regexp.MustCompile(`[A-Za-z0-9_-]{26,}`)
)

// Scrub takes out of a foreign text what could be a person's: what is quoted,
// Persian words, long numbers, addresses of mail, tokens.
func Scrub(text string) string {
	text = quotation.ReplaceAllStringFunc(text, func(q string) string {
		if identifier.MatchString(q) {
			return q
		}
		return hidden
	})
	for _, what := range []*regexp.Regexp{address, letters, number, tokens} {
		text = what.ReplaceAllString(text, hidden)
	}
	for strings.Contains(text, hidden+" "+hidden) {
		text = strings.ReplaceAll(text, hidden+" "+hidden, hidden)
	}
	return text
}

type requestKey struct{}

// WithRequest names the request in the context, for every line that is written
// with it.
func WithRequest(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestKey{}, id)
}

// RequestID is the request that the context belongs to; empty when to none.
func RequestID(ctx context.Context) string {
	if ctx == nil {
		return ""
	}
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}
