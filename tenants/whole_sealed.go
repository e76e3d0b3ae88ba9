package tenants

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"pasokh/app/persian"
	"pasokh/app/vault"
)

// blindMark stands before a word of a package that lay blind in what a case is
// found by: search keys have letters and digits only.
const blindMark = "~"

// openRow puts what the sealed values of a row stand for in their place, and
// takes away what only the keys of this deployment can use.
func (w *Estate) openRow(t sealedTable, row map[string]any) error {
	place := func(column string) vault.Place {
		at := vault.Place{Tenant: w.tenant.ID, Table: t.name, Column: column, Row: rowOf(textOf(row["id"]))}
		if !t.words {
			at.Row, _ = json.Number(textOf(row["id"])).Int64() // the database wrote it
		}
		return at
	}
	key := ""
	if t.subject {
		key = textOf(row["subject_key"])
		delete(row, "subject_key")
	}
	for _, c := range t.columns {
		switch {
		case c.document != nil:
			w.openDocument(c, row, place(c.name))
		case c.whole:
			if err := w.openContent(c, row, place(c.name)); err != nil {
				return err
			}
		default:
			w.openColumn(c, row, key, place(c.name))
		}
	}
	if t.name == "complaints" {
		w.openSearch(row)
	}
	return nil
}

func (w *Estate) openColumn(c sealedColumn, row map[string]any, key string, at vault.Place) {
	word := textOf(row[c.stored()])
	if c.blind != "" {
		delete(row, c.stored())
		if word == "" {
			return // clear, empty or erased
		}
	}
	row[c.name] = w.openWord(key, word, at)
}

// openWord is a value in clear; one that no key opens is counted and shown as a
// dash.
func (w *Estate) openWord(key, word string, at vault.Place) string {
	if strings.HasPrefix(word, bySubject) {
		word = key + word
	}
	plain, err := w.ring.open(word, at)
	if err != nil {
		w.Unreadable++
		return unreadable
	}
	return plain
}

func (w *Estate) openDocument(c sealedColumn, row map[string]any, at vault.Place) {
	doc, ok := row[c.name].(map[string]any)
	if !ok {
		return
	}
	for member, blind := range c.document {
		stored := member
		if blind != "" {
			stored += "_sealed"
		}
		word, _ := doc[stored].(string)
		if blind != "" {
			delete(doc, stored)
		}
		if word != "" {
			doc[member] = w.openWord("", word, at)
		}
	}
}

func (w *Estate) openContent(c sealedColumn, row map[string]any, at vault.Place) (err error) {
	word, ok := row[c.name].(string)
	if !ok || !strings.HasPrefix(word, byTenant) {
		return nil
	}
	row[c.name] = nil
	if plain := w.openWord("", word, at); plain != unreadable {
		row[c.name], err = document(plain)
	}
	return err
}

// openSearch puts the words that lay blind in their place again, marked. What an
// older name or number left there says nothing any more and is left out.
func (w *Estate) openSearch(row map[string]any) {
	key, at := textOf(row["person_key"]), vault.Place{Tenant: w.tenant.ID, Table: "citizens"}
	at.Row, _ = json.Number(textOf(row["person_id"])).Int64() // none: there is no person
	own := []string{}
	for column, stored := range map[string]string{"name": "person_name", "mobile": "person_mobile"} {
		if at.Column = column; textOf(row[stored]) != "" {
			own = append(own, strings.TrimPrefix(w.openWord(key, textOf(row[stored]), at), "+98"))
		}
	}
	for _, c := range person {
		delete(row, c.Name)
	}
	if doc, ok := row["place"].(map[string]any); ok {
		own = append(own, textOf(doc["address"]), textOf(doc["postal_code"]), textOf(doc["subscription"]))
	}
	clear := map[string]string{}
	for _, word := range strings.Fields(persian.SearchKey(strings.Join(own, " "))) {
		clear[w.ring.blindWord(word)] = word
	}
	told := " " + persian.SearchKey(fmt.Sprint(row["code"], " ", row["text"], " ", row["external_number"], " ", row["secretariat_number"], " ", row["answers"], " ", row["place"])) + " "
	var words []string
	for _, word := range strings.Fields(textOf(row["search_key"])) {
		if found, ok := clear[word]; ok {
			words = append(words, blindMark+found)
		} else if !looksBlind(word) || strings.Contains(told, " "+word+" ") {
			words = append(words, word)
		}
	}
	row["search_key"] = strings.Join(words, " ")
}

// looksBlind tells whether a word may be one that blindWord made.
func looksBlind(word string) bool {
	return len(word) == wordCode.EncodedLen(10) && strings.Trim(word, "abcdefghijklmnopqrstuvwxyz234567") == ""
}

// sealWhole seals a row that came in clear under the organization's keys: the
// columns as they are written. A person who was erased stays so.
func (k *ring) sealWhole(t sealedTable, row map[string]any) error {
	s := &sealedRow{table: t, k: k, id: textOf(row["id"]), old: map[string]string{}, now: map[string]string{}}
	if t.subject {
		row["subject_key"] = ""
	}
	for _, c := range t.columns {
		if c.blind != "" {
			row[c.stored()] = ""
		}
		s.old[c.name] = textOf(row[c.name])
		if c.document != nil || c.whole {
			text, err := compact(row[c.name])
			if err != nil {
				return err
			}
			s.old[c.name] = string(text)
		}
	}
	if t.subject && row["erased_at"] != nil {
		return nil
	}
	if t.name == "complaints" {
		row["search_key"] = k.sealSearch(textOf(row["search_key"]))
	}
	if err := s.sealClear(); err != nil {
		return err
	}
	delete(s.now, "search_key") // made above, of the words that are marked
	for column, text := range s.now {
		if err := sealedInto(t, row, column, text); err != nil {
			return err
		}
	}
	return nil
}

// sealedInto puts a sealed text where the row has it.
func sealedInto(t sealedTable, row map[string]any, column, text string) error {
	at := slices.IndexFunc(t.columns, func(c sealedColumn) bool { return c.name == column && (c.document != nil || c.whole) })
	if at < 0 {
		row[column] = text
		return nil
	}
	v, err := document(text)
	row[column] = v
	return err
}

func (k *ring) sealSearch(text string) string {
	words := strings.Fields(text)
	for i, word := range words {
		if clear, ok := strings.CutPrefix(word, blindMark); ok {
			words[i] = k.blindWord(clear)
		}
	}
	return strings.Join(words, " ")
}

// textOf is a value as text; NULL is empty.
func textOf(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

// sealedOf is the sealed columns of a table; false when it has none.
func sealedOf(name string) (sealedTable, bool) {
	for _, t := range sealedTables {
		if t.name == name {
			return t, true
		}
	}
	return sealedTable{}, false
}
