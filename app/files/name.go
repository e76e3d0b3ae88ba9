package files

import (
	"strings"

	"pasokh/app/persian"
)

// nameRunes is the longest name kept, extension included.
const nameRunes = 120

// marks have a meaning in headers, shells or file systems and none in a name.
const marks = `"<>|:*?;\/%` + "`"

// base is the last part of a path as any system writes it, clean: valid UTF-8,
// one line, no invisible or direction-changing characters.
func base(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	return strings.TrimSpace(persian.CleanLine(name))
}

// extension is the last extension of a name in lower case, without the dot.
func extension(name string) string {
	name = base(name)
	dot := strings.LastIndexByte(name, '.')
	if dot < 0 {
		return ""
	}
	return strings.ToLower(name[dot+1:])
}

// cleanName keeps what is readable of a name and gives it the extension of its
// content.
func cleanName(name, ext string) string {
	stem := base(name)
	if dot := strings.LastIndexByte(stem, '.'); dot >= 0 {
		stem = stem[:dot]
	}
	stem = persian.CleanLine(strings.Map(func(r rune) rune {
		if strings.ContainsRune(marks, r) {
			return -1
		}
		return r
	}, stem))
	runes := []rune(strings.Trim(stem, ". "))
	runes = runes[:min(len(runes), nameRunes-len(ext)-1)]
	stem = strings.TrimRight(string(runes), ". \u200c")
	if stem == "" {
		stem = "file"
	}
	return stem + "." + ext
}
