package files

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"io"

	"pasokh/app/fault"
	"pasokh/tenants"
)

// Box is a part of a picture, in its pixels, from the top left corner.
type Box struct{ X, Y, W, H int }

// MaxBoxes bounds what is covered in one picture.
const MaxBoxes = 60

// blockSide is that of the blocks in which JPEG keeps colours: boxes grow to
// whole blocks, so that inside of them nothing but black is encoded.
const blockSide = 16

// Redaction is a picture with parts painted over, before it is stored.
type Redaction struct {
	Content       []byte
	MediaType     string
	Width, Height int
	name          string
}

// Redact paints the boxes black in a stored picture and encodes what is left
// anew: what was below is nowhere in the result, and neither is any metadata.
// Field error boxes: redact.many, redact.outside; Invalid at Field when the file
// is no picture.
func (s *Store) Redact(f *File, boxes []Box) (*Redaction, error) {
	if !f.IsImage() {
		return nil, fault.Field(Field, "redact.no_picture")
	}
	if len(boxes) > MaxBoxes {
		return nil, fault.Field("boxes", "redact.many")
	}
	content, err := s.read(f)
	if err != nil {
		return nil, err
	}
	s.pictures <- struct{}{}
	defer func() { <-s.pictures }()
	if err := checkSize(content, f.MediaType); err != nil {
		return nil, err
	}
	img, err := decode(content, f.MediaType)
	if err != nil {
		return nil, broken(err)
	}
	black, err := paint(img, boxes)
	if err != nil {
		return nil, err
	}
	out := &Redaction{Width: black.Bounds().Dx(), Height: black.Bounds().Dy(), name: f.Name}
	return out, out.encode(black, f.MediaType)
}

// Size reads how large a stored picture is, without its pixels. A JPEG lies as
// it is stored: copies are upright already.
func (s *Store) Size(f *File) (width, height int, err error) {
	if !f.IsImage() {
		return 0, 0, fault.Field(Field, "redact.no_picture")
	}
	content, err := s.read(f)
	if err != nil {
		return 0, 0, err
	}
	cfg, err := config(content, f.MediaType)
	if err != nil {
		return 0, 0, broken(err)
	}
	return cfg.Width, cfg.Height, nil
}

func (s *Store) read(f *File) ([]byte, error) {
	file, err := s.Open(f)
	if err != nil {
		return nil, err
	}
	defer file.Close() //nolint:errcheck // read only
	content, err := io.ReadAll(io.LimitReader(file, 2*MaxBytes))
	return content, fault.Wrap(err, "files.read")
}

// paint copies the picture onto white and covers the boxes.
func paint(img image.Image, boxes []Box) (*image.RGBA, error) {
	b := img.Bounds()
	dst := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(dst, dst.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(dst, dst.Bounds(), img, b.Min, draw.Over)
	for _, box := range boxes {
		covered := box.covers(dst.Bounds())
		if covered.Empty() {
			return nil, fault.Field("boxes", "redact.outside")
		}
		draw.Draw(dst, covered, image.NewUniform(color.Black), image.Point{}, draw.Src)
	}
	return dst, nil
}

// covers is the part of the picture that the box covers, in whole blocks.
func (b Box) covers(picture image.Rectangle) image.Rectangle {
	limit := max(picture.Dx(), picture.Dy())
	if b.W <= 0 || b.H <= 0 || b.W > limit || b.H > limit || b.X < -limit || b.Y < -limit || b.X > limit || b.Y > limit {
		return image.Rectangle{}
	}
	exact := image.Rect(b.X, b.Y, b.X+b.W, b.Y+b.H).Intersect(picture)
	if exact.Empty() {
		return exact
	}
	up := func(n int) int { return (n + blockSide - 1) / blockSide * blockSide }
	down := func(n int) int { return n / blockSide * blockSide }
	return image.Rect(down(exact.Min.X), down(exact.Min.Y), up(exact.Max.X), up(exact.Max.Y)).Intersect(picture)
}

func (r *Redaction) encode(img *image.RGBA, mediaType string) error {
	var buf bytes.Buffer
	var err error
	if mediaType == "image/png" {
		r.MediaType, err = "image/png", png.Encode(&buf, img)
	} else {
		r.MediaType, err = "image/jpeg", jpeg.Encode(&buf, img, &jpeg.Options{Quality: quality})
	}
	r.Content = buf.Bytes()
	return fault.Wrap(err, "files.Redact")
}

// KeepRedaction stores the bytes of a redaction; SaveRedaction writes its row.
func (s *Store) KeepRedaction(r tenants.Reader, red *Redaction) (*Received, error) {
	p := part{name: cleanName(red.name, formats[red.MediaType].extensions[0]), mediaType: red.MediaType, content: red.Content}
	if err := s.keep(r.Tenant().ID, &p); err != nil {
		return nil, err
	}
	return &Received{main: p}, nil
}

// SaveRedaction writes the row of a redacted copy of an original.
func SaveRedaction(ctx context.Context, tx *tenants.Tx, got *Received, original *File, to Place) (*File, error) {
	f := got.main.row(tx, to)
	f.OriginalID = &original.ID
	return f, fault.Wrap(tx.Insert(ctx, f), "files.SaveRedaction")
}

// CopiesOf lists the copies that were made of an original, oldest first: the
// first one is the stripped copy, the others are redactions.
func CopiesOf(ctx context.Context, r tenants.Reader, original int64) ([]File, error) {
	var list []File
	err := r.Select(&list).Where("file.original_id = ?", original).Order("file.id").Scan(ctx)
	return list, fault.Wrap(tenants.Err(err), "files.CopiesOf")
}

// PublishOnly lets the citizen see one of the copies of an original, and takes
// back the others; 0 takes back all. The original is never published.
func PublishOnly(ctx context.Context, tx *tenants.Tx, original, copied int64) error {
	_, err := tx.Set(ctx, (*File)(nil), "public = (id = ?)", []any{copied}, "original_id = ?", original)
	return fault.Wrap(err, "files.PublishOnly")
}
