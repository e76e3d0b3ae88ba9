package persian

import (
	"bytes"
	"slices"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// Sort puts items in the order of a Persian dictionary by their key (آ ا ب پ … ک گ … و ه ی), in place.
// Items with equal keys keep their order. Code points would put ه and و before پ چ ژ ک گ.
func Sort[T any](items []T, key func(T) string) {
	type entry struct {
		item T
		key  []byte
	}
	collator := collate.New(language.Persian) // not safe for concurrent use, so each call has its own
	var buffer collate.Buffer
	entries := make([]entry, len(items))
	for i, item := range items {
		entries[i] = entry{item, collator.KeyFromString(&buffer, key(item))}
	}
	slices.SortStableFunc(entries, func(a, b entry) int { return bytes.Compare(a.key, b.key) })
	for i, e := range entries {
		items[i] = e.item
	}
}
