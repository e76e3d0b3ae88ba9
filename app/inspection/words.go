package inspection

import (
	"strconv"
	"unicode/utf8"

	"pasokh/app/fault"
	"pasokh/app/persian"
)

// Field names the field of a form that belongs to a row.
func Field(name string, id int64) string { return name + "_" + strconv.FormatInt(id, 10) }

// words cleans a text that must be there.
func words(field, text string) (string, error) {
	text = persian.Clean(text)
	switch n := utf8.RuneCountInString(text); {
	case n == 0:
		return "", fault.Field(field, "inspection.error."+field)
	case n > MaxText:
		return "", fault.Field(field, "inspection.error.too_long")
	}
	return text, nil
}
