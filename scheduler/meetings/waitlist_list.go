package meetings

import (
	"context"
	"time"

	"pasokh/app/citizens"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
)

// ListedWait is a place in the line with what a page shows beside it.
type ListedWait struct {
	Wait          `bun:",extend"`
	CitizenName   string     `bun:"citizen_name,scanonly" sealed:"citizens.name,row=CitizenID"`
	CitizenMobile string     `bun:"citizen_mobile,scanonly" sealed:"citizens.mobile,row=CitizenID"` // E.164
	PostFA        string     `bun:"post_fa,scanonly"`                                               // of the executive
	PostEN        string     `bun:"post_en,scanonly"`
	NameFA        string     `bun:"name_fa,scanonly"`
	NameEN        string     `bun:"name_en,scanonly"`
	StartsAt      *time.Time `bun:"starts_at,scanonly"` // of the seat offered, else of the session waited for
	SiteFA        string     `bun:"site_fa,scanonly"`
	SiteEN        string     `bun:"site_en,scanonly"`
}

func listedWaits(r tenants.Reader, into any) *tenants.Query {
	return r.Select(into).ColumnExpr("wait.*").
		ColumnExpr(tenants.SubjectColumn("citizen", "name")+" AS citizen_name, "+tenants.SubjectColumn("citizen", "mobile_sealed")+" AS citizen_mobile").
		ColumnExpr("executive.post_fa AS post_fa, executive.post_en AS post_en, COALESCE(term.name_fa, executive.name_fa) AS name_fa, COALESCE(term.name_en, executive.name_en) AS name_en").
		ColumnExpr("COALESCE(slot.starts_at, session.starts_at) AS starts_at").
		ColumnExpr("COALESCE(session.site_fa, '') AS site_fa, COALESCE(session.site_en, '') AS site_en").
		Join("JOIN ? ON citizen.id = wait.citizen_id", r.From((*citizens.Citizen)(nil))).
		Join("JOIN ? ON executive.id = wait.executive_id", r.From((*directives.Executive)(nil))).
		Join("LEFT JOIN ? ON term.executive_id = wait.executive_id AND term.kind = 'holder' AND term.from_at <= ? AND (term.until_at IS NULL OR term.until_at > ?)", r.From((*directives.Term)(nil)), r.Now(), r.Now()).
		Join("LEFT JOIN ? ON session.id = COALESCE(wait.offered_session_id, wait.session_id)", r.From((*Session)(nil))).
		Join("LEFT JOIN ? ON slot.session_id = wait.offered_session_id AND slot.number = wait.offered_slot", r.From((*Slot)(nil)))
}

// WaitByID reads one place in the line.
func WaitByID(ctx context.Context, r tenants.Reader, id int64) (*ListedWait, error) {
	w := new(ListedWait)
	return w, tenants.Err(listedWaits(r, w).Where("wait.id = ?", id).Scan(ctx))
}

// WaitByCode reads one place in the line by its canonical tracking code.
func WaitByCode(ctx context.Context, r tenants.Reader, code string) (*ListedWait, error) {
	w := new(ListedWait)
	return w, tenants.Err(listedWaits(r, w).Where("wait.code = ?", code).Scan(ctx))
}

// WaitsOfMobile lists the live places of a mobile number (E.164), newest first.
func WaitsOfMobile(ctx context.Context, r tenants.Reader, mobile string) ([]ListedWait, error) {
	var list []ListedWait
	err := listedWaits(r, &list).Where("citizen.mobile = ? AND wait.state IN (?)", r.Blind("mobile", mobile), tenants.In(liveWaits)).
		Order("wait.id DESC").Limit(50).Scan(ctx)
	return list, tenants.Err(err)
}

// Line lists a page of those who wait for an executive (0 = all), the first one
// first, and tells whether more follow.
func Line(ctx context.Context, r tenants.Reader, executiveID, after int64, limit int) ([]ListedWait, bool, error) {
	var list []ListedWait
	q := listedWaits(r, &list).Where("wait.state IN (?)", tenants.In([]WaitState{WaitWaiting, WaitOffered}))
	if executiveID != 0 {
		q.Where("wait.executive_id = ?", executiveID)
	}
	if after != 0 {
		q.Where("(wait.position, wait.id) > (?)", r.Select((*Wait)(nil)).Column("position", "id").Where("wait.id = ?", after))
	}
	err := q.Order("wait.position", "wait.id").Limit(int64(limit) + 1).Scan(ctx)
	if err != nil || len(list) <= limit {
		return list, false, tenants.Err(err)
	}
	return list[:limit], true, nil
}

// Ahead counts those who stand before somebody in the line.
func Ahead(ctx context.Context, r tenants.Reader, w *Wait) (int, error) {
	n, err := r.Select((*Wait)(nil)).Where("wait.executive_id = ? AND wait.state IN (?)", w.ExecutiveID, tenants.In([]WaitState{WaitWaiting, WaitOffered})).
		Where("wait.position < ?", w.Position).Count(ctx)
	return int(n), tenants.Err(err)
}
