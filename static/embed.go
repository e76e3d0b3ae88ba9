package static

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
)

//go:embed css/*.css js/*.js vendor/*.js vendor/*.css fonts icons/*.svg
var files embed.FS

// Prefix is the path below which the web layer serves this package.
const Prefix = "/static/"

// styles and scripts are joined in this order: later rules win. desk.css,
// sheet.css and wall.css stand alone, and so do the scripts of single pages of
// the desk: citizens on slow lines do not fetch them.
var (
	styles  = []string{"tokens", "fallback", "base", "layout", "forms", "parts", "tables", "charts", "citizen", "print"}
	scripts = []string{"app", "fields", "select", "mention", "date", "files", "map", "desk", "visit", "live", "messages"}
)

type asset struct {
	data  []byte
	hash  string
	mime  string
	gzip  func() []byte // nil when compressing gains nothing
	local string        // "css/app.css"
}

// assets by their name without the hash; filled once at start.
var assets = mustBuild(files)

// URL is the address of a file, with the hash of its content in it:
// URL("css/app.css") is "/static/3f9a0c51be/css/app.css". It panics on a file
// that does not exist, so a typing error cannot reach a page.
func URL(name string) string {
	a, ok := assets[name]
	if !ok {
		panic("static: no file " + name)
	}
	return Prefix + a.hash + "/" + a.local
}

// Open finds a file by what follows Prefix in its address ("<hash>/css/app.css").
// An old hash is not found: answering it with new content would poison caches.
// The answer may be served with `Cache-Control: public, max-age=31536000, immutable`.
func Open(hashAndPath string) (data []byte, contentType string, ok bool) {
	a, ok := find(hashAndPath)
	if !ok {
		return nil, "", false
	}
	return a.data, a.mime, true
}

// Gzipped is the same file compressed. ok is false for files that do not
// shrink (fonts); serve those with Open.
func Gzipped(hashAndPath string) (data []byte, ok bool) {
	a, ok := find(hashAndPath)
	if !ok || a.gzip == nil {
		return nil, false
	}
	return a.gzip(), true
}

func find(hashAndPath string) (asset, bool) {
	hash, name, _ := strings.Cut(hashAndPath, "/")
	a, ok := assets[name]
	return a, ok && a.hash == hash
}

func mustBuild(fsys fs.FS) map[string]asset {
	built, err := build(fsys)
	if err != nil {
		panic("static: " + err.Error())
	}
	return built
}

func build(fsys fs.FS) (map[string]asset, error) {
	all := map[string]asset{}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || part(name) {
			return err
		}
		data, err := fs.ReadFile(fsys, name)
		if path.Ext(name) == ".css" {
			data = minify(data)
		}
		all[name] = newAsset(name, data)
		return err
	})
	if err != nil {
		return nil, err
	}
	css, err := join(fsys, "css", styles, ".css")
	if err != nil {
		return nil, err
	}
	js, err := join(fsys, "js", scripts, ".js")
	if err != nil {
		return nil, err
	}
	css, err = link(minify(css), all)
	all["css/app.css"], all["js/app.js"] = newAsset("css/app.css", css), newAsset("js/app.js", js)
	return all, err
}

// part tells the pieces of app.css and app.js, which are not served alone.
func part(name string) bool {
	dir, file, _ := strings.Cut(name, "/")
	piece := strings.TrimSuffix(file, path.Ext(file))
	return dir == "css" && slices.Contains(styles, piece) || dir == "js" && slices.Contains(scripts, piece)
}

func join(fsys fs.FS, dir string, names []string, ext string) ([]byte, error) {
	var all bytes.Buffer
	for _, name := range names {
		data, err := fs.ReadFile(fsys, path.Join(dir, name+ext))
		if err != nil {
			return nil, err
		}
		all.Write(data)
		all.WriteByte('\n')
	}
	return all.Bytes(), nil
}

var (
	cssComment = regexp.MustCompile(`(?s)/\*.*?\*/`)
	cssSpace   = regexp.MustCompile(`\s+`)
	cssTight   = regexp.MustCompile(` ?([{};,>]) ?`)
)

// minify takes comments and needless spaces out of our own style sheets. It
// knows only what they use: no string in them holds a brace or a semicolon.
func minify(css []byte) []byte {
	css = cssComment.ReplaceAll(css, nil)
	css = cssSpace.ReplaceAll(css, []byte(" "))
	css = cssTight.ReplaceAll(css, []byte("$1"))
	css = bytes.ReplaceAll(css, []byte(": "), []byte(":"))
	return bytes.TrimSpace(bytes.ReplaceAll(css, []byte(";}"), []byte("}")))
}

var cssURL = regexp.MustCompile(`url\("\.\./([^"]+)"\)`)

// link turns url("../fonts/x.woff2") in a style sheet into the hashed address.
func link(css []byte, all map[string]asset) ([]byte, error) {
	var missing error
	linked := cssURL.ReplaceAllFunc(css, func(m []byte) []byte {
		name := string(cssURL.FindSubmatch(m)[1])
		a, ok := all[name]
		if !ok {
			missing = fmt.Errorf("the style sheet names %s, which does not exist", name)
		}
		return []byte(`url("` + Prefix + a.hash + "/" + name + `")`)
	})
	return linked, missing
}

func newAsset(name string, data []byte) asset {
	sum := sha256.Sum256(data)
	a := asset{data: data, hash: hex.EncodeToString(sum[:5]), mime: contentTypes[path.Ext(name)], local: name}
	if path.Ext(name) != ".woff2" {
		a.gzip = sync.OnceValue(func() []byte { return compress(data) })
	}
	return a
}

// contentTypes are listed here so that no file of the machine decides them.
var contentTypes = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".svg":   "image/svg+xml",
	".txt":   "text/plain; charset=utf-8",
	".woff2": "font/woff2",
}

func compress(data []byte) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is valid
	_, _ = w.Write(data)                                  // a bytes.Buffer takes everything
	_ = w.Close()
	return b.Bytes()
}
