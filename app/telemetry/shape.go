package telemetry

import "strings"

// longestShape is how many bytes of a statement are kept.
const longestShape = 2000

// Shape is a statement without its values: texts and numbers become ?, a list
// of them one.
func Shape(query string) string {
	var b strings.Builder
	b.Grow(min(len(query), longestShape))
	for i := 0; i < len(query) && b.Len() < longestShape; {
		c := query[i]
		switch {
		case c == '\'':
			i = past(query, i, '\'')
			value(&b)
		case c == '"':
			to := past(query, i, '"')
			b.WriteString(query[i:to])
			i = to
		case c >= '0' && c <= '9':
			for i < len(query) && (digit(query[i]) || query[i] == '.') {
				i++
			}
			value(&b)
		case letter(c):
			from := i
			for i < len(query) && (letter(query[i]) || digit(query[i])) {
				i++
			}
			b.WriteString(query[from:i])
		default:
			b.WriteByte(c)
			i++
		}
	}
	return b.String()
}

// value writes ? unless one stands before, with only a comma between.
func value(b *strings.Builder) {
	so := strings.TrimRight(b.String(), " ,")
	if strings.HasSuffix(so, "?") && strings.HasSuffix(strings.TrimRight(b.String(), " "), ",") {
		return
	}
	b.WriteByte('?')
}

// past is behind the quotation that begins at i; a doubled quote is part of it.
func past(s string, i int, quote byte) int {
	for i++; i < len(s); i++ {
		if s[i] != quote {
			continue
		}
		if i+1 < len(s) && s[i+1] == quote {
			i++
			continue
		}
		return i + 1
	}
	return len(s)
}

// verb is the first word of a statement.
func verb(shape string) string {
	word, _, _ := strings.Cut(strings.TrimLeft(shape, " (\n"), " ")
	return strings.ToUpper(word)
}

func digit(c byte) bool { return c >= '0' && c <= '9' }
func letter(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}
