package staff

import (
	"context"
	"slices"
	"time"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// What becomes of somebody who lacks a course or whose record has run out.
const (
	Warns  = "warn"
	Blocks = "block" // registers no cases until then
)

// Course is something that people have to learn.
type Course struct {
	tenants.BaseModel `bun:"table:training_courses,alias:course"`
	tenants.Owned
	ID        int64  `bun:",pk"`
	NameFA    string `bun:"name_fa"`
	NameEN    string `bun:"name_en"`
	Role      string // whoever holds it needs the course; empty: nobody, only records that have run out count
	Effect    string // Warns, Blocks
	Months    int    // a record is valid so long; 0 is for ever
	EndedAt   *time.Time
	CreatedAt time.Time
}

// Training says that somebody has done a course.
type Training struct {
	tenants.BaseModel `bun:"table:staff_trainings,alias:training"`
	tenants.Owned
	ID         int64 `bun:",pk"`
	StaffID    int64
	CourseID   int64
	DoneOn     time.Time
	ExpiresAt  *time.Time // nil is never
	RecordedBy *int64
	CreatedAt  time.Time
	RemovedAt  *time.Time // it was a mistake
	WarnedAt   *time.Time // told that it will run out
	ToldAt     *time.Time // told that it has
}

// Valid tells whether the record holds at the moment.
func (t *Training) Valid(now time.Time) bool {
	return t.RemovedAt == nil && (t.ExpiresAt == nil || now.Before(*t.ExpiresAt))
}

// Gap is a course that somebody lacks.
type Gap struct {
	Course Course
	Since  *time.Time // when the last record ran out; nil: there never was one
}

// Courses lists the courses by their Persian names, those that have ended last.
func Courses(ctx context.Context, r tenants.Reader) ([]Course, error) {
	var list []Course
	err := r.Select(&list).OrderExpr("course.ended_at IS NOT NULL, course.name_fa, course.id").Scan(ctx)
	return list, fault.Wrap(tenants.Err(err), "staff.Courses")
}

// CourseByID reads one course.
func CourseByID(ctx context.Context, r tenants.Reader, id int64) (*Course, error) {
	c := new(Course)
	return c, fault.Wrap(tenants.Err(r.Select(c).Where("course.id = ?", id).Scan(ctx)), "staff.CourseByID")
}

// SaveCourse writes a course, a new one when its ID is 0. Field errors: name_fa,
// name_en, effect, months.
func SaveCourse(ctx context.Context, tx *tenants.Tx, in Course, ended bool) error {
	c := &Course{ID: tenants.NewID(), CreatedAt: tx.Now()}
	if in.ID != 0 {
		if err := tx.Lock(ctx, c, "course.id = ?", in.ID); err != nil {
			return fault.Wrap(err, "staff.SaveCourse")
		}
	}
	c.NameFA, c.NameEN, c.Role, c.Effect, c.Months = persian.CleanLine(in.NameFA), persian.CleanLine(in.NameEN), in.Role, in.Effect, in.Months
	if err := c.check(); err != nil {
		return err
	}
	now := tx.Now()
	switch {
	case !ended:
		c.EndedAt = nil
	case c.EndedAt == nil:
		c.EndedAt = &now
	}
	if err := audit.Record(ctx, tx, "training:course", "training_course", c.ID, c.Effect); err != nil {
		return err
	}
	if in.ID == 0 {
		return fault.Wrap(tx.Insert(ctx, c), "staff.SaveCourse")
	}
	return fault.Wrap(tx.Update(ctx, c, "name_fa", "name_en", "role", "effect", "months", "ended_at"), "staff.SaveCourse")
}

func (c *Course) check() error {
	wrong := fault.Fields{}
	if c.NameFA == "" || len([]rune(c.NameFA)) > 120 {
		wrong.Add("name_fa", "staff.error.name")
	}
	if c.NameEN == "" || len([]rune(c.NameEN)) > 120 {
		wrong.Add("name_en", "staff.error.name")
	}
	if c.Effect != Warns && c.Effect != Blocks {
		wrong.Add("effect", "training.error.effect")
	}
	if c.Months < 0 || c.Months > 120 {
		wrong.Add("months", "training.error.months")
	}
	return wrong.Err()
}

// Train records that somebody has done a course on a day; when until is nil, the
// course says how long that holds. Field errors: course, done_on, expires_on.
func Train(ctx context.Context, tx *tenants.Tx, staffID, courseID int64, on time.Time, until *time.Time) error {
	if _, err := ByID(ctx, tx, staffID); err != nil {
		return err
	}
	c, err := CourseByID(ctx, tx, courseID)
	if fault.Is(err, fault.NotFound) || err == nil && c.EndedAt != nil {
		return fault.Field("course", "training.error.course")
	}
	if err != nil {
		return err
	}
	if on.After(tx.Now()) {
		return fault.Field("done_on", "training.error.future")
	}
	if until == nil && c.Months > 0 {
		end := on.AddDate(0, c.Months, 0)
		until = &end
	}
	if until != nil && !until.After(on) {
		return fault.Field("expires_on", "training.error.before")
	}
	row := &Training{ID: tenants.NewID(), StaffID: staffID, CourseID: courseID, DoneOn: on, ExpiresAt: until, CreatedAt: tx.Now()}
	if a := tx.Actor(); a.Kind == tenants.Staff {
		row.RecordedBy = &a.ID
	}
	if err := tx.Insert(ctx, row); err != nil {
		return fault.Wrap(err, "staff.Train")
	}
	return audit.Record(ctx, tx, "training:record", "staff", staffID, "")
}

// Untrain takes a record away that was a mistake; the row stays.
func Untrain(ctx context.Context, tx *tenants.Tx, staffID, trainingID int64) error {
	row := new(Training)
	if err := tx.Lock(ctx, row, "training.id = ? AND training.staff_id = ?", trainingID, staffID); err != nil {
		return fault.Wrap(err, "staff.Untrain")
	}
	if row.RemovedAt != nil {
		return nil
	}
	now := tx.Now()
	row.RemovedAt = &now
	if err := tx.Update(ctx, row, "removed_at"); err != nil {
		return fault.Wrap(err, "staff.Untrain")
	}
	return audit.Record(ctx, tx, "training:remove", "staff", staffID, "")
}

// Trainings lists somebody's records, the newest first.
func Trainings(ctx context.Context, r tenants.Reader, staffID int64) ([]Training, error) {
	var list []Training
	err := r.Select(&list).Where("training.staff_id = ? AND training.removed_at IS NULL", staffID).Order("training.done_on DESC", "training.id DESC").Scan(ctx)
	return list, fault.Wrap(tenants.Err(err), "staff.Trainings")
}

// Gaps lists the courses that somebody with these roles lacks: those that a role
// needs, and those whose record has run out. Two statements, or one where there
// are no courses.
func Gaps(ctx context.Context, r tenants.Reader, staffID int64, roles []string) ([]Gap, error) {
	var courses []Course
	if err := r.Select(&courses).Where("course.ended_at IS NULL").Order("course.id").Scan(ctx); err != nil || len(courses) == 0 {
		return nil, fault.Wrap(tenants.Err(err), "staff.Gaps")
	}
	records, err := Trainings(ctx, r, staffID)
	if err != nil {
		return nil, err
	}
	var gaps []Gap
	for i := range courses {
		if since, lacks := courses[i].lacked(records, roles, r.Now()); lacks {
			gaps = append(gaps, Gap{courses[i], since})
		}
	}
	return gaps, nil
}

// lacked tells whether the records leave a course open, and since when.
func (c *Course) lacked(records []Training, roles []string, now time.Time) (since *time.Time, lacks bool) {
	for i := range records {
		t := &records[i]
		if t.CourseID != c.ID {
			continue
		}
		if t.Valid(now) {
			return nil, false
		}
		if since == nil || t.ExpiresAt.After(*since) {
			since = t.ExpiresAt
		}
	}
	return since, since != nil || c.Role != "" && slices.Contains(roles, c.Role)
}

// MayRegister refuses a member of the staff who lacks a course that blocks:
// Conflict "training.blocked".
func MayRegister(ctx context.Context, r tenants.Reader, a tenants.Actor) error {
	if a.Kind != tenants.Staff {
		return nil
	}
	gaps, err := Gaps(ctx, r, a.ID, a.Roles)
	for _, g := range gaps {
		if g.Course.Effect == Blocks {
			return fault.New(fault.Conflict, "training.blocked")
		}
	}
	return err
}

// Setting implements tenants.Setting.
func (c *Course) Setting() tenants.SettingRow {
	return tenants.SettingRow{Area: tenants.AreaTraining, NameFA: c.NameFA, NameEN: c.NameEN}
}
