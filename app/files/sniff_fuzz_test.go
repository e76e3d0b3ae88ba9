package files

import (
	"bytes"
	"strings"
	"testing"
)

// What is recognised begins as its kind does, under a name of its kind.
func FuzzRecognise(f *testing.F) {
	for _, seed := range []string{"\xff\xd8\xff\xe0", "\x89PNG\r\n\x1a\n", "RIFF\x00\x00\x00\x00WEBPVP8L", "%PDF-1.4", "ID3\x04", "OggS", "<html>%PDF-", "GIF89a"} {
		for _, name := range []string{"a.jpg", "a.pdf", "a.png", "a.webp", "a.mp3"} {
			f.Add([]byte(seed), name)
		}
	}
	f.Fuzz(func(t *testing.T, content []byte, name string) {
		kind, err := recognise(Upload{Name: name, Accept: Pictures | Documents | Sounds}, content)
		if err != nil {
			return
		}
		if kind.mediaType == "application/pdf" && !bytes.HasPrefix(content, []byte("%PDF-")) {
			t.Fatalf("%q is a PDF", content)
		}
		if clean := cleanName(name, kind.extensions[0]); !strings.HasSuffix(clean, "."+kind.extensions[0]) {
			t.Fatalf("%q is %s as %q", name, kind.mediaType, clean)
		}
	})
}
