package web

import (
	"time"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/staff"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

const trainingPath = "/desk/organization/training"

// training lists the courses, and the records that run out.
func (w *web) training(r *req) error {
	courses, err := staff.Courses(r.ctx, r.db)
	if err != nil {
		return err
	}
	running, err := staff.RunningOut(r.ctx, r.db)
	if err != nil {
		return err
	}
	m := &views.Training{Courses: courses, Words: map[string]string{}, Edit: r.can("staff:edit"), Now: r.now()}
	for i := range courses {
		if role := courses[i].Role; role != "" {
			m.Words[role] = r.roleWord(role)
		}
	}
	for i := range running {
		t := &running[i]
		m.Running = append(m.Running, views.RunningLine{
			Href: peoplePath + "/" + idText(t.StaffID), Name: r.in(t.StaffNameFA, t.StaffNameEN), User: t.UserName,
			Course: r.in(t.CourseNameFA, t.CourseNameEN), Until: t.ExpiresAt,
		})
	}
	p := r.frame("training.title")
	return r.page(parts.Desk, p, views.TrainingPage(p, m))
}

func (w *web) courseNew(r *req) error {
	return r.coursePage(staff.Course{Effect: staff.Warns, Months: 12}, "12", nil)
}

func (w *web) courseForm(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	c, err := staff.CourseByID(r.ctx, r.db, id)
	if err != nil {
		return err
	}
	return r.coursePage(*c, messages.Number(r.ctx, c.Months), nil)
}

func (r *req) coursePage(c staff.Course, months string, cause error) error {
	m := &views.CourseForm{Course: c, Months: months, Action: trainingPath, Errors: views.ErrorsOf(cause)}
	title := "training.new"
	if c.ID != 0 {
		m.Action, title = trainingPath+"/"+idText(c.ID), "training.edit"
	}
	m.Roles = choose(r.roles(), c.Role, func(role string) (string, string) { return role, r.roleWord(role) })
	p := r.frame(title)
	if cause != nil {
		return r.again(cause, parts.Desk, p, views.CoursePage(p, m))
	}
	return r.page(parts.Desk, p, views.CoursePage(p, m))
}

func (w *web) courseCreate(r *req) error { return r.saveCourse(0) }

func (w *web) courseSave(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	if _, err := staff.CourseByID(r.ctx, r.db, id); err != nil {
		return err
	}
	return r.saveCourse(id)
}

func (r *req) saveCourse(id int64) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	c := staff.Course{ID: id, NameFA: f.text("name_fa"), NameEN: f.text("name_en"), Role: f.text("role"), Effect: f.text("effect")}
	if !r.w.Book.HasRole(r.tenant.ID, c.Role) {
		c.Role = ""
	}
	var ok bool
	if c.Months, ok = f.number("months"); !ok {
		c.Months = -1
	}
	err = r.write(func(tx *tenants.Tx) error { return staff.SaveCourse(r.ctx, tx, c, f.yes("ended")) })
	if fault.Is(err, fault.Invalid) {
		if f.yes("ended") {
			now := r.now()
			c.EndedAt = &now
		}
		return r.coursePage(c, f.text("months"), err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "org.saved")
	return r.done(trainingPath)
}

// personTrainingCreate records that somebody has done a course.
func (w *web) personTrainingCreate(r *req) error {
	return r.personAct("training", "training.recorded", func(tx *tenants.Tx, id int64, t views.PersonTyped) error {
		if _, err := staff.ByID(r.ctx, tx, id); err != nil {
			return err
		}
		wrong := fault.Fields{}
		on, until := trainingDay(t.DoneOn, "done_on", wrong), trainingDay(t.ExpiresOn, "expires_on", wrong)
		if on == nil && wrong["done_on"] == "" {
			wrong.Add("done_on", "training.error.day")
		}
		if err := wrong.Err(); err != nil {
			return err
		}
		return staff.Train(r.ctx, tx, id, number(t.Course), *on, until)
	})
}

// trainingDay is the beginning of a day as typed; nil when none was.
func trainingDay(typed, field string, wrong fault.Fields) *time.Time {
	if typed == "" {
		return nil
	}
	d, err := persian.ParseDate(typed)
	if err != nil {
		wrong.Add(field, "training.error.day")
		return nil
	}
	at := d.Time(0, 0, persian.Tehran)
	return &at
}
