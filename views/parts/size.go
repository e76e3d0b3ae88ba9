package parts

import (
	"context"
	"strconv"
	"strings"

	"pasokh/views/messages"
)

// Size writes a number of bytes for people: «۲ مگابایت», "340 KB".
func Size(ctx context.Context, bytes int64) string {
	switch {
	case bytes >= 1<<20:
		return messages.T(ctx, "parts.megabytes", "n", megabytes(ctx, bytes))
	case bytes >= 1<<10:
		return messages.T(ctx, "parts.kilobytes", "n", (bytes+1<<9)>>10)
	}
	return messages.T(ctx, "parts.bytes", "n", bytes)
}

// megabytes has one decimal, unless it is a whole number.
func megabytes(ctx context.Context, bytes int64) string {
	tenths := (bytes*10 + 1<<19) >> 20
	text := strconv.FormatInt(tenths/10, 10)
	if rest := tenths % 10; rest != 0 {
		text += "." + strconv.FormatInt(rest, 10)
	}
	if messages.Of(ctx) == messages.FA {
		text = strings.Replace(text, ".", "٫", 1)
	}
	return messages.Digits(ctx, text)
}
