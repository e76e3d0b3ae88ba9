package files

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/webp"

	"pasokh/app/fault"
)

const (
	// maxPixels is more than the cameras of telephones make (security.md §6.2).
	maxPixels = 40_000_000
	// maxScans bounds progressive JPEG: each scan walks all blocks for a few
	// bytes of file. Cameras write one, encoders about ten.
	maxScans = 64
	// quality of rewritten JPEG: no visible loss beside the camera's own.
	quality = 88
)

// redraw decodes a picture and encodes it again, upright, without anything but
// its pixels: JPEG when it is opaque and was not PNG, else PNG.
func redraw(content []byte, mediaType string) (out []byte, outType string, err error) {
	if err := checkSize(content, mediaType); err != nil {
		return nil, "", err
	}
	img, err := decode(content, mediaType)
	if err != nil {
		return nil, "", broken(err)
	}
	var buf bytes.Buffer
	if mediaType == "image/png" || !opaque(img) {
		err = (&png.Encoder{CompressionLevel: png.DefaultCompression}).Encode(&buf, img)
		return buf.Bytes(), "image/png", fault.Wrap(err, "files.redraw")
	}
	err = jpeg.Encode(&buf, img, &jpeg.Options{Quality: quality})
	return buf.Bytes(), "image/jpeg", fault.Wrap(err, "files.redraw")
}

func broken(err error) error {
	f := fault.Field(Field, "file.broken")
	f.Err = err
	return f
}

// checkSize reads the header only, before any memory is taken for pixels.
func checkSize(content []byte, mediaType string) error {
	cfg, err := config(content, mediaType)
	if err != nil {
		return broken(err)
	}
	limit := maxPixels
	switch cfg.ColorModel {
	case color.RGBA64Model, color.NRGBA64Model: // twice the memory
		limit /= 2
	}
	if cfg.Width <= 0 || cfg.Height <= 0 {
		return broken(fmt.Errorf("%d × %d pixels", cfg.Width, cfg.Height))
	}
	if cfg.Width > limit/cfg.Height {
		return fault.Field(Field, "file.pixels")
	}
	if mediaType == "image/jpeg" && bytes.Count(content, []byte{0xff, 0xda}) > maxScans {
		return broken(fmt.Errorf("more than %d scans", maxScans))
	}
	return nil
}

func config(content []byte, mediaType string) (image.Config, error) {
	r := bytes.NewReader(content)
	switch mediaType {
	case "image/jpeg":
		return jpeg.DecodeConfig(r)
	case "image/png":
		return png.DecodeConfig(r)
	default:
		return webp.DecodeConfig(r)
	}
}

// decode takes a panic of a decoder, fed by strangers, for a broken picture.
func decode(content []byte, mediaType string) (img image.Image, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("decoder: %v", p)
		}
	}()
	r := bytes.NewReader(content)
	switch mediaType {
	case "image/jpeg":
		if img, err = jpeg.Decode(r); err == nil {
			img = upright(img, orientation(content))
		}
		return img, err
	case "image/png":
		return png.Decode(r)
	default:
		return webp.Decode(r)
	}
}

func opaque(img image.Image) bool {
	o, ok := img.(interface{ Opaque() bool })
	return ok && o.Opaque()
}

// upright turns a picture as its EXIF orientation (1 to 8) says, because the
// note goes with the metadata.
func upright(img image.Image, orientation int) image.Image {
	if orientation < 2 || orientation > 8 {
		return img
	}
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	turned := image.Rect(0, 0, w, h)
	if orientation >= 5 {
		turned = image.Rect(0, 0, h, w)
	}
	dst, at := image.NewRGBA(turned), pixels(img)
	for y := range turned.Dy() {
		for x := range turned.Dx() {
			sx, sy := source(orientation, x, y, w, h)
			r, g, bl := at(b.Min.X+sx, b.Min.Y+sy)
			pix := dst.Pix[dst.PixOffset(x, y):][:4:4]
			pix[0], pix[1], pix[2], pix[3] = r, g, bl, 0xff
		}
	}
	return dst
}

// pixels reads an opaque picture point by point; the case of cameras is spared
// an allocation for each of its millions.
func pixels(img image.Image) func(x, y int) (r, g, b uint8) {
	if m, ok := img.(*image.YCbCr); ok {
		return func(x, y int) (r, g, b uint8) {
			c := m.YCbCrAt(x, y)
			return color.YCbCrToRGB(c.Y, c.Cb, c.Cr)
		}
	}
	return func(x, y int) (r, g, b uint8) {
		c := color.RGBAModel.Convert(img.At(x, y)).(color.RGBA)
		return c.R, c.G, c.B
	}
}

// source tells which pixel of a w × h picture comes to (x, y) once turned.
func source(orientation, x, y, w, h int) (sx, sy int) {
	switch orientation {
	case 2: // mirrored
		return w - 1 - x, y
	case 3: // upside down
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6: // camera held upright, the usual one
		return y, h - 1 - x
	case 7:
		return w - 1 - y, h - 1 - x
	default: // 8
		return w - 1 - y, x
	}
}
