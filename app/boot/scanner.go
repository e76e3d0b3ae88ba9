package boot

import (
	"context"
	"log/slog"

	"pasokh/app/files"
)

// scanner is who looks through the files that come in; nil: nobody.
func (c *Config) scanner(log *slog.Logger) (*files.Clamd, error) {
	if c.Clamd == "" {
		return nil, nil
	}
	d, err := files.ParseClamd(c.Clamd)
	if err != nil {
		return nil, err
	}
	d.Lenient, d.Log = c.ClamdAway == "accept", log
	return d, nil
}

func (e *examination) scanner(ctx context.Context, c Config) {
	d, err := c.scanner(nil)
	switch {
	case err != nil:
		e.wrong("ClamAV: PASOKH_CLAMD: %v", err)
		return
	case d == nil:
		e.note("ClamAV: none; files are checked by kind and pictures drawn anew, nobody looks for malware (PASOKH_CLAMD)")
		return
	}
	version, err := d.Ping(ctx)
	if err != nil {
		e.wrong("ClamAV: %s does not answer; until it does, files are %s: %v", c.Clamd, map[bool]string{true: "taken unseen", false: "refused"}[d.Lenient], err)
		return
	}
	e.good("ClamAV: %s answers, %s", c.Clamd, version)
}
