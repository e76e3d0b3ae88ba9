package privacy_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/privacy"
	"pasokh/app/staff"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

const canary = "شناسه‌قناری"

func office(t *testing.T, w *dbtest.World) tenants.Actor {
	t.Helper()
	s, err := staff.ByUserName(t.Context(), w.DB(t), "manager")
	if fault.Is(err, fault.NotFound) {
		w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
			s = &staff.Staff{ID: tenants.NewID(), UserName: "manager", NameFA: "مدیر", NameEN: "Manager", CreatedAt: tx.Now()}
			return tx.Insert(t.Context(), s)
		})
	} else if err != nil {
		t.Fatal(err)
	}
	return tenants.Actor{Kind: tenants.Staff, ID: s.ID, Name: "مدیر", SeesAll: true}
}

// person files a case of somebody; closed says whether it is over.
func person(t *testing.T, w *dbtest.World, mobile, national string, closed bool) (citizen, id int64) {
	t.Helper()
	ctx := t.Context()
	who := office(t, w)
	w.Write(t, who, func(tx *tenants.Tx) error {
		c, err := citizens.Ensure(ctx, tx, citizens.Identity{Mobile: mobile, NationalID: national, Name: canary + " نام", Verified: true})
		if err != nil {
			return err
		}
		topics, err := tenants.Topics(ctx, tx)
		if err != nil {
			return err
		}
		got, err := complaints.Register(ctx, tx, complaints.Registration{
			Kind: complaints.KindRequest, Channel: "phone", CitizenID: &c.ID, TopicID: topics[0].ID, Text: canary + " گودال جلوی در مانده است",
			Place: complaints.Place{Address: canary + " کوچه"},
		})
		if err != nil {
			return err
		}
		citizen, id = c.ID, got.Complaint.ID
		if !closed {
			return nil
		}
		if err := timeline.Append(ctx, tx, &timeline.Event{SubjectKind: "complaint", SubjectID: id, Kind: "complaint.noted", Text: canary}); err != nil {
			return err
		}
		_, err = tx.Set(ctx, (*complaints.Complaint)(nil), "state = 'closed', closed_at = ?, fact = 'withdrawn', outcome = 'withdrawn', result = ?, next_clock_at = NULL",
			[]any{tx.Now(), canary}, "id = ?", id)
		return err
	})
	return citizen, id
}

func noCanary(t *testing.T, w *dbtest.World, what string) {
	t.Helper()
	for table, rows := range w.Dump(t) {
		if strings.HasPrefix(table, "pasokh.db") {
			continue // pages that are free keep old bytes until they are used again
		}
		if strings.Contains(rows, what) {
			t.Errorf("%s still says %q", table, what)
		}
	}
}

func TestErasureIsJudged(t *testing.T) {
	w := dbtest.New(t)
	ctx, who := t.Context(), office(t, w)
	citizen, open := person(t, w, "09121112233", "0012345679", false)
	me := tenants.Actor{Kind: tenants.Citizen, ID: citizen}
	var q *privacy.Request
	ask := func(tx *tenants.Tx) error {
		asked, err := privacy.Ask(ctx, tx, citizen)
		if err == nil {
			q = asked
		}
		return err
	}
	w.Write(t, me, ask)
	if err := w.Try(t, me, ask); !fault.Is(err, fault.Conflict) {
		t.Error("asked twice:", err)
	}
	if list, _, err := privacy.Requests(ctx, w.DB(t), true, 0); err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	approve := func(tx *tenants.Tx) error { return privacy.Approve(ctx, tx, q.ID) }
	if err := w.Try(t, who, approve); err == nil || fault.As(err).Key != "citizen.erase.open" {
		t.Error("with an open case:", err)
	}
	for _, bad := range []struct{ ground, reason string }{{"", "دلیل روشن و کافی"}, {"hold", "کوتاه"}} {
		if err := w.Try(t, who, func(tx *tenants.Tx) error {
			return privacy.Refuse(ctx, tx, q.ID, privacy.Ground(bad.ground), bad.reason)
		}); !fault.Is(err, fault.Invalid) {
			t.Error(bad, err)
		}
	}
	w.Write(t, who, func(tx *tenants.Tx) error {
		return privacy.Refuse(ctx, tx, q.ID, privacy.OpenCase, "پرونده شما هنوز در دست رسیدگی است")
	})
	if err := w.Try(t, who, approve); !fault.Is(err, fault.Conflict) {
		t.Error("decided twice:", err)
	}
	w.Write(t, who, func(tx *tenants.Tx) error {
		_, err := tx.Set(ctx, (*complaints.Complaint)(nil), "state = 'closed', closed_at = ?, fact = 'withdrawn', result = 'x', next_clock_at = NULL", []any{tx.Now()}, "id = ?", open)
		return err
	})
	w.Write(t, me, ask)
	c, err := complaints.Plain(ctx, w.DB(t), open)
	if err != nil {
		t.Fatal(err)
	}
	var h *privacy.LegalHold
	w.Write(t, who, func(tx *tenants.Tx) (err error) {
		h, err = privacy.Place(ctx, tx, privacy.HoldsCase, c.Code, "به درخواست دادگاه نگه داشته می‌شود")
		return err
	})
	if err := w.Try(t, who, approve); err == nil || fault.As(err).Key != "citizen.erase.held" {
		t.Error("held:", err)
	}
	w.Write(t, who, func(tx *tenants.Tx) error {
		return privacy.Lift(ctx, tx, h.ID, "دادگاه پایان یافت و نیازی نیست")
	})
	w.Write(t, who, approve)
	noCanary(t, w, canary)
	db := w.For(t, w.A)
	gone, err := citizens.ByID(ctx, db, citizen)
	if err != nil || gone.ErasedAt == nil || !strings.Contains(gone.Name, "پاک‌شده") || gone.SubjectKey != "" {
		t.Error(gone, err)
	}
	for _, typed := range []string{"09121112233", "0012345679"} {
		if found, _ := citizens.Find(ctx, db, typed); len(found) > 0 {
			t.Error(typed, "still finds somebody")
		}
	}
	done, err := privacy.ByID(ctx, db, q.ID)
	if err != nil || done.Mobile != "+989121112233" {
		t.Error("nobody can be told:", done, err)
	}
	w.Write(t, who, func(tx *tenants.Tx) error { return privacy.Told(ctx, tx, q.ID) })
	if done, _ = privacy.ByID(ctx, w.For(t, w.A), q.ID); done.Mobile != "" {
		t.Error("the number stayed")
	}
}

