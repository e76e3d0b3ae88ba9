package static

import (
	"bytes"
	"compress/gzip"
	"io"
	"maps"
	"strings"
	"testing"
	"testing/fstest"
)

// maxCSS is what the whole style sheet may weigh before compression.
const maxCSS = 60 << 10

func TestURLOpensItsFile(t *testing.T) {
	for name := range assets {
		rest, ok := strings.CutPrefix(URL(name), Prefix)
		if !ok {
			t.Errorf("%s: address %s is not below %s", name, URL(name), Prefix)
		}
		data, contentType, ok := Open(rest)
		if !ok || len(data) == 0 || contentType == "" {
			t.Errorf("%s: ok %v, %d bytes, type %q", name, ok, len(data), contentType)
		}
	}
}

func TestOpenRefusesOtherAddresses(t *testing.T) {
	rest := strings.TrimPrefix(URL("css/app.css"), Prefix)
	for _, address := range []string{"", "css/app.css", "0000000000/css/app.css", rest + "x", "../" + rest, rest[:10] + "/js/app.js"} {
		if _, _, ok := Open(address); ok {
			t.Errorf("%q was found", address)
		}
	}
}

func TestURLPanicsOnAnUnknownFile(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	URL("css/none.css")
}

func TestHashChangesWithContent(t *testing.T) {
	before := copyOf(t)
	first, err := build(before)
	if err != nil {
		t.Fatal(err)
	}
	changed := copyOf(t)
	changed["fonts/vazirmatn-arabic.woff2"] = &fstest.MapFile{Data: []byte("another font")}
	second, err := build(changed)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"fonts/vazirmatn-arabic.woff2", "css/app.css"} { // the style sheet names the font
		if first[name].hash == second[name].hash {
			t.Errorf("%s kept its hash", name)
		}
	}
	if first["js/app.js"].hash != second["js/app.js"].hash {
		t.Error("js/app.js changed its hash")
	}
}

func TestStyleSheetNamesOnlyFilesThatExist(t *testing.T) {
	changed := copyOf(t)
	changed["css/base.css"] = &fstest.MapFile{Data: []byte(`a { src: url("../fonts/none.woff2"); }`)}
	if _, err := build(changed); err == nil {
		t.Error("built with a missing font")
	}
}

func TestStyleSheetIsSmall(t *testing.T) {
	if n := len(assets["css/app.css"].data); n > maxCSS {
		t.Errorf("app.css has %d bytes, more than %d", n, maxCSS)
	}
}

func TestStyleSheetHasNoPhysicalInlineDirections(t *testing.T) {
	for _, word := range []string{"margin-left", "margin-right", "padding-left", "padding-right", "text-align:left", "text-align:right", "float:", "{left:", ";left:", "{right:", ";right:", "border-left", "border-right", "@import", "data:"} {
		if bytes.Contains(assets["css/app.css"].data, []byte(word)) {
			t.Errorf("app.css says %s", word)
		}
	}
}

func TestGzippedIsTheSameFile(t *testing.T) {
	rest := strings.TrimPrefix(URL("css/app.css"), Prefix)
	packed, ok := Gzipped(rest)
	if !ok {
		t.Fatal("app.css is not compressed")
	}
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(r)
	want, _, _ := Open(rest)
	if err != nil || !bytes.Equal(plain, want) {
		t.Errorf("the compressed file differs (%v)", err)
	}
	if _, ok := Gzipped(strings.TrimPrefix(URL("fonts/vazirmatn-arabic.woff2"), Prefix)); ok {
		t.Error("a font is compressed twice")
	}
}

func TestMinifyKeepsWhatCounts(t *testing.T) {
	got := string(minify([]byte("/* c */\na > b, c {\n  width: calc(1px + 2px);\n  content: \" از \";\n}\n@media (min-width: 40rem) { d e { color: red; } }\n")))
	want := `a>b,c{width:calc(1px + 2px);content:" از "}@media (min-width:40rem){d e{color:red}}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// copyOf is the embedded tree in memory, to be changed by a test.
func copyOf(t *testing.T) fstest.MapFS {
	t.Helper()
	tree := fstest.MapFS{}
	for _, dir := range []string{"css", "js", "vendor", "fonts", "icons"} {
		entries, err := files.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			data, err := files.ReadFile(dir + "/" + e.Name())
			if err != nil {
				t.Fatal(err)
			}
			tree[dir+"/"+e.Name()] = &fstest.MapFile{Data: data}
		}
	}
	return maps.Clone(tree)
}
