package messages

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
)

//go:embed fa/*.json en/*.json
var files embed.FS

var catalogue = mustLoad(files)

// Keys lists the keys of lang in order.
func Keys(lang Lang) []string {
	keys := make([]string, 0, len(catalogue[lang]))
	for key := range catalogue[lang] {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

func mustLoad(fsys fs.FS) map[Lang]map[string]string {
	all := map[Lang]map[string]string{}
	for _, lang := range Langs {
		texts, err := load(fsys, lang)
		if err != nil {
			panic("messages: " + err.Error())
		}
		all[lang] = texts
	}
	return all
}

// load reads all files of one language into one map. A key written twice, in
// one file or in two, is an error: the second text would silently win.
func load(fsys fs.FS, lang Lang) (map[string]string, error) {
	names, err := fs.Glob(fsys, path.Join(string(lang), "*.json"))
	if err != nil {
		return nil, err
	}
	texts, home := map[string]string{}, map[string]string{}
	for _, name := range names {
		entries, err := readFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for _, e := range entries {
			if other, ok := home[e.key]; ok {
				return nil, fmt.Errorf("%s: key %q is already in %s", name, e.key, other)
			}
			texts[e.key], home[e.key] = e.text, name
		}
	}
	return texts, nil
}

type entry struct{ key, text string }

// readFile walks the tokens of a flat JSON object, because unmarshalling into
// a map would hide duplicate keys.
func readFile(fsys fs.FS, name string) ([]entry, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // read only

	dec := json.NewDecoder(f)
	if start, err := dec.Token(); err != nil {
		return nil, err
	} else if start != json.Delim('{') {
		return nil, errors.New("not a JSON object")
	}
	var entries []entry
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return nil, err
		}
		text, err := dec.Token()
		if err != nil {
			return nil, err
		}
		s, ok := text.(string)
		if !ok {
			return nil, fmt.Errorf("key %q: the value is not a text", key)
		}
		entries = append(entries, entry{key.(string), s})
	}
	if _, err := dec.Token(); err != nil {
		return nil, err
	}
	return entries, nil
}
