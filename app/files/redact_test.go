package files_test

import (
	"bytes"
	"image"
	"testing"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/tenants"
)

// redacted takes in a scan and covers parts of its stripped copy.
func redacted(t *testing.T, w *dbtest.World, store *files.Store, u files.Upload, boxes ...files.Box) (*files.File, *files.Redaction) {
	t.Helper()
	u.KeepOriginal = true
	original, _ := stored(t, w, store, u, files.Place{Subject: files.Subject{Kind: "directive", ID: 9}, Public: false})
	copies, err := files.CopiesOf(t.Context(), w.DB(t), original.ID)
	if err != nil || len(copies) != 1 {
		t.Fatalf("%+v %v", copies, err)
	}
	red, err := store.Redact(&copies[0], boxes)
	if err != nil {
		t.Fatal(err)
	}
	return original, red
}

// What is under a box is black in the bytes that are sent, whatever the format.
func TestBoxesAreBurnedIn(t *testing.T) {
	w := dbtest.New(t)
	store, _ := newStore(t)
	box := files.Box{X: 37, Y: 21, W: 50, H: 30}
	for name, u := range map[string]files.Upload{
		"photo.jpg": upload("photo.jpg", withExif(jpegOf(t, painted(160, 120)), 1)),
		"scan.png":  upload("scan.png", pngOf(t, painted(160, 120))),
	} {
		_, red := redacted(t, w, store, u, box)
		img, _, err := image.Decode(bytes.NewReader(red.Content))
		if err != nil || red.Width != 160 || red.Height != 120 {
			t.Fatalf("%s: %v", name, err)
		}
		for y := box.Y; y < box.Y+box.H; y++ {
			for x := box.X; x < box.X+box.W; x++ {
				if r, g, b, _ := img.At(x, y).RGBA(); r|g|b != 0 {
					t.Fatalf("%s: (%d, %d) is %v", name, x, y, img.At(x, y))
				}
			}
		}
		if r, g, b, _ := img.At(140, 110).RGBA(); r|g|b == 0 {
			t.Errorf("%s: all of it is black", name)
		}
		if bytes.Contains(red.Content, []byte("Exif")) || bytes.Contains(red.Content, []byte("CANARY")) {
			t.Errorf("%s: metadata is left", name)
		}
	}
}

func TestBoxesHaveLimits(t *testing.T) {
	w := dbtest.New(t)
	store, _ := newStore(t)
	u := upload("a.jpg", jpegOf(t, painted(64, 64)))
	u.KeepOriginal = true
	f, _ := stored(t, w, store, u, files.Place{Subject: desk})
	for name, boxes := range map[string][]files.Box{
		"redact.outside": {{X: 64, Y: 0, W: 10, H: 10}},
		"redact.many":    make([]files.Box, files.MaxBoxes+1),
	} {
		if _, err := store.Redact(f, boxes); fault.As(err).Fields["boxes"] != name {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, box := range []files.Box{{0, 0, 0, 5}, {0, 0, 5, -1}, {1 << 40, 0, 1 << 40, 5}, {-100, -100, 20, 20}} {
		if _, err := store.Redact(f, []files.Box{box}); fault.As(err).Fields["boxes"] != "redact.outside" {
			t.Errorf("%+v: %v", box, err)
		}
	}
	if _, err := store.Redact(f, []files.Box{{-10, -10, 20, 20}}); err != nil {
		t.Errorf("over the edge: %v", err)
	}
	page, _ := stored(t, w, store, upload("a.pdf", []byte(pdf)), files.Place{Subject: desk})
	if _, err := store.Redact(page, nil); fault.As(err).Fields[files.Field] != "redact.no_picture" {
		t.Errorf("a document: %v", err)
	}
}

func TestOnlyOneCopyIsPublic(t *testing.T) {
	w := dbtest.New(t)
	store, _ := newStore(t)
	original, red := redacted(t, w, store, upload("a.jpg", jpegOf(t, painted(64, 64))), files.Box{X: 0, Y: 0, W: 16, H: 16})
	db := w.DB(t)
	got, err := store.KeepRedaction(db, red)
	if err != nil {
		t.Fatal(err)
	}
	var saved *files.File
	w.Write(t, anybody, func(tx *tenants.Tx) (err error) {
		if saved, err = files.SaveRedaction(t.Context(), tx, got, original, files.Place{Subject: original.Subject()}); err != nil {
			return err
		}
		return files.PublishOnly(t.Context(), tx, original.ID, saved.ID)
	})
	if seen := of(t, w, original.Subject(), true); len(seen) != 1 || seen[0].ID != saved.ID {
		t.Fatalf("the citizen sees %+v", seen)
	}
	if !bytes.Equal(bytesOf(t, store, saved), red.Content) {
		t.Error("other bytes are stored")
	}
	w.Write(t, anybody, func(tx *tenants.Tx) error { return files.PublishOnly(t.Context(), tx, original.ID, 0) })
	if seen := of(t, w, original.Subject(), true); len(seen) != 0 {
		t.Fatalf("the citizen sees %+v", seen)
	}
}
