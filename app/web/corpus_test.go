package web_test

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// The corpus of what people attach to do harm or by mistake (security.md §6.2).
// Every file is made here, so that it says what is wrong with it.

// bad is one file and what becomes of it.
type badFile struct {
	what    string
	name    string
	content []byte
	want    string // key of the refusal, or the media type stored
	stored  string // name, when it matters
	cut     string // what must not be left in the bytes stored
}

const (
	asJPEG     = "image/jpeg"
	asPNG      = "image/png"
	asPDF      = "application/pdf"
	eicar      = `X5O!P%@AP[4\PZX54(P^)7CC)7}$` + `EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`
	htmlScript = `<script>alert('CANARY')</script>`
	htmlPage   = "<!doctype html><html><body>" + htmlScript + "</body></html>"
	plainPDF   = "%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)

func sixteen() image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, 16, 16))
	for i := range 16 {
		img.SetNRGBA(i, i, color.NRGBA{R: 200, A: 255})
		img.SetNRGBA(15-i, i, color.NRGBA{B: 200, A: 255})
	}
	return img
}

func jpegPhoto() []byte {
	var b bytes.Buffer
	_ = jpeg.Encode(&b, sixteen(), nil)
	return b.Bytes()
}

func pngDrawing() []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, sixteen())
	return b.Bytes()
}

// segment puts a segment of a JPEG before all others.
func jpegSegment(marker byte, data string) []byte {
	pic := jpegPhoto()
	head := []byte{0xff, 0xd8, 0xff, marker}
	head = binary.BigEndian.AppendUint16(head, uint16(len(data)+2)) //nolint:gosec // short
	return append(append(head, data...), pic[2:]...)
}

// gps is EXIF with the place where a picture was taken.
func exifPlace() string {
	return "Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x25\x88\x04\x00\x01\x00\x00\x00\x1a\x00\x00\x00\x00\x00\x00\x00" +
		"\x01\x00\x01\x00\x02\x00\x02\x00\x00\x00N\x00\x00\x00\x00\x00\x00\x00CANARY 36.6736 48.4787"
}

func pngChunk(kind string, data []byte) []byte {
	body := append([]byte(kind), data...)
	out := binary.BigEndian.AppendUint32(nil, uint32(len(data))) //nolint:gosec // short
	return binary.BigEndian.AppendUint32(append(out, body...), crc32.ChecksumIEEE(body))
}

// within puts a chunk behind the header of a PNG.
func pngWithin(kind, data string) []byte {
	pic := pngDrawing()
	return append(append(bytes.Clone(pic[:33]), pngChunk(kind, []byte(data))...), pic[33:]...)
}

// pixels is the header of a PNG that claims a size.
func pngClaims(w, h uint32, depth byte) []byte {
	data := binary.BigEndian.AppendUint32(nil, w)
	data = append(binary.BigEndian.AppendUint32(data, h), depth, 6, 0, 0, 0)
	return append([]byte("\x89PNG\r\n\x1a\n"), pngChunk("IHDR", data)...)
}

// grown makes the frame of a JPEG claim a size.
func jpegClaims(w, h uint16) []byte {
	pic := jpegPhoto()
	at := bytes.Index(pic, []byte{0xff, 0xc0})
	binary.BigEndian.PutUint16(pic[at+5:], h)
	binary.BigEndian.PutUint16(pic[at+7:], w)
	return pic
}

// zipOf packs files; a name that ends in @ is a symbolic link.
func zipOf(files ...string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(files); i += 2 {
		h := &zip.FileHeader{Name: strings.TrimSuffix(files[i], "@"), Method: zip.Deflate}
		if strings.HasSuffix(files[i], "@") {
			h.SetMode(fs.ModeSymlink | 0o777)
		}
		w, err := z.CreateHeader(h)
		if err != nil {
			panic(err)
		}
		_, _ = w.Write([]byte(files[i+1]))
	}
	_ = z.Close()
	return b.Bytes()
}