// Ten years, in which cases come and are closed: nothing is taken early, nothing
// late, what is held stays, and the certificates are proven.
func TestTenYears(t *testing.T) {
	w := dbtest.New(t)
	ctx, who := t.Context(), office(t, w)
	closedAt, held := map[int64]time.Time{}, map[int64]bool{}
	for year := range 5 {
		_, id := person(t, w, fmt.Sprintf("0912111%04d", year), "", true)
		closedAt[id] = w.Clock.Now()
		if year == 1 {
			c, err := complaints.Plain(ctx, w.For(t, w.A), id)
			if err != nil {
				t.Fatal(err)
			}
			held[id] = true
			w.Write(t, who, func(tx *tenants.Tx) error {
				_, err := privacy.Place(ctx, tx, privacy.HoldsPerson, c.Code, "به درخواست دادگاه نگه داشته می‌شود")
				return err
			})
		}
		w.Clock.Advance(90 * 24 * time.Hour)
	}
	w.Write(t, who, func(tx *tenants.Tx) error {
		return privacy.SetPeriods(ctx, tx, privacy.Periods{privacy.Cases: 36, privacy.Meetings: 36, privacy.Attachments: 24, privacy.Messages: 12, privacy.Inbound: 12})
	})
	for w.Clock.Now().Before(dbtest.Start.AddDate(10, 0, 0)) {
		db := w.Root.For(w.A)
		if _, err := privacy.Retain(ctx, db); err != nil {
			t.Fatal(err)
		}
		for id, at := range closedAt {
			c, err := complaints.Plain(ctx, db, id)
			if err != nil {
				t.Fatal(err)
			}
			due := !at.After(w.Clock.Now().AddDate(0, -36, 0)) && !held[id]
			if gone := !strings.Contains(c.Text, canary); gone != due {
				t.Fatalf("closed %s, now %s: gone is %v", at, w.Clock.Now(), gone)
			}
		}
		db.Release()
		w.Clock.Advance(45 * 24 * time.Hour)
	}
	db := w.For(t, w.A)
	list, _, err := privacy.Certificates(ctx, db, 0)
	if err != nil || len(list) == 0 {
		t.Fatal(list, err)
	}
	cases, people := int64(0), int64(0)
	for i := range list {
		if ok, err := list[i].Proven(ctx, db); !ok || err != nil {
			t.Errorf("certificate %d is not proven: %v", list[i].Number, err)
		}
		cases, people = cases+list[i].Counts[privacy.Cases], people+list[i].Counts[privacy.People]
	}
	if cases != 4 || people != 4 || list[0].Held[privacy.Cases] != 1 {
		t.Errorf("%d cases, %d people, held %v", cases, people, list[0].Held)
	}
	for name, act := range map[string]func(tx *tenants.Tx) error{
		"certificate changed": func(tx *tenants.Tx) error {
			_, err := tx.Set(ctx, (*privacy.Run)(nil), "number = 99", nil, "number = 1")
			return err
		},
		"certificate deleted": func(tx *tenants.Tx) error {
			_, err := tx.Delete(ctx, (*privacy.Run)(nil), "number = 1")
			return err
		},
		"rules deleted": func(tx *tenants.Tx) error {
			_, err := tx.Delete(ctx, (*privacy.Rules)(nil), "version = 1")
			return err
		},
		"event of a held case": func(tx *tenants.Tx) error {
			for id := range held {
				if _, err := tx.Set(ctx, (*timeline.Event)(nil), "text = ''", nil, "subject_id = ?", id); err != nil {
					return err
				}
			}
			return nil
		},
		"event rewritten": func(tx *tenants.Tx) error {
			_, err := tx.Set(ctx, (*timeline.Event)(nil), "text = 'x'", nil, "subject_kind = 'complaint'")
			return err
		},
	} {
		if err := w.Try(t, tenants.SystemActor(), act); err == nil {
			t.Error(name)
		}
	}
	for table, rows := range w.Dump(t) { // certificates and the audit name nobody
		if (table == "retention_runs" || table == "audit_entries" || table == "erasures") && strings.Contains(rows, canary) {
			t.Error(table, "names somebody")
		}
	}
}

func TestPeriodsHaveBounds(t *testing.T) {
	good := privacy.Periods{privacy.Cases: 60, privacy.Meetings: 60, privacy.Attachments: 36, privacy.Messages: 12, privacy.Inbound: 12}
	if err := privacy.Check(good); err != nil {
		t.Error(err)
	}
	for class, n := range map[privacy.Class]int{privacy.Cases: 23, privacy.Meetings: 241, privacy.Attachments: 61, privacy.Messages: 0, privacy.Inbound: -1} {
		bad := privacy.Periods{}
		for c, n := range good {
			bad[c] = n
		}
		bad[class] = n
		if err := privacy.Check(bad); fault.As(err).Fields[string(class)] == "" {
			t.Errorf("%s %d: %v", class, n, err)
		}
	}
}
