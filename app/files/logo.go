package files

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"io"

	"golang.org/x/image/draw"

	"pasokh/app/fault"
	"pasokh/tenants"
)

// The limits of an organization's logo.
const (
	MaxLogoBytes = 2 << 20
	logoKept     = 512  // pixels of the longer side of what is stored
	logoLeast    = 64   // of the shorter side of what is sent
	logoMost     = 4096 // of the longer one
	logoRatio    = 4    // of the longer side to the shorter at most
)

// LogoSubject is what the logos of an organization belong to: files that no form
// holds. Those that were replaced stay, for the history of the settings.
func LogoSubject() Subject { return Subject{Kind: KindDraft} }

// LogoPlace is where Save puts one.
func LogoPlace() Place { return Place{Subject: LogoSubject(), Public: true, Held: true} }

// ReceiveLogo is Receive for the picture by which an organization is known: it is
// drawn anew as a PNG of at most 512 pixels a side, so that drawing what was
// stored once more gives the same bytes. Field errors at Field: file.empty,
// logo.large, logo.type, file.broken, logo.small, logo.pixels, logo.shape, and
// those of Inspect.
func (s *Store) ReceiveLogo(r tenants.Reader, name string, body io.Reader) (*Received, error) {
	content, err := io.ReadAll(io.LimitReader(body, MaxLogoBytes+1))
	switch {
	case err != nil:
		return nil, fault.Wrap(err, "files.ReceiveLogo")
	case len(content) == 0:
		return nil, fault.Field(Field, "file.empty")
	case len(content) > MaxLogoBytes:
		return nil, fault.Field(Field, "logo.large")
	}
	f, err := recognise(Upload{Name: name, Accept: Pictures}, content)
	if err != nil {
		return nil, fault.Field(Field, "logo.type")
	}
	if err := s.Inspect(context.Background(), content); err != nil { // it has its own limit
		return nil, err
	}
	drawn, err := s.drawLogo(content, f.mediaType)
	if err != nil {
		return nil, err
	}
	got := &Received{main: part{name: "logo.png", mediaType: "image/png", content: drawn}}
	return got, s.keep(r.Tenant().ID, &got.main)
}

// Logo reads the row of a logo that is or was the organization's; NotFound for
// any other file.
func Logo(ctx context.Context, r tenants.Reader, id int64) (*File, error) {
	f, err := ByID(ctx, r, id)
	if err == nil && f.Subject() != LogoSubject() {
		return nil, fault.New(fault.NotFound, "error.not_found")
	}
	return f, err
}

func (s *Store) drawLogo(content []byte, mediaType string) ([]byte, error) {
	cfg, err := config(content, mediaType)
	if err != nil {
		return nil, broken(err)
	}
	if err := logoSize(cfg.Width, cfg.Height); err != nil {
		return nil, err
	}
	s.pictures <- struct{}{}
	defer func() { <-s.pictures }()
	if err := checkSize(content, mediaType); err != nil {
		return nil, err
	}
	img, err := decode(content, mediaType)
	if err != nil {
		return nil, broken(err)
	}
	var out bytes.Buffer
	err = (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, smaller(img))
	return out.Bytes(), fault.Wrap(err, "files.drawLogo")
}

func logoSize(w, h int) error {
	switch long, short := max(w, h), min(w, h); {
	case short <= 0:
		return broken(fmt.Errorf("%d × %d pixels", w, h))
	case long > logoMost:
		return fault.Field(Field, "logo.pixels")
	case long > logoRatio*short:
		return fault.Field(Field, "logo.shape")
	case short < logoLeast:
		return fault.Field(Field, "logo.small")
	}
	return nil
}

// smaller makes a picture fit; one that fits is left as it is, because colours
// that are half transparent do not survive being drawn again and again.
func smaller(img image.Image) image.Image {
	b := img.Bounds()
	long := max(b.Dx(), b.Dy())
	if long <= logoKept {
		return img
	}
	dst := image.NewRGBA(image.Rect(0, 0, max(1, b.Dx()*logoKept/long), max(1, b.Dy()*logoKept/long)))
	draw.CatmullRom.Scale(dst, dst.Bounds(), img, b, draw.Src, nil)
	return dst
}
