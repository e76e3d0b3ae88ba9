package views

import (
	"context"
	"time"

	"pasokh/app/complaints"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// DeskImports is the list of imports, with the form of a new one.
type DeskImports struct {
	Rows   []ImportRow
	Next   string
	Errors Errors
}

// ImportRow is one batch.
type ImportRow struct {
	Href, File, Who string
	State           complaints.BatchState
	Lines, Wrong    int
	At              time.Time
}

// DeskImport is one batch, in whatever state it is.
type DeskImport struct {
	Path     string
	File     string
	Who      string
	State    complaints.BatchState
	At       time.Time
	EndedAt  *time.Time
	Gone     bool // the file was removed
	Sheets   []parts.Option
	Mappable bool
	Columns  []ImportColumn
	Fixed    []parts.SelectOpts
	Errors   Errors

	Total, Wrong, Done int
	Refused            string // text
	Problems           []ImportProblem
	More               bool   // problems were left out of the list that is kept
	Next               string // page of problems or cases
	Ready              bool
	Cases              []ImportCase
	Touched            []ImportCase
	Reason             string
}

// ImportColumn is one column of the file: its name, its first cells, and the
// select of what it means.
type ImportColumn struct {
	Header  string
	Samples []string
	Select  parts.SelectOpts
}

// ImportProblem is what is wrong with one cell; every text is in words.
type ImportProblem struct {
	Line                 int
	Column, Value, Wrong string
}

// ImportCase is one case that a batch has brought.
type ImportCase struct{ Href, Code, Topic, Number, State string }

// importTone is how a state looks.
func importTone(s complaints.BatchState) (parts.Tone, string) {
	switch s {
	case complaints.BatchApplied:
		return parts.Success, "circle-check"
	case complaints.BatchFailed:
		return parts.Danger, "circle-x"
	case complaints.BatchChecking, complaints.BatchApplying:
		return parts.Info, "clock"
	case complaints.BatchChecked:
		return parts.Info, "check"
	}
	return "", "minus"
}

// importWrong says how many lines are wrong; nothing when none is.
func importWrong(ctx context.Context, n int) string {
	if n == 0 {
		return ""
	}
	return messages.T(ctx, "import.wrong_lines", "n", n)
}

// importCount says how far a job is.
func importCount(ctx context.Context, m *DeskImport) string {
	if m.Total == 0 {
		return messages.T(ctx, "import.beginning")
	}
	return messages.T(ctx, "import.count", "done", m.Done, "total", m.Total)
}

// importTryKind leaves the first place to the import itself once it is ready.
func importTryKind(m *DeskImport) parts.ButtonKind {
	if m.Ready {
		return parts.Secondary
	}
	return parts.Primary
}
