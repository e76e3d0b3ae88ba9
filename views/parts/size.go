package parts

import (
	"context"

	"pasokh/views/messages"
)

// Size writes a number of bytes for people: «۲ مگابایت», "340 KB".
func Size(ctx context.Context, bytes int64) string {
	switch {
	case bytes >= 1<<20:
		return messages.T(ctx, "parts.megabytes", "n", (bytes+1<<19)>>20)
	case bytes >= 1<<10:
		return messages.T(ctx, "parts.kilobytes", "n", (bytes+1<<9)>>10)
	}
	return messages.T(ctx, "parts.bytes", "n", bytes)
}
