// Package sheet reads and writes tables in files: CSV as every program writes
// it, and XLSX. It knows nothing of what the columns mean.
package sheet

import (
	"bytes"
	"context"
	"path"
	"strings"

	"pasokh/app/fault"
)

// The bounds of what is read.
const (
	MaxBytes   = 10 << 20
	MaxRows    = 20_000
	MaxColumns = 60
	maxCell    = 32_767 // characters, as spreadsheets have it
	maxLines   = MaxRows + 30_000
)

// Format is the kind of file.
type Format string

// The formats.
const (
	CSV  Format = "csv"
	XLSX Format = "xlsx"
)

// Table is a file as it was read: the first line that is not empty names the
// columns.
type Table struct {
	Names   []string // sheets of a workbook
	Sheet   string   // the one that was read
	Headers []string
	Rows    []Row
}

// Row is one line that is not empty; it has as many cells as there are headers.
type Row struct {
	Line  int // from 1, as a spreadsheet counts
	Cells []string
}

// FormatOf tells what a file is by its name and its first bytes; errors are
// Invalid at "file".
func FormatOf(name string, raw []byte) (Format, error) {
	ext := strings.ToLower(strings.TrimPrefix(path.Ext(name), "."))
	zipped := bytes.HasPrefix(raw, []byte("PK\x03\x04"))
	switch {
	case len(raw) == 0:
		return "", wrong("empty")
	case len(raw) > MaxBytes:
		return "", wrong("large")
	case ext == "xlsx" && zipped:
		return XLSX, nil
	case ext == "xls" || bytes.HasPrefix(raw, []byte("\xd0\xcf\x11\xe0")):
		return "", wrong("xls")
	case zipped:
		return "", wrong("type")
	case ext == "csv" || ext == "txt" || ext == "tsv":
		return CSV, nil
	}
	return "", wrong("type")
}

// Read reads a file; name chooses a sheet of a workbook, the first when empty.
// No more than limit rows are kept (all when 0, which is an error above
// MaxRows). Errors of the file are Invalid at "file".
func Read(ctx context.Context, format Format, raw []byte, name string, limit int) (*Table, error) {
	t := &Table{}
	b := &builder{table: t, limit: limit}
	var err error
	if format == XLSX {
		err = readXLSX(ctx, raw, name, b)
	} else {
		err = readCSV(ctx, raw, b)
	}
	if err != nil {
		return nil, err
	}
	if len(t.Headers) == 0 {
		return t, wrong("empty")
	}
	return t, nil
}

// wrong is what somebody has to mend in the file.
func wrong(what string) error { return fault.Field("file", "sheet.error."+what) }

// builder takes the lines of a file one after another.
type builder struct {
	table *Table
	limit int
}

// add takes one line, and tells whether more are wanted.
func (b *builder) add(line int, cells []string) (more bool, err error) {
	for len(cells) > 0 && strings.TrimSpace(cells[len(cells)-1]) == "" {
		cells = cells[:len(cells)-1]
	}
	if line > maxLines {
		return false, wrong("many_lines")
	}
	if len(cells) == 0 {
		return true, nil
	}
	if len(cells) > MaxColumns {
		return false, wrong("many_columns")
	}
	for i, text := range cells {
		if len(text) > 4*maxCell {
			return false, wrong("long_cell")
		}
		cells[i] = strings.TrimSpace(strings.ToValidUTF8(text, "\ufffd"))
	}
	t := b.table
	if t.Headers == nil {
		t.Headers = append([]string{}, cells...)
		return true, nil
	}
	if b.limit == 0 && len(t.Rows) == MaxRows {
		return false, wrong("many_rows")
	}
	// What stands to the right of the last header has no meaning.
	row := Row{Line: line, Cells: make([]string, len(t.Headers))}
	copy(row.Cells, cells)
	t.Rows = append(t.Rows, row)
	return b.limit == 0 || len(t.Rows) < b.limit, nil
}
