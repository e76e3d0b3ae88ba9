package views

import "pasokh/views/parts"

// Audit is the record of an organization, narrowed.
type Audit struct {
	Base                string // address of the page
	Lines               []AuditLine
	People, Acts, Kinds []parts.Option
	From, Until, ID     string // as typed
	Chips               []parts.Chip
	Previous, Next      string
	Export, Sheet       string
	State               AuditState
	Errors              Errors
	Note                string // of the printed form
	More                bool   // lines beyond the printed ones
}

// AuditState is what is known of the chain, in words.
type AuditState struct {
	Tone    parts.Tone
	Title   string
	Why     string
	Lines   string
	Checked string
	Anchor  string
}

// AuditLine is one line, in words.
type AuditLine struct {
	Seq             int64
	Day, Clock      string
	Who, WhoHref    string
	Act             string
	About, AboutRef string
	Detail          string
	Denied          bool
}
