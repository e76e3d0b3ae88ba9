package settings

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// The limits of a report, in letters, and of those that are open at a time.
const (
	ProblemText  = 1000
	problemPage  = 200
	openProblems = 500
)

// Problem is what somebody says does not work, while the organization is on
// trial. Who wrote it is kept of staff only.
type Problem struct {
	tenants.BaseModel `bun:"table:problem_reports,alias:problem"`
	tenants.Owned
	ID        int64  `bun:",pk"`
	Page      string // the address it was reported from
	Text      string `sealed:"problem_reports.text"`
	StaffID   *int64 // nil: a citizen
	CreatedAt time.Time
	ClosedAt  *time.Time
	ClosedBy  *int64
}

// OnTrial tells whether problems can be reported: while the organization is a
// pilot.
func OnTrial(t *tenants.Tenant) bool { return t.Standing() == tenants.StatusPilot && !t.IsPlatform() }

// ReportProblem keeps a report. NotFound when the organization is not on trial;
// field error: text.
func ReportProblem(ctx context.Context, tx *tenants.Tx, page, text string) error {
	if !OnTrial(tx.Tenant()) {
		return fault.New(fault.NotFound, "error.not_found")
	}
	text = persian.Clean(text)
	if n := utf8.RuneCountInString(text); n < 5 || n > ProblemText {
		return fault.Field("text", "problem_report.error.text")
	}
	open, err := tx.Select((*Problem)(nil)).Where("problem.closed_at IS NULL").Limit(openProblems + 1).Count(ctx)
	if err != nil {
		return fault.Wrap(tenants.Err(err), "settings.ReportProblem")
	}
	if open >= openProblems {
		return fault.Field("text", "problem_report.error.many")
	}
	p := &Problem{ID: tenants.NewID(), Page: pageOf(page), Text: text, CreatedAt: tx.Now()}
	if a := tx.Actor(); a.Kind == tenants.Staff {
		p.StaffID = &a.ID
	}
	return fault.Wrap(tx.Insert(ctx, p), "settings.ReportProblem")
}

// pageOf keeps the path of an address of ours, and nothing of another or of what
// stands behind it.
func pageOf(page string) string {
	page, _, _ = strings.Cut(page, "?")
	if !strings.HasPrefix(page, "/") || strings.HasPrefix(page, "//") || len(page) > problemPage {
		return ""
	}
	return persian.CleanLine(page)
}

// Problems gives one page of the reports, the newest first: those that are open,
// or those that are closed, before the one given; and whether there are more.
func Problems(ctx context.Context, r tenants.Reader, closed bool, before int64) ([]Problem, bool, error) {
	var list []Problem
	q := r.Select(&list).Where("problem.closed_at IS NULL")
	if closed {
		q = r.Select(&list).Where("problem.closed_at IS NOT NULL")
	}
	if before != 0 {
		q = q.Where("problem.id < ?", before)
	}
	err := q.Order("problem.id DESC").Limit(PageSize + 1).Scan(ctx)
	if len(list) > PageSize {
		return list[:PageSize], true, fault.Wrap(tenants.Err(err), "settings.Problems")
	}
	return list, false, fault.Wrap(tenants.Err(err), "settings.Problems")
}

// CloseProblem says that a report was seen to. Conflict when it was already.
func CloseProblem(ctx context.Context, tx *tenants.Tx, id int64) error {
	p := new(Problem)
	if err := tx.Lock(ctx, p, "problem.id = ?", id); err != nil {
		return fault.Wrap(err, "settings.CloseProblem")
	}
	if p.ClosedAt != nil {
		return fault.New(fault.Conflict, "problem_report.conflict.closed")
	}
	at, by := tx.Now(), tx.Actor().ID
	p.ClosedAt, p.ClosedBy = &at, &by
	if err := tx.Update(ctx, p, "closed_at", "closed_by"); err != nil {
		return fault.Wrap(err, "settings.CloseProblem")
	}
	return audit.Record(ctx, tx, "problem_report:close", "problem_report", id, "")
}
