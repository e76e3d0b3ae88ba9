package complaints

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/sheet"
	"pasokh/tenants"
)

// line is one line of a file on its way to becoming a case.
type line struct {
	at    int // in the file
	in    Registration
	topic *tenants.Topic
	who   *citizens.Identity // nil for a nameless report
	unit  int64              // that the file names, 0 when it does not
	other int                // the line that says the same, or has the same number in the source
	wrong fault.Fields
}

// reading turns lines of a file into registrations, and judges them.
type reading struct {
	*lists
	m    *Mapping
	now  time.Time
	cell func(Column) string // of the line at hand
}

// read judges one line by the rules of a registration. All that is wrong is in
// line.wrong, by field.
func (rd *reading) read(row sheet.Row) *line {
	rd.cell = func(f Column) string {
		if i := rd.m.column(f); i >= 0 && i < len(row.Cells) && row.Cells[i] != "" {
			return row.Cells[i]
		}
		return rd.m.Fixed[f]
	}
	l := &line{at: row.Line, wrong: fault.Fields{}}
	l.in = Registration{
		Text: rd.cell(ColumnText), ExternalNumber: rd.cell(ColumnExternal), SecretariatNumber: rd.cell(ColumnSecretariat),
		Place: Place{
			Address: rd.cell(ColumnAddress), PostalCode: rd.cell(ColumnPostalCode), Station: rd.cell(ColumnStation),
			Line: rd.cell(ColumnLine), Subscription: rd.cell(ColumnSubscription),
		},
		Answers: map[string]string{},
	}
	for i, f := range rd.m.Columns {
		if key, ok := strings.CutPrefix(string(f), AnswerField("")); ok {
			l.in.Answers[key] = row.Cells[i]
		}
	}
	rd.words(l)
	rd.times(l)
	var err error
	l.topic, err = l.in.judge(rd.lists)
	l.add(err)
	rd.person(l)
	return l
}

// add notes what the rules say, unless the reading has said more of the field.
func (l *line) add(err error) {
	if err == nil {
		return
	}
	for field, key := range fault.As(err).Fields {
		if l.wrong[field] == "" {
			l.wrong.Add(field, key)
		}
	}
}

// words finds what the line names by words. An unknown one is left to the rules
// as nothing, and said more exactly than they could.
func (rd *reading) words(l *line) {
	if text := rd.cell(ColumnKind); text != "" {
		l.in.Kind = kindWords[headerKey(text)]
		l.unknown(ColumnKind, l.in.Kind == "", "import.error.unknown")
	}
	if text := rd.cell(ColumnChannel); text != "" {
		l.in.Channel = channelWords[headerKey(text)]
		l.unknown(ColumnChannel, l.in.Channel == "", "import.error.unknown")
	}
	if text := rd.cell(ColumnTopic); text != "" {
		id, key := rd.topicWords.find(text)
		l.in.TopicID = id
		l.unknown(ColumnTopic, key != "", key)
	}
	if text := rd.cell(ColumnSource); text != "" {
		code, key := rd.sourceWords.find(text)
		l.in.Source = code
		l.unknown(ColumnSource, key != "", key)
	}
	if text := rd.cell(ColumnDistrict); text != "" {
		id, key := rd.districtWords.find(text)
		l.unknown(ColumnDistrict, key != "", key)
		if key == "" {
			l.in.DistrictID = &id
		}
	}
	if text := rd.cell(ColumnUnit); text != "" {
		id, key := rd.unitWords.find(text)
		l.unit = id
		l.unknown(ColumnUnit, key != "", key)
		if t := rd.topics[l.in.TopicID]; t != nil && t.Confidential && key == "" {
			l.wrong.Add(string(ColumnUnit), "import.error.confidential")
		}
	}
}

func (l *line) unknown(f Column, is bool, key string) {
	if is {
		l.wrong.Add(string(f), key)
	}
}

