package complaints

import (
	"slices"
	"strconv"
	"strings"

	"pasokh/app/fault"
	"pasokh/app/persian"
)

// Column is what a column of a file can mean. The names are those of the fields
// of a registration, so that what is wrong with one is said of its column.
type Column string

// The fields. An answer to a topic's own question is AnswerField of its key.
const (
	ColumnKind         Column = "kind"
	ColumnChannel      Column = "channel"
	ColumnTopic        Column = "topic"
	ColumnText         Column = "text"
	ColumnName         Column = "name"
	ColumnMobile       Column = "mobile"
	ColumnNationalID   Column = "national_id"
	ColumnDistrict     Column = "district"
	ColumnAddress      Column = "address"
	ColumnPostalCode   Column = "postal_code"
	ColumnLine         Column = "line"
	ColumnStation      Column = "station"
	ColumnSubscription Column = "subscription"
	ColumnSource       Column = "source"
	ColumnExternal     Column = "external_number"
	ColumnSecretariat  Column = "secretariat_number"
	ColumnExternalDue  Column = "external_due"
	ColumnRegistered   Column = "registered_at"
	ColumnUnit         Column = "unit"
)

// Columns lists the fields in the order they are offered.
func Columns() []Column {
	return []Column{
		ColumnKind, ColumnChannel, ColumnTopic, ColumnText, ColumnName, ColumnMobile, ColumnNationalID,
		ColumnDistrict, ColumnAddress, ColumnPostalCode, ColumnLine, ColumnStation, ColumnSubscription,
		ColumnSource, ColumnExternal, ColumnSecretariat, ColumnExternalDue, ColumnRegistered, ColumnUnit,
	}
}

// FixedColumns lists the fields that can be given once for all lines.
func FixedColumns() []Column { return []Column{ColumnKind, ColumnChannel, ColumnTopic, ColumnSource} }

// headerWords are the names under which columns come, beside the field's own.
var headerWords = map[Column][]string{
	ColumnKind:         {"نوع", "نوع پیام", "نوع پرونده", "نوع درخواست", "type", "case type"},
	ColumnChannel:      {"کانال", "مسیر دریافت", "راه ورود", "درگاه", "نحوه دریافت", "روش ثبت", "way in", "medium"},
	ColumnTopic:        {"موضوع", "عنوان", "موضوع پیام", "موضوع شکایت", "subject", "category", "topic code"},
	ColumnText:         {"متن", "شرح", "شرح پیام", "متن پیام", "شرح شکایت", "توضیحات", "description", "message", "body"},
	ColumnName:         {"نام", "نام و نام خانوادگی", "نام شهروند", "نام متقاضی", "نام شاکی", "full name", "citizen", "citizen name"},
	ColumnMobile:       {"موبایل", "تلفن همراه", "همراه", "شماره همراه", "شماره موبایل", "شماره تماس", "تلفن", "phone", "cell", "mobile number"},
	ColumnNationalID:   {"کد ملی", "کدملی", "شماره ملی", "national code", "national id"},
	ColumnDistrict:     {"منطقه", "ناحیه", "محدوده", "شهر", "شهرستان", "region", "area", "city"},
	ColumnAddress:      {"نشانی", "آدرس", "محل", "place", "location"},
	ColumnPostalCode:   {"کد پستی", "کدپستی", "postal code", "zip", "postcode"},
	ColumnLine:         {"خط", "شماره خط"},
	ColumnStation:      {"ایستگاه", "نام ایستگاه"},
	ColumnSubscription: {"اشتراک", "شماره اشتراک", "شماره کنتور", "کنتور", "subscription number", "meter"},
	ColumnSource:       {"منبع", "مبدأ", "مرجع", "سامانه مبدأ", "origin"},
	ColumnExternal:     {"شماره در مرجع", "شماره در منبع", "شماره مرجع", "شماره پیگیری", "کد رهگیری", "شماره رهگیری", "شماره سامد", "شماره منبع", "source number", "reference", "reference number", "tracking number"},
	ColumnSecretariat:  {"شماره دبیرخانه", "شماره نامه", "شماره ثبت دبیرخانه", "letter number", "secretariat number"},
	ColumnExternalDue:  {"مهلت مرجع", "مهلت منبع", "مهلت", "مهلت پاسخ", "مهلت بیرونی", "due", "due date", "external due date"},
	ColumnRegistered:   {"تاریخ", "تاریخ ثبت", "تاریخ دریافت", "زمان ثبت", "date", "registered", "registered at", "received", "created"},
	ColumnUnit:         {"واحد", "واحد ارجاع", "واحد مسئول", "ارجاع به", "department"},
}

