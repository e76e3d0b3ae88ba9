package views

import (
	"strconv"

	"pasokh/views/parts"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// lateTone colours what is late.
func lateTone(late bool) parts.Tone {
	if late {
		return parts.Danger
	}
	return parts.Neutral
}
