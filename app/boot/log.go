package boot

import (
	"context"
	"fmt"
	"io"
	"log/slog"

	"pasokh/app/telemetry"
)

// newLog makes the program's log, which knows nobody.
func newLog(c Config, w io.Writer) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(c.LogLevel)) // checked with the configuration
	return telemetry.NewLog(w, telemetry.LogOptions{JSON: c.LogFormat == "json", Level: level, Spoken: c.Demo})
}

// redisLog lets the Redis client write into our log.
type redisLog struct{ log *slog.Logger }

// Printf is what the client calls.
func (l redisLog) Printf(ctx context.Context, format string, args ...any) {
	l.log.WarnContext(ctx, "redis", "text", fmt.Sprintf(format, args...))
}