// bomb is a zip in a zip in a zip, each of much nothing.
func zipBomb() []byte {
	inner := zipOf("0", strings.Repeat("\x00", 8<<20))
	for range 3 {
		var list []string
		for i := range 8 {
			list = append(list, fmt.Sprint(i, ".zip"), string(inner))
		}
		inner = zipOf(list...)
	}
	return inner
}

const (
	xmlEntity   = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>`
	xmlLaughs   = `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><x>&c;</x>`
	zipTypes    = "[Content_Types].xml"
	zipWorkbook = "xl/workbook.xml"
)

func gifPicture() []byte {
	var b bytes.Buffer
	_ = gif.Encode(&b, sixteen(), nil)
	return b.Bytes()
}

// book is a workbook with a cell.
func formulaBook(t *testing.T, cell string) []byte {
	t.Helper()
	f := excelize.NewFile()
	_ = f.SetCellFormula("Sheet1", "A1", cell)
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// corpus is what is attached to cases and meetings.
func badFiles(t *testing.T) []badFile {
	t.Helper()
	return slices.Concat(refusedFiles(t), storedFiles())
}

func refusedFiles(t *testing.T) []badFile {
	svg := func(inside string) []byte {
		return []byte(`<svg xmlns="http://www.w3.org/2000/svg" ` + inside + `</svg>`)
	}
	no := func(what, name string, content []byte) badFile {
		return badFile{what: what, name: name, content: content, want: "file.type"}
	}
	js := append([]byte("GIF89a/*\x00\x00\x00\x00"), "*/=1;alert('CANARY')//"...)
	list := []badFile{
		{what: "0 bytes", name: "a.jpg", want: "file.empty"},
		{what: "0 bytes of PDF", name: "a.pdf", want: "file.empty"},
		{what: "more than 10 MB", name: "a.pdf", content: append([]byte(plainPDF), make([]byte, 10<<20)...), want: "file.large"},
		{what: "PNG of 50k x 50k", name: "a.png", content: pngClaims(50_000, 50_000, 8), want: "file.pixels"},
		{what: "PNG of 2^31 x 1", name: "a.png", content: pngClaims(1<<31-1, 1, 8), want: "file.pixels"},
		{what: "JPEG of 65k x 65k", name: "a.jpg", content: jpegClaims(65_500, 65_500), want: "file.pixels"},
		{what: "JPEG cut off", name: "a.jpg", content: jpegPhoto()[:200], want: "file.broken"},
		{what: "JPEG of nothing but its magic", name: "a.jpg", content: []byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00"), want: "file.broken"},
		{what: "PNG whose pixels are a page", name: "a.png", content: append(pngClaims(8, 8, 8), htmlPage...), want: "file.broken"},
		{what: "PNG with a wrong sum", name: "a.png", content: append(pngDrawing()[:40], []byte("XXXXXXXXXXXXXXXXXXXXXXXX")...), want: "file.broken"},
		{what: "WebP of nothing", name: "a.webp", content: []byte("RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00/"), want: "file.broken"},
		no("zip bomb", "a.zip", zipBomb()), no("zip bomb named PDF", "a.pdf", zipBomb()), no("zip bomb named JPEG", "a.jpg", zipBomb()),
		no("zip slip", "a.zip", zipOf("../../../../tmp/evil", "CANARY")), no("zip slip named docx", "a.docx", zipOf(zipTypes, "x", "../../x", "CANARY")),
		no("zip with a link", "a.zip", zipOf("passwd@", "/etc/passwd")), no("zip of 10,000 files", "a.zip", manyZipped()),
		no("docx with an entity", "a.docx", zipOf(zipTypes, "<Types/>", "word/document.xml", xmlEntity)), no("docx named PDF", "a.pdf", zipOf(zipTypes, "<Types/>", "word/document.xml", xmlEntity)),
		no("xlsm with a macro", "a.xlsm", zipOf(zipTypes, "<Types/>", "xl/vbaProject.bin", "CANARY", zipWorkbook, xmlEntity)), no("xlsx", "a.xlsx", formulaBook(t, "=cmd|'/c calc'!A1")),
		no("doc of 1997", "a.doc", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"+strings.Repeat("\x00", 512))),
		no("SVG with a script", "a.svg", svg(">"+htmlScript)), no("SVG with onload", "a.svg", svg(`onload="alert('CANARY')">`)), no("SVG with foreignObject", "a.svg", svg("><foreignObject>"+htmlPage+"</foreignObject>")),
		no("SVG with an entity", "a.svg", []byte(xmlEntity)), no("SVG of laughs", "a.svg", []byte(xmlLaughs)), no("SVG named PNG", "a.png", svg(`onload="alert('CANARY')">`)), no("SVG named JPEG", "a.jpg", svg(">"+htmlScript)),
		no("page named JPEG", "a.jpg", []byte(htmlPage)), no("page named PDF", "a.pdf", []byte(htmlPage)), no("page", "a.html", []byte(htmlPage)), no("page of two extensions", "a.jpg.html", jpegPhoto()), no("XHTML", "a.xhtml", []byte(htmlPage)),
		no("mhtml", "a.mht", []byte("From: x\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n"+htmlPage)), no("page behind a byte order mark", "a.png", []byte("\xef\xbb\xbf"+htmlPage)), no("page in UTF-7", "a.jpg", []byte("+ADw-script+AD4-alert(1)+ADw-/script+AD4-")),
		no("GIF and JavaScript", "a.gif", js), no("GIF and JavaScript named JPEG", "a.jpg", js), no("GIF", "a.gif", gifPicture()), no("PDF behind a page", "a.pdf", []byte(htmlPage+plainPDF)), no("PDF behind a space", "a.pdf", []byte(" \n"+plainPDF)),
		no("PHP", "a.php", []byte("<?php system($_GET[0]);")), no("PHP named JPEG", "a.jpg", []byte("<?php system($_GET[0]);")), no("JPEG named PHP", "a.php", jpegPhoto()), no("JPEG named .php.", "a.jpg.php.", jpegPhoto()),
		no("PNG named JPEG", "a.jpg", pngDrawing()), no("JPEG without an extension", "photo", jpegPhoto()), no("JPEG of a reversed name", "photo\u202egpj.exe", jpegPhoto()), no("JPEG with a NUL before its extension", "a.jpg%00.php", jpegPhoto()),
		no("EICAR", "eicar.com", []byte(eicar)), no("EICAR named text", "a.txt", []byte(eicar)), no("EICAR named PDF", "a.pdf", []byte(eicar)), no("EICAR in a zip", "a.zip", zipOf("eicar.com", eicar)),
		no("program", "a.exe", []byte("MZ\x90\x00"+strings.Repeat("\x00", 128))), no("program named PDF", "a.pdf", []byte("MZ\x90\x00"+strings.Repeat("\x00", 128))), no("ELF named PNG", "a.png", []byte("\x7fELF\x02\x01\x01"+strings.Repeat("\x00", 64))),
		no("shell script", "a.sh", []byte("#!/bin/sh\nrm -rf /\n")), no("shortcut", "a.lnk", []byte("L\x00\x00\x00\x01\x14\x02\x00"+strings.Repeat("\x00", 64))), no("HTA", "a.hta", []byte(htmlPage)), no("JavaScript", "a.js", []byte("alert('CANARY')")),
		no("CSV of another character set", "a.csv", []byte("\xe4\xc7\xe3,=cmd|'/c calc'!A1\n")), no("text", "a.txt", []byte("سلام")), no("PostScript", "a.eps", []byte("%!PS-Adobe-3.0\n(/etc/passwd) (r) file\n")),
		no("TIFF", "a.tif", []byte("II*\x00\x08\x00\x00\x00"+strings.Repeat("\x00", 64))), no("sound where none is due", "a.mp3", []byte("ID3\x04\x00\x00\x00\x00\x00\x0a0123456789\xff\xfb\x90\x00")), no("7-Zip", "a.7z", []byte("7z\xbc\xaf\x27\x1c"+strings.Repeat("\x00", 64))),
	}
	return list
}

func manyZipped() []byte {
	var list []string
	for i := range 10_000 {
		list = append(list, fmt.Sprint(i), "x")
	}
	return zipOf(list...)
}

func storedFiles() []badFile {
	return []badFile{
		{what: "JPEG with a place", name: "a.jpg", content: jpegSegment(0xe1, exifPlace()), want: asJPEG, cut: "CANARY"},
		{what: "JPEG with PHP in a comment", name: "a.jpg", content: jpegSegment(0xfe, "<?php system('CANARY'); ?>"), want: asJPEG, cut: "<?php"},
		{what: "JPEG and a page behind", name: "a.jpg", content: append(jpegPhoto(), htmlPage...), want: asJPEG, cut: "<script"},
		{what: "JPEG and a zip behind", name: "a.jpeg", content: append(jpegPhoto(), zipOf("CANARY.txt", "x")...), want: asJPEG, stored: "a.jpg", cut: "CANARY"},
		{what: "PNG and JavaScript behind", name: "a.png", content: append(pngDrawing(), "alert('CANARY')"...), want: asPNG, cut: "CANARY"},
		{what: "PNG with a text", name: "a.png", content: pngWithin("tEXt", "Comment\x00"+htmlScript), want: asPNG, cut: "<script"},
		{what: "PNG with XMP", name: "a.png", content: pngWithin("iTXt", "XML:com.adobe.xmp\x00\x00\x00\x00\x00"+htmlScript), want: asPNG, cut: "<script"},
		{what: "PNG with EXIF", name: "a.png", content: pngWithin("eXIf", exifPlace()[6:]), want: asPNG, cut: "CANARY"},
		{what: "PDF with JavaScript", name: "a.pdf", content: []byte(strings.Replace(plainPDF, "/Catalog", "/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>", 1)), want: asPDF},
		{what: "PDF and a page", name: "a.pdf", content: []byte("%PDF-1.4\n" + htmlPage + plainPDF[9:]), want: asPDF},
		{what: "PDF that starts a program", name: "a.pdf", content: []byte(strings.Replace(plainPDF, "/Catalog", "/Catalog/OpenAction<</S/Launch/F(cmd.exe)>>", 1)), want: asPDF},
		{what: "PDF of a path", name: `..\..\..\windows\a.pdf`, content: []byte(plainPDF), want: asPDF, stored: "a.pdf"},
		{what: "name with a quote", name: `"; x=y.html".jpg`, content: jpegPhoto(), want: asJPEG, stored: "x=y.html.jpg"},
		{what: "name with line breaks", name: "a\r\nSet-Cookie: x=1.jpg", content: jpegPhoto(), want: asJPEG, stored: "a0D0ASet-Cookie x=1.jpg"},
		{what: "name that is reversed", name: "exe\u202egpj.jpg", content: jpegPhoto(), want: asJPEG, stored: "exegpj.jpg"},
		{what: "name of a page", name: "<img src=x onerror=alert(1)>.jpg", content: jpegPhoto(), want: asJPEG},
		{what: "name of nothing", name: ".jpg", content: jpegPhoto(), want: asJPEG, stored: "file.jpg"},
		{what: "name of 1,000 letters", name: strings.Repeat("ع", 1000) + ".pdf", content: []byte(plainPDF), want: asPDF},
		{what: "name of a device", name: "CON.jpg", content: jpegPhoto(), want: asJPEG},
		{what: "name that is no text", name: "\xff\xfe\xc0.jpg", content: jpegPhoto(), want: asJPEG},
		{what: "name of a formula", name: "=cmd|'calc'!A1.pdf", content: []byte(plainPDF), want: asPDF},
	}
}
