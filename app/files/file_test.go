package files_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/tenants"
)

func of(t *testing.T, w *dbtest.World, s files.Subject, publicOnly bool) []files.File {
	t.Helper()
	db := w.Root.For(w.A)
	defer db.Release()
	list, err := files.Of(t.Context(), db, s, publicOnly)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func sum(content []byte) string {
	digest := sha256.Sum256(content)
	return hex.EncodeToString(digest[:])
}

func TestRowTellsWhatIsStored(t *testing.T) {
	w := dbtest.New(t)
	store, _ := newStore(t)
	f, content := stored(t, w, store, upload("a.jpg", jpegOf(t, painted(8, 8))), files.Place{Subject: desk, Public: true})
	if f.SHA256 != sum(content) || f.Size != int64(len(content)) || !f.Public || f.Subject() != desk {
		t.Errorf("row %+v", f)
	}
	db := w.DB(t)
	if got, err := files.ByID(t.Context(), db, f.ID); err != nil || got.SHA256 != f.SHA256 {
		t.Errorf("by id: %+v, %v", got, err)
	}
	if _, err := files.ByID(t.Context(), w.For(t, w.B), f.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("another organization reads: %v", err)
	}
}

func TestScanIsKeptWithAStrippedCopy(t *testing.T) {
	w := dbtest.New(t)
	store, _ := newStore(t)
	scan := withExif(jpegOf(t, painted(64, 32)), 6)
	u := upload("دستور.jpg", scan)
	u.KeepOriginal = true
	subject := files.Subject{Kind: "directive", ID: 9}
	original, content := stored(t, w, store, u, files.Place{Subject: subject, Public: true, Limit: 1})
	if original.Public || original.SHA256 != sum(scan) || !bytes.Equal(content, scan) {
		t.Errorf("original %+v", original)
	}
	seen := of(t, w, subject, true)
	if len(seen) != 1 || seen[0].OriginalID == nil || *seen[0].OriginalID != original.ID {
		t.Fatalf("the citizen sees %+v", seen)
	}
	if copied := bytesOf(t, store, &seen[0]); bytes.Contains(copied, []byte("CANARY")) {
		t.Error("the public copy has the place in it")
	}
	if all := of(t, w, subject, false); len(all) != 1 || all[0].ID != original.ID {
		t.Errorf("the desk sees %+v", all)
	}
}

func TestScanOfAPDFStaysOneFile(t *testing.T) {
	w := dbtest.New(t)
	store, _ := newStore(t)
	u := upload("دستور.pdf", []byte(pdf))
	u.KeepOriginal = true
	f, content := stored(t, w, store, u, files.Place{Subject: desk, Public: true})
	if !f.Public || f.SHA256 != sum(content) || string(content) != pdf || len(of(t, w, desk, true)) != 1 {
		t.Errorf("row %+v", f)
	}
}

func TestCitizenSeesPublicFilesOnly(t *testing.T) {
	w := dbtest.New(t)
	store, _ := newStore(t)
	stored(t, w, store, upload("inner.pdf", []byte(pdf)), files.Place{Subject: desk})
	open, _ := stored(t, w, store, upload("open.pdf", []byte(pdf)), files.Place{Subject: desk, Public: true})
	if list := of(t, w, desk, true); len(list) != 1 || list[0].ID != open.ID {
		t.Errorf("the citizen sees %+v", list)
	}
	if list := of(t, w, desk, false); len(list) != 2 || list[0].Name != "inner.pdf" {
		t.Errorf("the desk sees %+v", list)
	}
}

func TestLimitCountsPerSubjectAndEvent(t *testing.T) {
	w := dbtest.New(t)
	store, _ := newStore(t)
	event := int64(5)
	for name, to := range map[string]files.Place{
		"subject": {Subject: desk, Limit: 2},
		"event":   {Subject: desk, EventID: &event, Limit: 2},
	} {
		for range 2 {
			stored(t, w, store, upload("a.pdf", []byte(pdf)), to)
		}
		got, err := receive(t, w, store, upload("a.pdf", []byte(pdf)))
		if err != nil {
			t.Fatal(err)
		}
		err = w.Try(t, anybody, func(tx *tenants.Tx) error {
			_, err := files.Save(t.Context(), tx, got, to)
			return err
		})
		if fault.As(err).Fields[files.Field] != "file.many" {
			t.Errorf("%s: a third file: %v", name, err)
		}
	}
}

func newDraft(t *testing.T, w *dbtest.World) *citizens.Draft {
	t.Helper()
	d := &citizens.Draft{Kind: citizens.DraftComplaint, Holder: tenants.HashToken("v"), Content: []byte(`{}`)}
	w.Write(t, anybody, func(tx *tenants.Tx) error { return citizens.SaveDraft(t.Context(), tx, d) })
	return d
}

func inDraft(d *citizens.Draft) files.Place {
	return files.Place{Subject: files.Subject{Kind: files.KindDraft, ID: d.ID}, Public: true, Limit: files.CitizenFiles}
}

func TestParallelUploadsCannotPassTheLimit(t *testing.T) {
	w := dbtest.New(t)
	store, _ := newStore(t)
	d := newDraft(t, w)
	var wait sync.WaitGroup
	var saved atomic.Int32
	for range 12 {
		wait.Go(func() {
			db := w.Root.For(w.A)
			defer db.Release()
			got, err := store.Receive(db, upload("a.pdf", []byte(pdf)))
			if err != nil {
				t.Error(err)
				return
			}
			err = db.Write(t.Context(), anybody, func(tx *tenants.Tx) error {
				if _, err := citizens.LockDraft(t.Context(), tx, d.ID, d.Holder); err != nil {
					return err
				}
				_, err := files.Save(t.Context(), tx, got, inDraft(d))
				return err
			})
			switch {
			case err == nil:
				saved.Add(1)
			case !fault.Is(err, fault.Invalid):
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if n := saved.Load(); n != files.CitizenFiles {
		t.Errorf("%d files in one draft", n)
	}
}

func TestDraftsFilesMoveToWhatItBecame(t *testing.T) {
	w := dbtest.New(t)
	store, _ := newStore(t)
	d, other := newDraft(t, w), newDraft(t, w)
	for range 2 {
		stored(t, w, store, upload("a.pdf", []byte(pdf)), inDraft(d))
	}
	stored(t, w, store, upload("b.pdf", []byte(pdf)), inDraft(other))
	event := int64(5)
	w.Write(t, anybody, func(tx *tenants.Tx) error {
		n, err := files.Attach(t.Context(), tx, d.ID, desk, &event)
		if n != 2 {
			t.Errorf("%d moved", n)
		}
		return err
	})
	list := of(t, w, desk, true)
	if len(list) != 2 || list[0].EventID == nil || *list[0].EventID != event {
		t.Errorf("files %+v", list)
	}
	if len(of(t, w, inDraft(d).Subject, true)) != 0 || len(of(t, w, inDraft(other).Subject, true)) != 1 {
		t.Error("the wrong draft was emptied")
	}
}

func TestOnlyDraftsLoseFiles(t *testing.T) {
	w := dbtest.New(t)
	store, _ := newStore(t)
	d := newDraft(t, w)
	mine, _ := stored(t, w, store, upload("a.pdf", []byte(pdf)), inDraft(d))
	kept, _ := stored(t, w, store, upload("a.pdf", []byte(pdf)), files.Place{Subject: desk})
	drop := func(draft, id int64) error {
		return w.Try(t, anybody, func(tx *tenants.Tx) error { return files.Drop(t.Context(), tx, draft, id) })
	}
	if err := drop(d.ID, kept.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("a case lost a file: %v", err)
	}
	if err := drop(d.ID+1, mine.ID); !fault.Is(err, fault.NotFound) {
		t.Errorf("another draft lost a file: %v", err)
	}
	if err := drop(d.ID, mine.ID); err != nil || len(of(t, w, inDraft(d).Subject, true)) != 0 {
		t.Errorf("own draft: %v", err)
	}
}

func TestFilesOfAbandonedDraftsArePurged(t *testing.T) {
	w := dbtest.New(t)
	store, _ := newStore(t)
	d := newDraft(t, w)
	stored(t, w, store, upload("a.pdf", []byte(pdf)), inDraft(d))
	stored(t, w, store, upload("a.pdf", []byte(pdf)), files.Place{Subject: desk})
	w.Clock.Advance(citizens.DraftLife - time.Minute)
	young := newDraft(t, w)
	stored(t, w, store, upload("a.pdf", []byte(pdf)), inDraft(young))
	w.Clock.Advance(time.Minute)
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		n, err := files.PurgeDrafts(t.Context(), tx)
		if n != 1 {
			t.Errorf("%d purged", n)
		}
		return err
	})
	if len(of(t, w, inDraft(young).Subject, true)) != 1 || len(of(t, w, desk, false)) != 1 {
		t.Error("the wrong files were purged")
	}
}
