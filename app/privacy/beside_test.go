package privacy_test

import (
	"testing"
	"time"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/citizens"
	"pasokh/app/privacy"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

type (
	executiveRow struct {
		tenants.BaseModel `bun:"table:executives,alias:executive"`
		tenants.Owned
		ID       int64 `bun:",pk"`
		Code     string
		PostFA   string `bun:"post_fa"`
		PostEN   string `bun:"post_en"`
		NameFA   string `bun:"name_fa"`
		NameEN   string `bun:"name_en"`
		Position int
	}
	directiveRow struct {
		tenants.BaseModel `bun:"table:directives,alias:directive"`
		tenants.Owned
		ID                      int64 `bun:",pk"`
		OriginKind              string
		OriginID                int64
		ExecutiveID, UnitID     int64
		CitizenID               *int64
		Text, Priority, State   string
		Public                  bool
		IssuedAt, DueAt, DoneAt time.Time
	}
	surveyRow struct {
		tenants.BaseModel `bun:"table:directive_surveys,alias:survey"`
		tenants.Owned
		DirectiveID int64 `bun:",pk"`
		Score       int
		Text        string
		At          time.Time
	}
	takeoverRow struct {
		tenants.BaseModel `bun:"table:takeovers,alias:takeover"`
		tenants.Owned
		ID                         int64 `bun:",pk"`
		ComplaintID                int64
		Cycle                      int
		UnitID, OfficeID, StaffID  int64
		Reason, Ending, EndingNote string
		At, EndedAt                time.Time
	}
	violationRow struct {
		tenants.BaseModel `bun:"table:violations,alias:violation"`
		tenants.Owned
		ID                                    int64 `bun:",pk"`
		UnitID, ComplaintID, ReportedBy       int64
		Kind, Severity, Text, State, Hearing  string
		Decision                              string
		ReportedAt, DueAt, HeardAt, DecidedAt time.Time
	}
	waitRow struct {
		tenants.BaseModel `bun:"table:meeting_waits,alias:wait"`
		tenants.Owned
		ID                     int64 `bun:",pk"`
		Code                   string
		CitizenID, ExecutiveID int64
		State, Subject, Text   string
		Channel                string
		Position               int64
		JoinedAt, EndedAt      time.Time
	}
)

// beside writes of a case what stands in other rooms.
func beside(t *testing.T, w *dbtest.World, who tenants.Actor, citizen, id int64) {
	t.Helper()
	ctx := t.Context()
	boss := &executiveRow{ID: tenants.NewID(), Code: "boss", PostFA: "مدیرعامل", PostEN: "CEO", NameFA: "مدیر", NameEN: "Boss"}
	units, err := tenants.Units(ctx, w.DB(t))
	if err != nil {
		t.Fatal(err)
	}
	about := tenants.NewID()
	w.Write(t, who, func(tx *tenants.Tx) error {
		now, unit := tx.Now(), units[0].ID
		for _, row := range []any{
			boss,
			&directiveRow{ID: about, OriginKind: "complaint", OriginID: id, ExecutiveID: boss.ID, UnitID: unit, CitizenID: &citizen, Text: "رسیدگی شود", Priority: "normal", State: "done", IssuedAt: now, DueAt: now, DoneAt: now},
			&surveyRow{DirectiveID: about, Score: 2, Text: canary, At: now},
			&takeoverRow{ID: tenants.NewID(), ComplaintID: id, UnitID: unit, OfficeID: units[1].ID, StaffID: who.ID, Reason: canary, Ending: "given_back", EndingNote: canary, At: now, EndedAt: now},
			&violationRow{ID: tenants.NewID(), UnitID: unit, ComplaintID: id, ReportedBy: who.ID, Kind: "neglect", Severity: "minor", Text: canary, State: "decided", Hearing: canary, Decision: "dismissed", ReportedAt: now, DueAt: now, HeardAt: now, DecidedAt: now},
			&waitRow{ID: tenants.NewID(), Code: "W1", CitizenID: citizen, ExecutiveID: boss.ID, State: "left", Subject: canary, Text: canary, Channel: "web", Position: 1, JoinedAt: now, EndedAt: now},
		} {
			if err := tx.Insert(ctx, row); err != nil {
				return err
			}
		}
		return nil
	})
	w.Write(t, tenants.Actor{Kind: tenants.Citizen, ID: citizen, Name: canary}, func(tx *tenants.Tx) error {
		return timeline.Append(ctx, tx, &timeline.Event{SubjectKind: "directive", SubjectID: about, Kind: "directive.objected", Text: canary})
	})
	if err := w.Try(t, who, func(tx *tenants.Tx) error {
		_, err := tx.Set(ctx, (*timeline.Event)(nil), "text = ''", nil, "subject_kind = 'directive' AND subject_id = ?", about)
		return err
	}); err == nil {
		t.Error("an event of a directive was blanked before its time")
	}
}

func TestWhatStandsBesideACaseGoesWithIt(t *testing.T) {
	w := dbtest.New(t)
	who := office(t, w)
	citizen, id := person(t, w, "09121112233", "0012345679", true)
	beside(t, w, who, citizen, id)
	w.Write(t, who, func(tx *tenants.Tx) error {
		return citizens.Erase(t.Context(), tx, citizen, "به درخواست خودشان")
	})
	noCanary(t, w, canary)
}

func TestWhatStandsBesideACaseAgesWithIt(t *testing.T) {
	w := dbtest.New(t)
	who := office(t, w)
	citizen, id := person(t, w, "09121112233", "0012345679", true)
	beside(t, w, who, citizen, id)
	w.Clock.Advance(30 * 365 * 24 * time.Hour)
	db := w.Root.For(w.A)
	defer db.Release()
	if done, err := privacy.Retain(t.Context(), db); err != nil || done == nil || done.Counts[privacy.People] != 1 {
		t.Fatalf("%+v, %v", done, err)
	}
	db.Release()
	noCanary(t, w, canary)
}
