package privacy_test

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/privacy"
	"pasokh/tenants"
)

// Two rows of one person are joined: the wish goes along, and a restored backup
// joins them again instead of destroying what the first row had.
func TestAJoinIsNoErasure(t *testing.T) {
	w := dbtest.New(t)
	ctx := t.Context()
	from, _ := person(t, w, "09121112233", "0012345679", true)
	to, _ := person(t, w, "09129990000", "0012345679", true)
	w.Write(t, tenants.Actor{Kind: tenants.Citizen, ID: from}, func(tx *tenants.Tx) error { _, err := privacy.Ask(ctx, tx, from); return err })
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		_, err := citizens.ChangeMobile(ctx, tx, citizens.Moving{Old: "+989121112233", New: "+989129990000"})
		return err
	})
	open, _, err := privacy.Requests(ctx, w.For(t, w.A), true, 0)
	if err != nil || len(open) != 1 || open[0].CitizenID != to {
		t.Errorf("the wish is whose? %+v, %v", open, err)
	}
	list, err := citizens.Erasures(ctx, w.For(t, w.A))
	if err != nil || len(list) != 1 || list[0].Joined() != to {
		t.Fatalf("%+v, %v", list, err)
	}
	ledger := privacy.NewLedger(filepath.Join(t.TempDir(), "erasures.log"))
	plain := list[0]
	plain.Reason = "as it was written before"
	for _, line := range [][]citizens.Erasure{{plain}, list, list} { // the later line of a person says what was meant
		if err := ledger.Append(line); err != nil {
			t.Fatal(err)
		}
	}
	read, err := ledger.Read()
	if got := read[w.A.ID]; err != nil || len(got) != 1 || got[0].Joined() != to {
		t.Errorf("the ledger says %+v, %v", got, err)
	}
}

func TestAJoinIsReplayed(t *testing.T) {
	for name, c := range map[string]struct {
		erased, unknown, stays, moves bool
	}{
		"the other row stands":              {stays: true, moves: true},
		"the person was erased since":       {erased: true, moves: true},
		"the other row is younger":          {unknown: true, stays: true},
		"younger, and erased since as well": {unknown: true, erased: true},
	} {
		t.Run(name, func(t *testing.T) {
			w := dbtest.New(t)
			ctx := t.Context()
			from, id := person(t, w, "09121112233", "0012345679", true)
			to, _ := person(t, w, "09129990000", "0012345679", true)
			if c.unknown {
				to = tenants.NewID()
			}
			list := []citizens.Erasure{{CitizenID: from, Reason: citizens.JoinedReason(to), At: w.Clock.Now()}}
			if c.erased {
				list = append(list, citizens.Erasure{CitizenID: to, Reason: "replay", At: w.Clock.Now()})
			}
			w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error { _, err := citizens.Replay(ctx, tx, list); return err })
			got, err := complaints.Plain(ctx, w.For(t, w.A), id)
			if err != nil {
				t.Fatal(err)
			}
			if stays := strings.Contains(got.Text, canary); stays != c.stays {
				t.Errorf("the words stay: %v", stays)
			}
			if moves := *got.CitizenID == to; moves != c.moves {
				t.Errorf("the case moves: %v", moves)
			}
		})
	}
}

// A hold on the whole organization keeps everything, one on a person what came
// from them.
func TestHoldsKeepFromRetention(t *testing.T) {
	w := dbtest.New(t)
	ctx, who := t.Context(), office(t, w)
	citizen, id := person(t, w, "09121112233", "0012345679", true)
	other, _ := person(t, w, "09121114455", "", true)
	kept, err := complaints.Plain(ctx, w.DB(t), id)
	if err != nil {
		t.Fatal(err)
	}
	came(t, w, "+989121112233", "+989121114455")
	w.Write(t, who, func(tx *tenants.Tx) error {
		_, err := privacy.Place(ctx, tx, privacy.HoldsPerson, kept.Code, "به درخواست دادگاه نگه داشته می‌شود")
		return err
	})
	hold := func(reason string) {
		t.Helper()
		if err := w.Root.UnscopedHold(ctx, w.A.ID, reason); err != nil {
			t.Fatal(err)
		}
	}
	hold("به درخواست دادگاه")
	w.Clock.Advance(20 * 365 * 24 * time.Hour)
	run := func() *privacy.Run {
		t.Helper()
		db := w.Root.For(w.A)
		defer db.Release()
		done, err := privacy.Retain(ctx, db)
		if err != nil {
			t.Fatal(err)
		}
		return done
	}
	if done := run(); done != nil {
		t.Errorf("something was taken of an organization under a hold: %v", done.Counts)
	}
	erase := func(tx *tenants.Tx) error { return citizens.Erase(ctx, tx, other, "به درخواست") }
	if err := w.Try(t, who, erase); fault.As(err).Key != "citizen.erase.held_whole" {
		t.Errorf("erased under a hold: %v", err)
	}
	hold("")
	if done := run(); done == nil || done.Counts[privacy.Inbound] != 2 || done.Held[privacy.Inbound] != 2 {
		t.Errorf("%+v", done)
	}
	for _, row := range calls(t, w) {
		if row.Caller != "" && row.Caller != "+989121112233" {
			t.Errorf("%s was kept", row.Caller)
		}
	}
	_ = citizen
}

type (
	doorRow struct {
		tenants.BaseModel `bun:"table:inbound_doors,alias:door"`
		tenants.Owned
		ID                   int64 `bun:",pk"`
		Kind                 string
		Settings             map[string]string `bun:"type:jsonb"`
		CreatedAt, UpdatedAt time.Time
	}
	callRow struct {
		tenants.BaseModel `bun:"table:inbound_calls,alias:ring"`
		tenants.Owned
		ID           int64 `bun:",pk"`
		DoorID       int64
		Key          string
		Caller       string `sealed:"inbound_calls.caller,blind=caller"`
		CallerSealed string
		At           time.Time
	}
	cameRow struct {
		tenants.BaseModel `bun:"table:inbound_messages,alias:came"`
		tenants.Owned
		ID                int64 `bun:",pk"`
		DoorID            int64
		Kind, Key         string
		Sender            string `sealed:"inbound_messages.sender,blind=sender"`
		SenderSealed      string
		Text              string `sealed:"inbound_messages.text"`
		State             string
		SentAt, CreatedAt time.Time
	}
)

// came has each of the numbers call and write once.
func came(t *testing.T, w *dbtest.World, numbers ...string) {
	t.Helper()
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		now := tx.Now()
		door := &doorRow{ID: tenants.NewID(), Kind: "voicemail", Settings: map[string]string{}, CreatedAt: now, UpdatedAt: now}
		if err := tx.Insert(t.Context(), door); err != nil {
			return err
		}
		for _, n := range numbers {
			if err := tx.Insert(t.Context(), &callRow{ID: tenants.NewID(), DoorID: door.ID, Key: n, Caller: n, At: now}); err != nil {
				return err
			}
			m := &cameRow{ID: tenants.NewID(), DoorID: door.ID, Kind: "sms", Key: n, Sender: n, Text: "سلام", State: "done", SentAt: now, CreatedAt: now}
			if err := tx.Insert(t.Context(), m); err != nil {
				return err
			}
		}
		return nil
	})
}

func calls(t *testing.T, w *dbtest.World) (list []callRow) {
	t.Helper()
	if err := w.For(t, w.A).Select(&list).Scan(t.Context()); err != nil {
		t.Fatal(err)
	}
	return list
}