var fieldOfHeader = func() map[string]Column {
	all := map[string]Column{}
	for _, f := range Columns() {
		for _, word := range append(headerWords[f], string(f), strings.ReplaceAll(string(f), "_", " ")) {
			all[headerKey(word)] = f
		}
	}
	return all
}()

// headerKey compares headers without regard to how they are written.
func headerKey(s string) string {
	s = strings.NewReplacer("_", " ", "-", " ", ":", " ", "*", " ", "(", " ", ")", " ", "/", " ").Replace(s)
	return strings.ReplaceAll(persian.SearchKey(s), " ", "")
}

// Guess tells what columns mean by their names, those of fields and of the
// topics' questions; of two that mean the same the first does.
func Guess(headers []string, forms map[int64]Form) []Column {
	asked := map[string]Column{}
	for _, form := range forms {
		for _, q := range form.Questions {
			for _, label := range []string{q.LabelFA, q.LabelEN} {
				if label != "" {
					asked[headerKey(label)] = Column(AnswerField(q.Key))
				}
			}
		}
	}
	columns := make([]Column, len(headers))
	for i, h := range headers {
		f := fieldOfHeader[headerKey(h)]
		if f == "" {
			f = asked[headerKey(h)]
		}
		if f != "" && !slices.Contains(columns[:i], f) {
			columns[i] = f
		}
	}
	return columns
}

// column is where a field stands; -1 when nowhere.
func (m *Mapping) column(f Column) int { return slices.Index(m.Columns, f) }

// check judges what the columns were said to mean.
func (m *Mapping) check(forms map[int64]Form) error {
	wrong := fault.Fields{}
	if len(m.Columns) != len(m.Headers) {
		return fault.New(fault.Conflict, "import.conflict.state")
	}
	for i, f := range m.Columns {
		switch {
		case f == "":
		case !knownField(f, forms):
			wrong.Add(ColumnField(i), "import.error.field")
		case slices.Contains(m.Columns[:i], f):
			wrong.Add(ColumnField(i), "import.error.twice")
		}
	}
	if m.column(ColumnText) < 0 {
		wrong.Add("columns", "import.error.text_column")
	}
	for _, f := range []Column{ColumnKind, ColumnChannel, ColumnTopic} {
		if m.column(f) < 0 && m.Fixed[f] == "" {
			wrong.Add("fixed-"+string(f), "import.error.fixed."+string(f))
		}
	}
	return wrong.Err()
}

func knownField(f Column, forms map[int64]Form) bool {
	if slices.Contains(Columns(), f) {
		return true
	}
	for _, form := range forms {
		for _, q := range form.Questions {
			if Column(AnswerField(q.Key)) == f {
				return true
			}
		}
	}
	return false
}

// kindWords and channelWords are how files name kinds and channels, beside
// their codes.
var kindWords = words(map[Kind][]string{
	KindComplaint:    {"شکایت", "شکایات", "شکوائیه"},
	KindRequest:      {"درخواست", "تقاضا"},
	KindDemand:       {"مطالبه"},
	KindSuggestion:   {"پیشنهاد"},
	KindCriticism:    {"انتقاد"},
	KindAppreciation: {"تشکر", "تقدیر", "قدردانی", "تقدیر و تشکر"},
	KindReport:       {"گزارش", "گزارش مردمی"},
})

var channelWords = words(map[string][]string{
	"web":       {"وب", "سایت", "وب سایت", "پورتال", "اینترنتی", "سامانه", "website", "portal"},
	"phone":     {"تلفن", "تلفنی", "تماس تلفنی", "call"},
	"in_person": {"حضوری", "مراجعه حضوری", "in person"},
	"letter":    {"نامه", "کتبی", "مکاتبه"},
	"sms":       {"پیامک", "پیامکی"},
	"email":     {"ایمیل", "رایانامه", "پست الکترونیک", "e-mail"},
	"ivr":       {"تلفن گویا", "گویا"},
	"voicemail": {"پیام صوتی", "صندوق صوتی", "پیام گیر"},
	"box":       {"صندوق", "صندوق شکایات", "صندوق شکایت"},
	"meeting":   {"ملاقات", "ملاقات مردمی", "ملاقات عمومی"},
	"api":       {"سرویس", "وب سرویس"},
})

func words[K ~string](lists map[K][]string) map[string]K {
	all := map[string]K{}
	for value, list := range lists {
		for _, word := range append(list, string(value)) {
			all[headerKey(word)] = value
		}
	}
	return all
}

// ColumnField names the select of one column of a mapping.
func ColumnField(i int) string { return "column-" + strconv.Itoa(i) }
