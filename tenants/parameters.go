package tenants

import (
	"strconv"
	"strings"
)

// The builder writes every argument into the text of a statement, so that
// PostgreSQL plans each one anew, which costs more than running most of them.
// Here the arguments that differ from call to call (identifiers, instants,
// codes) become parameters again, and the text is prepared once for each
// connection. See docs/decisions/0010-prepared-reads.md.

// manyParameters is where a statement is taken for a list of its own length,
// which nobody asks for twice.
const manyParameters = 24

// Prepared rewrites a SELECT for a prepared statement. ok is false when it
// should be sent as it is: other verbs, patterns whose index depends on what
// they hold, and long lists.
func Prepared(query string) (text string, args []string, ok bool) {
	if !strings.HasPrefix(query, "SELECT") || strings.Contains(query, " LIKE ") {
		return "", nil, false
	}
	var out strings.Builder
	out.Grow(len(query) + 64)
	done := 0
	for i := 0; i < len(query); {
		end, value, cast := i+1, "", ""
		switch c := query[i]; {
		case c == '"':
			end = closing(query, i, '"')
		case c == '\'':
			end = closing(query, i, '\'')
			value, cast = quoted(query[i:end])
		case digit(c):
			for end < len(query) && digit(query[end]) {
				end++
			}
			if end-i >= identifierDigits {
				value, cast = query[i:end], "bigint"
			}
		case word(c):
			for end < len(query) && (word(query[end]) || digit(query[end])) {
				end++
			}
		}
		if cast != "" {
			if len(args) == manyParameters {
				return "", nil, false
			}
			args = append(args, value)
			out.WriteString(query[done:i])
			out.WriteString("$" + strconv.Itoa(len(args)) + "::" + cast)
			done = end
		}
		i = end
	}
	out.WriteString(query[done:])
	return out.String(), args, true
}

// identifierDigits is the length from which a number is an identifier; shorter
// ones are limits and versions, of which there are few.
const identifierDigits = 12

// closing finds the end of a quoted part that begins at i; a doubled quote
// stands for itself.
func closing(query string, i int, quote byte) int {
	for i++; i < len(query); i++ {
		if query[i] != quote {
			continue
		}
		if i+1 == len(query) || query[i+1] != quote {
			return i + 1
		}
		i++
	}
	return len(query)
}

// quoted tells how a text literal is passed. Words of the schema (states,
// kinds) stay in the text: partial indexes are chosen by them.
func quoted(literal string) (value, cast string) {
	value = literal[1 : len(literal)-1]
	if !strings.ContainsFunc(value, func(r rune) bool { return r != '_' && r != ' ' && (r < 'a' || r > 'z') }) {
		return "", ""
	}
	value = strings.ReplaceAll(value, "''", "'")
	if instant(value) {
		return value, "timestamptz"
	}
	return value, "text"
}

// instant recognizes the builder's writing of a time.
func instant(s string) bool {
	const shape = "2006-01-02 15:04:05"
	if len(s) < len(shape)+len("+00:00") || !strings.HasSuffix(s, "+00:00") {
		return false
	}
	for i := range len(shape) {
		if want := shape[i]; digit(want) != digit(s[i]) || !digit(want) && want != s[i] {
			return false
		}
	}
	return true
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

func word(c byte) bool { return c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z' }
