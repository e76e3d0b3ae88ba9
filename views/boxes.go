package views

import (
	"context"
	"strconv"
	"time"

	"pasokh/app/complaints"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// Boxes are the complaint boxes, those to be opened first on top.
type Boxes struct {
	Rows             []BoxRow
	Retired          bool // the list of those no longer in use
	MayEdit, MayOpen bool
	Next             string
}

// BoxRow is one box; every text is in the page's language.
type BoxRow struct {
	Path, Code, Place, Unit, Schedule string
	Next                              time.Time // the day of the next opening
	Due, Overdue, Active              bool
	Unfinished                        int // minutes with letters to enter
}

// BoxFile is one box with its minutes.
type BoxFile struct {
	Box              BoxRow
	Openings         []BoxOpeningRow
	MayEdit, MayOpen bool
	Next             string
}

// BoxOpeningRow is the minutes of one opening.
type BoxOpeningRow struct {
	Path               string
	Number             int
	At                 time.Time
	Found, Entered     int
	Locked, Difference bool
}

// BoxForm is the form of a box.
type BoxForm struct {
	complaints.Box
	Action      string
	Every, Next string // as typed
	Weekly      bool
	Units       []parts.Option
	Errors      Errors
}

func (m *BoxForm) back() string {
	if m.ID == 0 {
		return "/desk/boxes"
	}
	return m.Action
}

func (m *BoxForm) summary(ctx context.Context) parts.ErrorSummaryOpts {
	return m.Errors.Summary(ctx, "place_fa", "place_en", "code", "unit", "rhythm", "every", "weekdays", "next", "active")
}

// weekdays offers the days of the week, Saturday first.
func (m *BoxForm) weekdays(ctx context.Context) []parts.Choice {
	list := make([]parts.Choice, 7)
	for i := range list {
		day := strconv.Itoa(i)
		list[i] = parts.Choice{Value: day, Label: messages.T(ctx, "meeting.weekday."+day), Checked: m.Schedule().On(i)}
	}
	return list
}

func (m *BoxForm) rhythms(ctx context.Context) []parts.Choice {
	return []parts.Choice{
		{Value: "weeks", Label: messages.T(ctx, "paper.box.by_weeks"), Checked: m.Weekly},
		{Value: "days", Label: messages.T(ctx, "paper.box.by_days"), Checked: !m.Weekly},
	}
}

// BoxOpeningForm is the form of the minutes of an opening, as typed.
type BoxOpeningForm struct {
	Box, Place, Back string
	Active           bool
	Day, Clock       string
	Staff, Witness   string
	Letters, Note    string
	First, Second    []parts.Option
	Errors           Errors
}

func (m *BoxOpeningForm) summary(ctx context.Context) parts.ErrorSummaryOpts {
	return m.Errors.Summary(ctx, "opened", "opened_time", "staff", "witness", "letters", "note")
}

// BoxOpening is the minutes with their letters.
type BoxOpening struct {
	Path, Back, Box, Place, Unit string
	Number                       int
	At, Next                     time.Time
	First, Second                string
	Found, Entered               int
	Note, Difference             string
	FinishedAt                   *time.Time
	MayRead, MayOpen             bool
	Letters                      []LetterRow
	Errors                       Errors

	counted int
}

// Add lists a letter; those entered by mistake have no number.
func (m *BoxOpening) Add(l LetterRow) {
	if !l.Mistaken {
		m.counted++
		l.Number = m.counted
	}
	m.Letters = append(m.Letters, l)
}

// nameless tells whether a letter has a receipt to be kept.
func (m *BoxOpening) nameless() bool {
	for _, l := range m.Letters {
		if l.Nameless && !l.Mistaken {
			return true
		}
	}
	return false
}

// LetterRow is one letter of an opening.
type LetterRow struct {
	ID                 int64
	Number             int
	Path, Code, Text   string
	Sender             string
	Kind               complaints.Kind
	State              complaints.State
	Nameless, Mistaken bool
	At                 time.Time
}

// sender is who wrote the letter.
func (l LetterRow) sender(ctx context.Context) string {
	if l.Nameless {
		return messages.T(ctx, "paper.nameless")
	}
	return l.Sender
}

// BoxLetter is the form of one letter of an opening.
type BoxLetter struct {
	Intake                      *DeskIntake
	Action, Back, Box, Place    string
	Number, Found               int
	LastCode, LastHref, LastPIN string // of the letter before
}

func (m *BoxLetter) title(ctx context.Context) string {
	if m.Number > m.Found {
		return messages.T(ctx, "paper.letter.more", "n", m.Number, "total", m.Found)
	}
	return messages.T(ctx, "paper.letter.n_of", "n", m.Number, "total", m.Found)
}

// senders are somebody who gives a name, and nobody.
func (m *BoxLetter) senders(ctx context.Context) []parts.Choice {
	none := m.Intake.Person == "none"
	return []parts.Choice{
		{Value: "new", Label: messages.T(ctx, "paper.letter.signed"), Checked: !none},
		{Value: "none", Label: messages.T(ctx, "paper.letter.unsigned"), Hint: messages.T(ctx, "paper.letter.unsigned_hint"), Checked: none},
	}
}

// paperOpen tells whether the fields of a paper are shown at once.
func (m *DeskIntake) paperOpen() bool {
	for _, field := range []string{"secretariat_number", "letter_on", "file"} {
		if m.Errors[field] != "" {
			return true
		}
	}
	return m.Channel == "letter" || m.Channel == "in_person" || m.Secretariat != "" || m.LetterOn != "" || len(m.Shelved) > 0
}

// PapersForm is the form in which the numbers and dates of a case are mended.
type PapersForm struct {
	Code, Path, Secretariat, LetterOn, Source, External, Due string
	Sources                                                  []parts.Option
	Sent                                                     bool // by another organization, whose number stays
	Taken                                                    *DeskOther
	Errors                                                   Errors
}

func (m *PapersForm) summary(ctx context.Context) parts.ErrorSummaryOpts {
	return m.Errors.Summary(ctx, "secretariat_number", "letter_on", "source", "external_number", "external_due")
}

// MistakeForm asks why a letter is taken back.
type MistakeForm struct {
	Code, Path, Text, Reason string
	Errors                   Errors
}

// PaperReceipt is what the office hands over, or keeps with the minutes.
type PaperReceipt struct {
	Code, PIN       string // grouped
	At              time.Time
	Kind            complaints.Kind
	Topic, Text     string
	Name            string
	Nameless        bool
	Number          string // of the office's register
	LetterOn        string
	Channel         string
	Promised, Legal *time.Time
	Files           int
	ReceivedBy      string
	Address         string
	QR              [][]bool
}

func (m *PaperReceipt) facts(ctx context.Context, tenant string) []parts.Fact {
	name := m.Name
	if m.Nameless {
		name = messages.T(ctx, "paper.nameless")
	}
	facts := []parts.Fact{{Label: messages.T(ctx, "paper.receipt.office"), Value: tenant}, {Label: messages.T(ctx, "receipt.name"), Value: name}, {Label: messages.T(ctx, "desk.kind"), Value: messages.T(ctx, "complaint.kind."+string(m.Kind))}}
	add := func(key, value, dir string) {
		if value != "" {
			facts = append(facts, parts.Fact{Label: messages.T(ctx, key), Value: value, Dir: dir})
		}
	}
	add("desk.topic", m.Topic, "")
	if m.Channel != "" {
		add("desk.channel", messages.T(ctx, "complaint.channel."+m.Channel), "")
	}
	facts = append(facts, parts.Fact{Label: messages.T(ctx, "desk.fact.registered"), Value: messages.DateTime(ctx, m.At)})
	add("paper.secretariat", messages.Digits(ctx, m.Number), "ltr")
	add("paper.letter_on", m.LetterOn, "")
	if m.Promised != nil {
		add("paper.receipt.promised", messages.DateTime(ctx, *m.Promised), "")
	}
	add("paper.receipt.by", m.ReceivedBy, "")
	if m.PIN != "" {
		facts = append(facts, parts.Fact{Label: messages.T(ctx, "receipt.pin"), Body: parts.Code(parts.CodeOpts{Text: m.PIN, Label: messages.T(ctx, "receipt.pin")})})
	}
	return facts
}
