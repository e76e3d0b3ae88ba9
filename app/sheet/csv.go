package sheet

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// readCSV reads lines separated by comma, semicolon or tab, in UTF-8 with or
// without its mark, or in the UTF-16 that spreadsheets call "Unicode text".
// Older code pages are refused: Windows-1256 has no Persian ی, so a file in it
// has lost letters before it came here.
func readCSV(ctx context.Context, raw []byte, b *builder) error {
	raw, err := decoded(raw)
	if err != nil {
		return err
	}
	r := csv.NewReader(bytes.NewReader(raw))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes = separator(raw), -1, true
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return wrong("unreadable")
		}
		at, _ := r.FieldPos(0)
		more, err := b.add(at, row)
		if err != nil || !more {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

func decoded(raw []byte) ([]byte, error) {
	for mark, order := range map[string]binary.ByteOrder{"\xff\xfe": binary.LittleEndian, "\xfe\xff": binary.BigEndian} {
		if rest, ok := bytes.CutPrefix(raw, []byte(mark)); ok {
			return fromUTF16(rest, order), nil
		}
	}
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	switch {
	case bytes.IndexByte(raw, 0) >= 0:
		return nil, wrong("unreadable")
	case !utf8.Valid(raw):
		return nil, wrong("encoding")
	}
	return raw, nil
}

func fromUTF16(raw []byte, order binary.ByteOrder) []byte {
	units := make([]uint16, len(raw)/2)
	for i := range units {
		units[i] = order.Uint16(raw[2*i:])
	}
	return []byte(strings.ReplaceAll(string(utf16.Decode(units)), "\x00", ""))
}

// separator is the one that the first line has most of, outside quotes.
func separator(raw []byte) rune {
	counts, quoted := map[rune]int{}, false
	for _, c := range string(raw) {
		if c == '"' {
			quoted = !quoted
		}
		if c == '\n' && !quoted && len(counts) > 0 {
			break
		}
		if !quoted && (c == ',' || c == ';' || c == '\t') {
			counts[c]++
		}
	}
	best := ','
	for _, c := range []rune{';', '\t'} {
		if counts[c] > counts[best] {
			best = c
		}
	}
	return best
}

// WriteCSV writes rows in UTF-8 with its mark, so that spreadsheets know it,
// and so that no cell can be taken for a formula (see Safe).
func WriteCSV(out io.Writer, rows [][]string) error {
	if _, err := io.WriteString(out, "\ufeff"); err != nil {
		return err
	}
	w := csv.NewWriter(out)
	w.UseCRLF = true
	for _, row := range rows {
		safe := make([]string, len(row))
		for i, cell := range row {
			safe[i] = Safe(cell)
		}
		if err := w.Write(safe); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// Safe is a cell that no spreadsheet runs: what begins like a formula, whatever
// unseen stands before it, gets an apostrophe. Plain numbers stay as they are.
func Safe(cell string) string {
	lead := strings.TrimLeftFunc(cell, unseen)
	if strings.HasPrefix(cell, "\t") || strings.HasPrefix(cell, "\r") || strings.HasPrefix(cell, "\n") {
		return "'" + cell
	}
	if lead == "" || !strings.ContainsRune("=+-@|%＝＋－＠﹢﹣﹦﹫−", []rune(lead)[0]) || isNumber(lead) {
		return cell
	}
	return "'" + cell
}

// unseen are the characters that leave no mark: blanks, controls, and those that
// say how others are written.
func unseen(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
}

// isNumber tells whether it is a sign and digits, which calculates nothing.
func isNumber(s string) bool {
	s = strings.TrimLeft(s, "+-")
	return s != "" && strings.Trim(s, "0123456789") == ""
}
