package inbound

import (
	"regexp"
	"strings"
)

// quoteBegins is the line above what a mail quotes, as the usual programs write
// it in Persian and English.
var quoteBegins = regexp.MustCompile(`(?i)^\s*(on .{5,200} wrote:|-{2,}\s*(original message|forwarded message|پیام اصلی|پیام ارسال).*|(در|به تاریخ) .{3,200} نوشت(ه است|ه)?:?|.{3,200} نوشته است:|_{10,}|sent from my .{2,30}|ارسال(\s|‌)شده از .{2,40})\s*$`)

// quotedHead are two lines of a header that some programs put above a quote.
var quotedHead = regexp.MustCompile(`(?i)^\s*\*?(from|از|فرستنده)\*?:.*\n\s*\*?(sent|date|to|تاریخ|ارسال|به|گیرنده)\*?:`)

// unquoted leaves out what a mail quotes of those before it, and the signature.
func unquoted(text string) string {
	var kept []string
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i, line := range lines {
		two := line
		if i+1 < len(lines) {
			two += "\n" + lines[i+1]
		}
		broken := strings.Join(strings.Fields(two), " ") // a long line is broken on its way
		begins := quoteBegins.MatchString(line) || quotedHead.MatchString(two) || line == "-- "
		if begins || (strings.HasSuffix(broken, ":") && quoteBegins.MatchString(broken)) {
			break
		}
		if !strings.HasPrefix(strings.TrimSpace(line), ">") {
			kept = append(kept, line)
		}
	}
	return strings.TrimSpace(strings.Join(kept, "\n"))
}
