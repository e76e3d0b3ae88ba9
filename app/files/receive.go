package files

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"

	"github.com/gabriel-vasile/mimetype"

	"pasokh/app/fault"
	"pasokh/tenants"
)

// Limits of what is taken in.
const (
	MaxBytes     = 10 << 20 // of one file
	CitizenFiles = 5        // Place.Limit for citizens
)

// Field is the form field beside which the errors of a file stand.
const Field = "file"

// Accept says which families of files are taken; the zero Accept is Pictures
// and Documents.
type Accept uint8

// The families. Everything else is refused, whatever its name.
const (
	Pictures  Accept = 1 << iota // JPEG, PNG, WebP
	Documents                    // PDF
	Sounds                       // MP3, Ogg, M4A, WAV
)

// Chooser is what a browser's file chooser offers for the zero Accept.
const Chooser = "image/jpeg,image/png,image/webp,application/pdf"

// format is one kind of file that may be stored.
type format struct {
	family     Accept
	mediaType  string
	extensions []string // the first is the one stored
}

// formats by what mimetype finds in the content.
var formats = map[string]format{
	"image/jpeg":             {Pictures, "image/jpeg", []string{"jpg", "jpeg", "jpe", "jfif"}},
	"image/png":              {Pictures, "image/png", []string{"png"}},
	"image/vnd.mozilla.apng": {Pictures, "image/png", []string{"png"}},
	"image/webp":             {Pictures, "image/webp", []string{"webp"}},
	"application/pdf":        {Documents, "application/pdf", []string{"pdf"}},
	"audio/mpeg":             {Sounds, "audio/mpeg", []string{"mp3"}},
	"audio/ogg":              {Sounds, "audio/ogg", []string{"ogg", "oga", "opus"}},
	"audio/x-m4a":            {Sounds, "audio/mp4", []string{"m4a"}},
	"audio/wav":              {Sounds, "audio/wav", []string{"wav"}},
	"audio/mp4":              {Sounds, "audio/mp4", []string{"m4a"}},
}

// Upload is a file on its way in.
type Upload struct {
	Name   string // as the browser sent it
	Body   io.Reader
	Accept Accept
	// KeepOriginal keeps the bytes as they came, for evidence such as the scan
	// of a handwritten order, and makes a stripped copy of a picture beside it.
	// A PDF cannot be stripped and stays one file, public as Place says.
	KeepOriginal bool
	// ReadPlace reads where a JPEG was taken before its metadata is dropped.
	ReadPlace bool
}

// Received is a checked file whose bytes are stored and whose row is not: the
// slow half of an upload, done before the transaction. Without Save its bytes
// go with the next Sweep.
type Received struct {
	main  part
	copy  *part
	point *Point
}

// part is one stored blob.
type part struct {
	name, mediaType, sha256, blob string
	size                          int64
	content                       []byte
}

// Receive checks a file and stores its bytes for the reader's organization.
// What the content is decides; the name must agree. Pictures are decoded and
// written anew, so that neither their metadata nor anything hidden in them
// survives. Errors of the person are Invalid at Field: file.empty, file.large,
// file.type, file.broken, file.pixels, and those of Inspect.
func (s *Store) Receive(r tenants.Reader, u Upload) (*Received, error) {
	content, err := readAll(u.Body)
	if err != nil {
		return nil, err
	}
	f, err := recognise(u, content)
	if err != nil {
		return nil, err
	}
	if err := s.Inspect(context.Background(), content); err != nil { // it has its own limit
		return nil, err
	}
	got := &Received{main: part{name: cleanName(u.Name, f.extensions[0]), mediaType: f.mediaType, content: content}}
	if u.ReadPlace && f.mediaType == "image/jpeg" {
		got.point = pointOf(content)
	}
	if f.family == Pictures {
		if err := s.strip(got, u); err != nil {
			return nil, err
		}
	}
	for _, p := range []*part{&got.main, got.copy} {
		if p == nil {
			continue
		}
		if err := s.keep(r.Tenant().ID, p); err != nil {
			return nil, err
		}
	}
	return got, nil
}

func readAll(body io.Reader) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(body, MaxBytes+1))
	switch {
	case err != nil:
		return nil, fault.Wrap(err, "files.Receive")
	case len(content) == 0:
		return nil, fault.Field(Field, "file.empty")
	case len(content) > MaxBytes:
		return nil, fault.Field(Field, "file.large")
	}
	return content, nil
}

// recognise finds the format of the content; the extension has to agree, since
// a name that lies is never an accident worth keeping.
func recognise(u Upload, content []byte) (format, error) {
	refused := fault.Field(Field, "file.type")
	f, known := formats[mimetype.Detect(content).String()]
	accept := u.Accept
	if accept == 0 {
		accept = Pictures | Documents
	}
	if !known || accept&f.family == 0 || !slices.Contains(f.extensions, extension(u.Name)) {
		return f, refused
	}
	if !startsRight(f, content) {
		return f, refused
	}
	return f, nil
}

// startsRight is stricter than the sniffer, which finds a PDF or an MP3 also
// behind other text, where a page or a script could stand.
func startsRight(f format, content []byte) bool {
	switch f.mediaType {
	case "application/pdf":
		return bytes.HasPrefix(content, []byte("%PDF-"))
	case "audio/mpeg":
		return bytes.HasPrefix(content, []byte("ID3")) || len(content) > 1 && content[0] == 0xff && content[1]&0xe0 == 0xe0
	}
	return true
}

// strip writes the picture anew, in place of the original or beside it.
func (s *Store) strip(got *Received, u Upload) error {
	s.pictures <- struct{}{}
	defer func() { <-s.pictures }()
	content, mediaType, err := redraw(got.main.content, got.main.mediaType)
	if err != nil {
		return err
	}
	name := cleanName(u.Name, formats[mediaType].extensions[0])
	stripped := part{name: name, mediaType: mediaType, content: content}
	if u.KeepOriginal {
		got.copy = &stripped
	} else {
		got.main = stripped
	}
	return nil
}

// keep stores the bytes and forgets them.
func (s *Store) keep(tenant int64, p *part) error {
	digest := sha256.Sum256(p.content)
	p.sha256, p.size = hex.EncodeToString(digest[:]), int64(len(p.content))
	blob, err := s.put(tenant, p.content)
	p.blob, p.content = blob, nil
	return err
}