// times reads when the case came, and until when its source waits.
func (rd *reading) times(l *line) {
	if text := rd.cell(ColumnRegistered); text != "" {
		at, ok := parseMoment(text, 12*60)
		switch {
		case !ok:
			l.wrong.Add(string(ColumnRegistered), "import.error.date")
		case sameDay(at, rd.now) && !clockShape.MatchString(persian.ToASCII(text)):
			l.in.came = earlier(at, rd.now)
		case at.After(rd.now):
			l.wrong.Add(string(ColumnRegistered), "import.error.future")
		default:
			l.in.came = at
		}
	}
	if text := rd.cell(ColumnExternalDue); text != "" {
		at, ok := parseMoment(text, 24*60-1)
		if !ok {
			l.wrong.Add(string(ColumnExternalDue), "import.error.date")
			return
		}
		l.in.ExternalDueAt = &at
	}
}

func sameDay(a, b time.Time) bool {
	return persian.DateOf(a.In(persian.Tehran)) == persian.DateOf(b.In(persian.Tehran))
}

var (
	clockShape = regexp.MustCompile(`([0-9]{1,2}):([0-9]{2})(:[0-9]{2}(\.[0-9]+)?)?$`)
	serialDay  = regexp.MustCompile(`^[0-9]{5}(\.[0-9]+)?$`)
)

// parseMoment reads a day, Solar Hijri or Gregorian by its year, with or without
// a time in Tehran, in any digits; ISO 8601 with its zone; or the number by which
// a workbook keeps a day. Without a time it is minute of the day.
func parseMoment(text string, minute int) (time.Time, bool) {
	text = persian.ToASCII(persian.CleanLine(text))
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t.UTC(), true
	}
	if serialDay.MatchString(text) {
		t, ok := sheet.Moment(text, persian.Tehran)
		if ok && !strings.Contains(text, ".") {
			t = t.Add(time.Duration(minute) * time.Minute)
		}
		return t.UTC(), ok
	}
	if clock := clockShape.FindStringSubmatch(text); clock != nil {
		hour, _ := strconv.Atoi(clock[1])
		min, _ := strconv.Atoi(clock[2])
		if hour > 23 || min > 59 {
			return time.Time{}, false
		}
		minute = hour*60 + min
		text = strings.TrimRight(strings.TrimSuffix(text, clock[0]), " T,-–،")
	}
	iso := tenants.ParseDay(text)
	day, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return time.Time{}, false
	}
	return persian.DateOf(day).Time(minute/60, minute%60, persian.Tehran).UTC(), true
}

// person judges what the line tells of the person, as every registration does:
// by the kind, and right in every case.
func (rd *reading) person(l *line) {
	who := citizens.Identity{Name: rd.cell(ColumnName), Mobile: rd.cell(ColumnMobile), NationalID: rd.cell(ColumnNationalID)}
	if who == (citizens.Identity{}) && l.in.Kind.known(nil) == nil {
		return
	}
	who, err := who.Check(max(l.in.Kind.Need(), citizens.NeedMobile))
	l.add(err)
	l.who = &who
}

// problems are what is wrong with the line, in the order of the columns.
func (l *line) problems(m *Mapping, row sheet.Row) []Problem {
	list := make([]Problem, 0, len(l.wrong))
	for field, key := range l.wrong {
		p := m.problem(row, Column(field), key)
		if key == "import.error.same_number" || key == "import.error.same_line" {
			p.Other = l.other
		}
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b Problem) int {
		return cmp.Or(m.column(Column(a.Field))-m.column(Column(b.Field)), strings.Compare(a.Field, b.Field))
	})
	return list
}

func (m *Mapping) problem(row sheet.Row, f Column, key string) Problem {
	p := Problem{Line: row.Line, Field: string(f), Key: key, Value: shortened(m.Fixed[f])}
	if i := m.column(f); i >= 0 {
		p.Header = shortened(m.Headers[i])
		if row.Cells[i] != "" {
			p.Value = shortened(row.Cells[i])
		}
	}
	return p
}
