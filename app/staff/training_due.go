package staff

import (
	"context"
	"time"

	"pasokh/app/fault"
	"pasokh/tenants"
)

// TrainingNotice is how long before its end a record is told of.
const TrainingNotice = 30 * 24 * time.Hour

// KindTrainingDue is the outbox kind of telling that a record will run out, or
// has; its payload is TrainingDue.
const KindTrainingDue = "staff.training_due"

// TrainingDue is the payload of KindTrainingDue.
type TrainingDue struct {
	TrainingID int64 `json:"training_id"`
	Over       bool  `json:"over"`
}

// Running is a record near its end with whose it is.
type Running struct {
	tenants.BaseModel `bun:"table:staff_trainings,alias:training"`
	tenants.Owned
	ID           int64 `bun:",pk"`
	StaffID      int64
	CourseID     int64
	ExpiresAt    time.Time
	WarnedAt     *time.Time
	ToldAt       *time.Time
	UserName     string
	StaffNameFA  string `bun:"staff_name_fa"`
	StaffNameEN  string `bun:"staff_name_en"`
	CourseNameFA string `bun:"course_name_fa"`
	CourseNameEN string `bun:"course_name_en"`
}

// runningPage is how many records the list of what runs out shows.
const runningPage = 200

// RunningOut lists the records of people in use that have run out within the
// last 30 days or will within the next 30, the soonest first, and leaves out
// those that a later record has replaced. One statement.
func RunningOut(ctx context.Context, r tenants.Reader) ([]Running, error) {
	var list []Running
	now := r.Now()
	err := r.Select(&list).
		ColumnExpr("training.id, training.staff_id, training.course_id, training.expires_at, training.warned_at, training.told_at").
		ColumnExpr("staff.user_name, staff.name_fa AS staff_name_fa, staff.name_en AS staff_name_en, course.name_fa AS course_name_fa, course.name_en AS course_name_en").
		Join("JOIN ? ON staff.id = training.staff_id AND staff.disabled_at IS NULL", r.From((*Staff)(nil))).
		Join("JOIN ? ON course.id = training.course_id AND course.ended_at IS NULL", r.From((*Course)(nil))).
		Where("training.removed_at IS NULL AND training.expires_at > ? AND training.expires_at <= ?", now.Add(-TrainingNotice), now.Add(TrainingNotice)).
		Where("NOT EXISTS (SELECT 1 FROM ? WHERE later.staff_id = training.staff_id AND later.course_id = training.course_id AND later.removed_at IS NULL AND (later.expires_at IS NULL OR later.expires_at > training.expires_at))", r.From((*laterTraining)(nil))).
		Order("training.expires_at", "training.id").Limit(runningPage).Scan(ctx)
	return list, fault.Wrap(tenants.Err(err), "staff.RunningOut")
}

// laterTraining names the table a second time, for what replaces a record.
type laterTraining struct {
	tenants.BaseModel `bun:"table:staff_trainings,alias:later"`
	tenants.Owned
}

// TellTrainings notes, once for each record, that it will run out within 30 days
// and that it has.
func TellTrainings(ctx context.Context, tx *tenants.Tx) (int, error) {
	list, err := RunningOut(ctx, tx)
	if err != nil {
		return 0, err
	}
	told, now := 0, tx.Now()
	for i := range list {
		t := &list[i]
		over, column := !now.Before(t.ExpiresAt), "warned_at"
		if over && t.ToldAt != nil || !over && t.WarnedAt != nil {
			continue
		}
		if over {
			column = "told_at"
		}
		n, err := tx.Set(ctx, (*Training)(nil), column+" = ?", []any{now}, "id = ? AND "+column+" IS NULL", t.ID)
		if err != nil {
			return told, fault.Wrap(err, "staff.TellTrainings")
		}
		if n == 0 {
			continue
		}
		if err := tx.Enqueue(ctx, KindTrainingDue, TrainingDue{TrainingID: t.ID, Over: over}); err != nil {
			return told, err
		}
		told++
	}
	return told, nil
}

// TrainingByID reads one record with its course.
func TrainingByID(ctx context.Context, r tenants.Reader, id int64) (*Training, *Course, error) {
	t := new(Training)
	if err := r.Select(t).Where("training.id = ?", id).Scan(ctx); err != nil {
		return nil, nil, fault.Wrap(tenants.Err(err), "staff.TrainingByID")
	}
	c, err := CourseByID(ctx, r, t.CourseID)
	return t, c, err
}
