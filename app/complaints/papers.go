package complaints

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// KindSourceDue is the event that notes until when the source of a case wants
// its answer: its DueAt, none when the source takes the date back.
const KindSourceDue = "complaint.source_due"

// maxNumber is the longest number of a letter or of a source, in characters.
const maxNumber = 60

// Papers are the numbers and dates under which other offices know a case.
type Papers struct {
	SecretariatNumber string     // in the office's own register of letters
	LetterOn          string     // the letter's own date, Gregorian, YYYY-MM-DD, or empty
	Source            string     // code of one of the organization's sources, or empty
	ExternalNumber    string     // the source's own number
	ExternalDueAt     *time.Time // until when the source wants the answer
}

// PapersOf are the papers of a case.
func PapersOf(c *Complaint) Papers {
	return Papers{
		SecretariatNumber: c.SecretariatNumber, LetterOn: c.LetterOn, Source: c.Source,
		ExternalNumber: c.ExternalNumber, ExternalDueAt: c.ExternalDueAt,
	}
}

// number is the one form of a number of paper, whatever keyboard typed it.
func number(typed string) string { return persian.ToASCII(persian.CleanLine(typed)) }

// check normalises the papers and finds what is wrong with the fields
// secretariat_number, letter_on, source and external_number.
func (p *Papers) check(now time.Time, wrong fault.Fields) {
	p.SecretariatNumber, p.ExternalNumber = number(p.SecretariatNumber), number(p.ExternalNumber)
	for field, text := range map[string]string{"secretariat_number": p.SecretariatNumber, "external_number": p.ExternalNumber} {
		if utf8.RuneCountInString(text) > maxNumber {
			wrong.Add(field, "paper.error.number_long")
		}
	}
	if p.LetterOn != "" {
		switch _, err := time.Parse(time.DateOnly, p.LetterOn); {
		case err != nil:
			wrong.Add("letter_on", "paper.error.day")
		case p.LetterOn > VisitDay(persian.DateOf(now.In(persian.Tehran))):
			wrong.Add("letter_on", "paper.error.letter_ahead")
		}
	}
	if p.Source == "" && (p.ExternalNumber != "" || p.ExternalDueAt != nil) {
		wrong.Add("source", "paper.error.source_missing")
	}
}

// checkPapers checks the papers of a registration, once Judge knows the time.
func (in *Registration) checkPapers(wrong fault.Fields) {
	if in.asking == nil {
		return
	}
	p := Papers{in.SecretariatNumber, in.LetterOn, in.Source, in.ExternalNumber, in.ExternalDueAt}
	p.check(in.asking.now, wrong)
	in.SecretariatNumber, in.ExternalNumber = p.SecretariatNumber, p.ExternalNumber
}

// untilSource notes the source's date of a case that was just registered.
func (c *Complaint) untilSource(ctx context.Context, tx *tenants.Tx) error {
	if c.ExternalDueAt == nil {
		return nil
	}
	_, err := c.sourceDue(ctx, tx)
	return err
}

func (c *Complaint) sourceDue(ctx context.Context, tx *tenants.Tx) (*timeline.Event, error) {
	e := c.event(strings.TrimPrefix(KindSourceDue, "complaint."), "", false)
	e.DueAt, c.SourceWarned = c.ExternalDueAt, 0
	return record(ctx, tx, c, e, false)
}

// SetPapers corrects the papers of a case after the fact, with a line in its
// story that says what they were. A number that the source's other case has is
// refused at external_number, by the database if need be. Nothing changed is
// nothing done.
func SetPapers(ctx context.Context, tx *tenants.Tx, id ID, in Papers) (changed bool, err error) {
	c, err := lock(ctx, tx, id)
	if err != nil {
		return false, err
	}
	if c.CameFromAfar() { // by these the two organizations find each other's case
		in.Source, in.ExternalNumber = c.Source, c.ExternalNumber
	}
	wrong := fault.Fields{}
	in.check(tx.Now(), wrong)
	if err := checkSource(ctx, tx, c, in.Source, wrong); err != nil {
		return false, err
	}
	if err := wrong.Err(); err != nil {
		return false, err
	}
	old := PapersOf(c)
	due := !sameTime(old.ExternalDueAt, in.ExternalDueAt)
	sources, err := tenants.AllSources(ctx, tx)
	if err != nil {
		return false, err
	}
	told := strings.Join(changes(old, in, sources), " · ")
	if !due && told == "" {
		return false, nil
	}
	c.SecretariatNumber, c.LetterOn, c.Source, c.ExternalNumber, c.ExternalDueAt = in.SecretariatNumber, in.LetterOn, in.Source, in.ExternalNumber, in.ExternalDueAt
	c.SearchKey = reword(reword(c.SearchKey, old.SecretariatNumber, in.SecretariatNumber), old.ExternalNumber, in.ExternalNumber)
	if told != "" {
		if _, err := record(ctx, tx, c, c.event("papers", told, false), false); err != nil {
			return false, numbered(err)
		}
	}
	if due {
		if _, err := c.sourceDue(ctx, tx); err != nil {
			return false, err
		}
	}
	return true, audit.Record(ctx, tx, "complaint:papers", "complaint", c.ID, told)
}

// checkSource wants one of the organization's active sources, or the one that
// the case has already.
func checkSource(ctx context.Context, r tenants.Reader, c *Complaint, code string, wrong fault.Fields) error {
	if code == "" || code == c.Source {
		return nil
	}
	source, err := tenants.SourceByCode(ctx, r, code)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if err != nil || !source.Active {
		wrong.Add("source", "intake.error.source")
	}
	return nil
}

// changes says what becomes of the numbers, in signs that need no language.
func changes(old, now Papers, sources []tenants.Source) []string {
	for _, p := range []*Papers{&old, &now} {
		if p.LetterOn != "" {
			p.LetterOn = persian.ShortDate(dayOf(p.LetterOn))
		}
		for _, s := range sources {
			if s.Code == p.Source {
				p.Source = s.NameFA
				break
			}
		}
	}
	var list []string
	for _, pair := range [][2]string{
		{old.SecretariatNumber, now.SecretariatNumber}, {old.LetterOn, now.LetterOn}, {old.Source, now.Source}, {old.ExternalNumber, now.ExternalNumber},
	} {
		if pair[0] != pair[1] {
			list = append(list, orDash(pair[0])+" ← "+orDash(pair[1]))
		}
	}
	return list
}

func orDash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}

// numbered explains a refused number: another case of the source has it.
func numbered(err error) error {
	if fault.Is(err, fault.Conflict) {
		return fault.Field("external_number", "complaint.error.external_taken")
	}
	return err
}

// reword puts one number in a search key in the place of another.
func reword(key, old, now string) string {
	old, now = persian.SearchKey(old), persian.SearchKey(now)
	if old == now {
		return key
	}
	words := strings.Fields(key)
	gone := strings.Fields(old)
	for i := 0; len(gone) > 0 && i+len(gone) <= len(words); i++ {
		if strings.Join(words[i:i+len(gone)], " ") == old {
			words = append(words[:i:i], words[i+len(gone):]...)
			break
		}
	}
	return strings.Join(append(words, strings.Fields(now)...), " ")
}

// ByExternal reads the case that a source knows by its number, for who may see
// it; NotFound else.
func ByExternal(ctx context.Context, r tenants.Reader, actor tenants.Actor, source, typed string) (*Complaint, error) {
	c := new(Complaint)
	q := r.Select(c).Where("c.source = ? AND c.external_number = ? AND c.external_number <> ''", source, number(typed))
	return c, tenants.Err(visible(r, q, actor).Scan(ctx))
}
