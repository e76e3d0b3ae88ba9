// Package inspection holds what inspection sees for itself: visits with their
// checklists, open and confidential, what was found, what the unit says to it,
// and the file of violations. Cases are known here by their id only.
package inspection

import (
	"context"
	"slices"
	"unicode/utf8"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// Section is a heading of a checklist.
type Section string

// Sections lists the headings in their order: the citizens' satisfaction, the
// conduct of managers and staff, premises, information boards, records.
func Sections() []Section {
	return []Section{"satisfaction", "conduct", "premises", "boards", "records"}
}

// Question is one line of a checklist.
type Question struct {
	Section Section `json:"section"`
	TextFA  string  `json:"text_fa"`
	TextEN  string  `json:"text_en,omitempty"`
	Weight  int     `json:"weight"` // 1 to MaxWeight
}

// Checklist is what the organization has its inspectors look at.
type Checklist struct {
	tenants.BaseModel `bun:"table:inspection_checklists,alias:checklist"`
	tenants.Owned
	ID        int64      `bun:",pk"`
	NameFA    string     `bun:"name_fa"`
	NameEN    string     `bun:"name_en"`
	Questions []Question `bun:"type:jsonb"`
	Active    bool
	Version   int
}

// Limits of a checklist and of texts, in characters.
const (
	MaxWeight    = 10
	MaxQuestions = 60
	MaxQuestion  = 300
	MaxText      = 4000
	maxName      = 200
)

// Standard is the list that an organization starts with; its ID is 0.
func Standard() *Checklist {
	return &Checklist{NameFA: "چک‌لیست عمومی بازرسی", NameEN: "General inspection checklist", Active: true, Version: 1, Questions: []Question{
		{"satisfaction", "ارباب‌رجوع حاضر از نتیجهٔ کار خود راضی است.", "Citizens who are present are content with the outcome.", 5},
		{"satisfaction", "زمان انتظار با آنچه اعلام شده می‌خواند.", "Waiting times match what is announced.", 3},
		{"satisfaction", "پاسخ‌ها روشن و همراه با راه ادامهٔ کار است.", "Answers are clear and say how to go on.", 3},
		{"conduct", "کارکنان با احترام و حوصله رفتار می‌کنند.", "Staff are respectful and patient.", 5},
		{"conduct", "مدیر واحد در دسترس مردم است و گوش می‌دهد.", "The head is within reach of the public and listens.", 4},
		{"conduct", "کارکنان کارت شناسایی دارند و خود را معرفی می‌کنند.", "Staff wear a badge and say who they are.", 2},
		{"premises", "محل انتظار پاکیزه است و جای نشستن کافی دارد.", "The waiting area is clean and has enough seats.", 2},
		{"premises", "ورود افراد کم‌توان و سالمند آسان است.", "Disabled and elderly people get in easily.", 3},
		{"boards", "مدارک لازم و مراحل کار روی تابلو نوشته شده است.", "Required papers and steps are on the board.", 3},
		{"boards", "شمارهٔ تماس و راه ثبت شکایت دیده می‌شود.", "Phone lines and the way to complain can be seen.", 3},
		{"records", "پرونده‌ها کامل است و ارجاع‌ها تاریخ دارد.", "Files are complete and referrals are dated.", 3},
		{"records", "پاسخ‌های دیرشده دلیل نوشته‌شده دارد.", "Late answers have a written reason.", 3},
	}}
}

// Checklists lists the organization's checklists, the active first; the
// standard one alone until there is another.
func Checklists(ctx context.Context, r tenants.Reader) ([]Checklist, error) {
	var list []Checklist
	err := r.Select(&list).Order("checklist.active DESC", "checklist.name_fa", "checklist.id").Limit(100).Scan(ctx)
	if err == nil && len(list) == 0 {
		list = []Checklist{*Standard()}
	}
	return list, tenants.Err(err)
}

// ChecklistByID reads one; 0 is the standard one.
func ChecklistByID(ctx context.Context, r tenants.Reader, id int64) (*Checklist, error) {
	if id == 0 {
		return Standard(), nil
	}
	c := new(Checklist)
	return c, tenants.Err(r.Select(c).Where("checklist.id = ?", id).Scan(ctx))
}

// SaveChecklist writes a checklist, new when its ID is 0. Visits that were
// planned keep the questions of their day. Field errors: name_fa, questions.
func SaveChecklist(ctx context.Context, tx *tenants.Tx, c *Checklist) error {
	if err := c.check(); err != nil {
		return err
	}
	same, err := tx.Select((*Checklist)(nil)).Where("checklist.name_fa = ? AND checklist.id <> ?", c.NameFA, c.ID).Exists(ctx)
	if err != nil {
		return tenants.Err(err)
	}
	if same {
		return fault.Field("name_fa", "inspection.error.name_taken")
	}
	if c.ID == 0 {
		c.ID, c.Version = tenants.NewID(), 1
		err = tx.Insert(ctx, c)
	} else {
		was := new(Checklist)
		if err := tx.Lock(ctx, was, "checklist.id = ?", c.ID); err != nil {
			return err
		}
		c.Version = was.Version + 1
		err = tx.Update(ctx, c, "name_fa", "name_en", "questions", "active", "version")
	}
	if err != nil {
		return err
	}
	return audit.Record(ctx, tx, "inspection:checklist", "checklist", c.ID, "")
}

func (c *Checklist) check() error {
	bad := fault.Fields{}
	c.NameFA, c.NameEN = persian.CleanLine(c.NameFA), persian.CleanLine(c.NameEN)
	if n := utf8.RuneCountInString(c.NameFA); n == 0 || n > maxName || utf8.RuneCountInString(c.NameEN) > maxName {
		bad.Add("name_fa", "inspection.error.name")
	}
	if n := len(c.Questions); n == 0 || n > MaxQuestions {
		bad.Add("questions", "inspection.error.questions")
	}
	for i := range c.Questions {
		q := &c.Questions[i]
		q.TextFA, q.TextEN = persian.CleanLine(q.TextFA), persian.CleanLine(q.TextEN)
		if n := utf8.RuneCountInString(q.TextFA); n == 0 || n > MaxQuestion || utf8.RuneCountInString(q.TextEN) > MaxQuestion || !slices.Contains(Sections(), q.Section) {
			bad.Add("questions", "inspection.error.question")
		}
		if q.Weight < 1 || q.Weight > MaxWeight {
			bad.Add("questions", "inspection.error.weight")
		}
	}
	return bad.Err()
}

// Setting implements tenants.Setting.
func (c *Checklist) Setting() tenants.SettingRow {
	return tenants.SettingRow{Area: tenants.AreaInspection, NameFA: c.NameFA, NameEN: c.NameEN}
}
