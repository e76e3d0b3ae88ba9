package files_test

import (
	"bytes"
	"image"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/tenants"
)

var (
	anybody = tenants.Actor{Kind: tenants.Citizen}
	desk    = files.Subject{Kind: "complaint", ID: 7}
)

func newStore(t *testing.T) (store *files.Store, dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "files")
	store, err := files.OpenStore(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	return store, dir
}

func receive(t *testing.T, w *dbtest.World, s *files.Store, u files.Upload) (*files.Received, error) {
	t.Helper()
	db := w.Root.For(w.A)
	defer db.Release()
	return s.Receive(db, u)
}

func upload(name string, content []byte) files.Upload {
	return files.Upload{Name: name, Body: bytes.NewReader(content)}
}

// stored takes a file in and gives its row and bytes.
func stored(t *testing.T, w *dbtest.World, s *files.Store, u files.Upload, to files.Place) (*files.File, []byte) {
	t.Helper()
	got, err := receive(t, w, s, u)
	if err != nil {
		t.Fatal(err)
	}
	var f *files.File
	w.Write(t, anybody, func(tx *tenants.Tx) error {
		f, err = files.Save(t.Context(), tx, got, to)
		return err
	})
	return f, bytesOf(t, s, f)
}

func bytesOf(t *testing.T, s *files.Store, f *files.File) []byte {
	t.Helper()
	r, err := s.Open(f)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close() //nolint:errcheck // read only
	content, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func TestWhatIsRefused(t *testing.T) {
	w := dbtest.New(t)
	store, dir := newStore(t)
	photo, picture := jpegOf(t, painted(8, 8)), pngOf(t, painted(8, 8))
	for name, c := range map[string]struct {
		file    string
		content []byte
		accept  files.Accept
		key     string
	}{
		"0 bytes":                     {"a.jpg", nil, 0, "file.empty"},
		"too large":                   {"a.pdf", append([]byte(pdf), make([]byte, files.MaxBytes)...), 0, "file.large"},
		"SVG":                         {"a.svg", []byte(svg), 0, "file.type"},
		"SVG named jpg":               {"a.jpg", []byte(svg), 0, "file.type"},
		"HTML named png":              {"a.png", []byte(html), 0, "file.type"},
		"program named pdf":           {"a.pdf", []byte("MZ\x90\x00" + strings.Repeat("\x00", 64)), 0, "file.type"},
		"zip":                         {"a.zip", []byte("PK\x03\x04" + strings.Repeat("\x00", 64)), 0, "file.type"},
		"GIF":                         {"a.gif", []byte("GIF89a/*" + strings.Repeat("\x00", 64)), 0, "file.type"},
		"PNG named jpg":               {"a.jpg", picture, 0, "file.type"},
		"JPEG named html":             {"a.jpg.html", photo, 0, "file.type"},
		"JPEG without extension":      {"photo", photo, 0, "file.type"},
		"RTLO hides the extension":    {"photo\u202egpj.exe", photo, 0, "file.type"},
		"PDF behind HTML":             {"a.pdf", []byte(html + pdf), 0, "file.type"},
		"PDF where pictures are due":  {"a.pdf", []byte(pdf), files.Pictures, "file.type"},
		"sound where none is due":     {"a.mp3", []byte(mp3), 0, "file.type"},
		"sound behind a script":       {"a.mp3", []byte("<script>\xff\xfb\x90\x00" + strings.Repeat("\x00", 2000)), files.Sounds, "file.type"},
		"pixel flood":                 {"a.png", pngHeader(50_000, 50_000, 8), 0, "file.pixels"},
		"pixel flood of 16 bits":      {"a.png", pngHeader(6_000, 5_000, 16), 0, "file.pixels"},
		"JPEG cut off":                {"a.jpg", photo[:len(photo)/2], 0, "file.broken"},
		"JPEG of nothing but a magic": {"a.jpg", []byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00"), 0, "file.broken"},
		"JPEG of endless scans":       {"a.jpg", endlessScans(photo), 0, "file.broken"},
		"PNG with HTML for pixels":    {"a.png", append(pngHeader(8, 8, 8), html...), 0, "file.broken"},
	} {
		u := upload(c.file, c.content)
		u.Accept = c.accept
		_, err := receive(t, w, store, u)
		if f := fault.As(err); err == nil || f.Kind != fault.Invalid || f.Fields[files.Field] != c.key {
			t.Errorf("%s: %v, want %s", name, err, c.key)
		}
	}
	if n := count(t, dir); n != 0 {
		t.Errorf("refused files left %d blobs", n)
	}
}

// count tells how many blobs a store's folder holds.
func count(t *testing.T, dir string) (n int) {
	t.Helper()
	err := filepath.WalkDir(dir, func(_ string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestPictureLosesEverythingButItsPixels(t *testing.T) {
	w := dbtest.New(t)
	store, _ := newStore(t)
	photo := jpegOf(t, painted(64, 32))
	for name, u := range map[string]files.Upload{
		"EXIF with a place":   upload("a.jpg", withExif(photo, 1)),
		"HTML behind a JPEG":  upload("a.JPEG", append(bytes.Clone(photo), html+"CANARY"...)),
		"HTML behind a PNG":   upload("a.png", append(pngOf(t, painted(64, 32)), html...)),
		"text chunk in a PNG": upload("a.png", insertText(pngOf(t, painted(64, 32)))),
	} {
		f, content := stored(t, w, store, u, files.Place{Subject: desk, Public: true})
		if bytes.Contains(content, []byte("CANARY")) {
			t.Errorf("%s: is still there", name)
		}
		if int64(len(content)) != f.Size || !f.IsImage() {
			t.Errorf("%s: row %+v for %d bytes", name, f, len(content))
		}
		if img, _, err := image.Decode(bytes.NewReader(content)); err != nil || img.Bounds().Dx() != 64 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// insertText puts a text chunk behind the header of a PNG.
func insertText(png []byte) []byte {
	const header = 8 + 25
	out := append([]byte{}, png[:header]...)
	return append(append(out, chunk("tEXt", []byte("Comment\x00CANARY"))...), png[header:]...)
}

func TestPictureIsTurnedUpright(t *testing.T) {
	w := dbtest.New(t)
	store, _ := newStore(t)
	photo := jpegOf(t, painted(64, 32)) // red left, blue right
	for orientation, c := range map[uint16]struct {
		tall bool
		red  image.Point // a point that is red once turned
		blue image.Point
	}{
		1: {false, image.Pt(8, 16), image.Pt(56, 16)},
		2: {false, image.Pt(56, 16), image.Pt(8, 16)},
		3: {false, image.Pt(56, 16), image.Pt(8, 16)},
		4: {false, image.Pt(8, 16), image.Pt(56, 16)},
		5: {true, image.Pt(16, 8), image.Pt(16, 56)},
		6: {true, image.Pt(16, 8), image.Pt(16, 56)},
		7: {true, image.Pt(16, 56), image.Pt(16, 8)},
		8: {true, image.Pt(16, 56), image.Pt(16, 8)},
		9: {false, image.Pt(8, 16), image.Pt(56, 16)},
	} {
		_, content := stored(t, w, store, upload("a.jpg", withExif(photo, orientation)), files.Place{Subject: desk})
		img, _, err := image.Decode(bytes.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		if tall := img.Bounds().Dy() > img.Bounds().Dx(); tall != c.tall {
			t.Errorf("orientation %d: %v", orientation, img.Bounds())
		}
		r, _, _, _ := img.At(c.red.X, c.red.Y).RGBA()
		_, _, b, _ := img.At(c.blue.X, c.blue.Y).RGBA()
		if r < 0xc000 || b < 0xc000 {
			t.Errorf("orientation %d: is turned wrongly", orientation)
		}
	}
}

func TestWhatIsTaken(t *testing.T) {
	w := dbtest.New(t)
	store, _ := newStore(t)
	glass := painted(8, 8)
	glass.Pix[3] = 0
	for name, c := range map[string]struct {
		file      string
		content   []byte
		name      string
		mediaType string
	}{
		"photo":           {"IMG_1.JPEG", jpegOf(t, painted(8, 8)), "IMG_1.jpg", "image/jpeg"},
		"screenshot":      {"صفحه.png", pngOf(t, glass), "صفحه.png", "image/png"},
		"WebP is redrawn": {"a.webp", webpOf(t), "", ""},
		"PDF":             {"قبض.pdf", []byte(pdf), "قبض.pdf", "application/pdf"},
	} {
		f, content := stored(t, w, store, upload(c.file, c.content), files.Place{Subject: desk})
		if c.name == "" { // JPEG when opaque, else PNG, never WebP
			if f.MediaType == "image/webp" || strings.HasSuffix(f.Name, ".webp") {
				t.Errorf("%s: %+v", name, f)
			}
			continue
		}
		if f.Name != c.name || f.MediaType != c.mediaType {
			t.Errorf("%s: %+v", name, f)
		}
		if c.mediaType == "application/pdf" && !bytes.Equal(content, c.content) {
			t.Errorf("%s: changed", name)
		}
	}
}

func TestSoundsAreTakenWhereTheyAreDue(t *testing.T) {
	w := dbtest.New(t)
	store, _ := newStore(t)
	for name, content := range map[string]string{
		"a.mp3": mp3,
		"a.m4a": "\x00\x00\x00\x20ftypM4A \x00\x00\x00\x00M4A mp42isom" + strings.Repeat("\x00", 64),
		"a.ogg": "OggS\x00\x02" + strings.Repeat("\x00", 22) + "\x7fFLAC" + strings.Repeat("\x00", 64),
	} {
		u := upload(name, []byte(content))
		u.Accept = files.Sounds
		if f, _ := stored(t, w, store, u, files.Place{Subject: desk}); f.Name != name || f.IsImage() {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

func TestNamesAreCleaned(t *testing.T) {
	w := dbtest.New(t)
	store, _ := newStore(t)
	photo := jpegOf(t, painted(8, 8))
	for typed, want := range map[string]string{
		`../../etc/passwd.jpg`:                 "passwd.jpg",
		`C:\Users\ali\عكس.jpg`:                 "عکس.jpg",
		"exe\u202egpj.jpg":                     "exegpj.jpg",
		"a\x00b\r\nSet-Cookie: x.jpg":          "ab Set-Cookie x.jpg",
		`"; filename=x.html".jpg`:              "filename=x.html.jpg",
		" .jpg":                                "file.jpg",
		"...jpg":                               "file.jpg",
		"می\u200cخواهم.jpg":                    "می\u200cخواهم.jpg",
		strings.Repeat("ع", 300) + ".jpg":      strings.Repeat("ع", 116) + ".jpg",
		"\xff\xfe<script>alert(1)</script.jpg": "script.jpg",
	} {
		f, _ := stored(t, w, store, upload(typed, photo), files.Place{Subject: desk})
		if f.Name != want {
			t.Errorf("%q became %q, want %q", typed, f.Name, want)
		}
	}
}
