package sheet

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"time"

	"github.com/xuri/excelize/v2"

	"pasokh/app/fault"
)

// The bounds of a workbook once it is unpacked: a small file can hold a very
// large one.
const (
	maxUnzipped = 128 << 20
	maxPart     = 64 << 20 // of one sheet in memory; more of it waits on disk
)

var limits = excelize.Options{UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxPart, RawCellValue: true}

// readXLSX reads one sheet. Formulas are taken as the values that were saved
// with them; nothing is calculated.
func readXLSX(ctx context.Context, raw []byte, name string, b *builder) (err error) {
	// The library is fed files from anywhere; whatever it trips over is the file's fault.
	defer func() {
		if p := recover(); p != nil {
			err = wrong("unreadable")
		}
	}()
	f, err := excelize.OpenReader(bytes.NewReader(raw), limits)
	if err != nil {
		return wrong("unreadable")
	}
	defer f.Close() //nolint:errcheck // read only; the system empties its temporary place
	b.table.Names = f.GetSheetList()
	if len(b.table.Names) == 0 {
		return wrong("empty")
	}
	if name == "" {
		name = b.table.Names[0]
	}
	if !slices.Contains(b.table.Names, name) {
		return wrong("sheet")
	}
	if p, err := f.GetWorkbookProps(); err == nil && p.Date1904 != nil && *p.Date1904 {
		return wrong("dates_1904")
	}
	b.table.Sheet = name
	return readRows(ctx, f, name, b)
}

func readRows(ctx context.Context, f *excelize.File, name string, b *builder) error {
	rows, err := f.Rows(name)
	if err != nil {
		return wrong("unreadable")
	}
	defer rows.Close() //nolint:errcheck // read only
	for line := 1; rows.Next(); line++ {
		cells, err := rows.Columns()
		if err != nil {
			return wrong("unreadable")
		}
		for i := range cells {
			cells[i] = plain(cells[i])
		}
		more, err := b.add(line, cells)
		if err != nil || !more {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	if rows.Error() != nil {
		return wrong("unreadable")
	}
	return nil
}

var scientific = regexp.MustCompile(`^-?[0-9](\.[0-9]+)?[eE]\+?[0-9]{1,2}$`)

// plain writes a number that the file keeps as 9.12E+9 with all its digits.
func plain(cell string) string {
	if !scientific.MatchString(cell) {
		return cell
	}
	n, err := strconv.ParseFloat(cell, 64)
	if err != nil {
		return cell
	}
	return strconv.FormatFloat(n, 'f', -1, 64)
}

var serial = regexp.MustCompile(`^[1-9][0-9]{4}(\.[0-9]+)?$`)

// Moment reads the number by which a workbook keeps a day of the years 1927 to
// 2173 and its time; the zone is the reader's.
func Moment(cell string, zone *time.Location) (time.Time, bool) {
	if !serial.MatchString(cell) {
		return time.Time{}, false
	}
	n, err := strconv.ParseFloat(cell, 64)
	if err != nil {
		return time.Time{}, false
	}
	t, err := excelize.ExcelDateToTime(n, false)
	if err != nil {
		return time.Time{}, false
	}
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), 0, 0, zone), true
}

// Page is one sheet of a workbook to write; the first row is its heading.
type Page struct {
	Name string
	Rows [][]string
}

// WriteXLSX writes a workbook, its sheets from right to left when rtl is set.
// All cells are texts, so that none is a formula and no digit is lost.
func WriteXLSX(out io.Writer, rtl bool, pages ...Page) error {
	f := excelize.NewFile()
	defer f.Close() //nolint:errcheck // nothing is left of it
	head, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}, NumFmt: 49, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E6F0EF"}}})
	if err != nil {
		return fault.Wrap(err, "sheet.WriteXLSX")
	}
	text, err := f.NewStyle(&excelize.Style{NumFmt: 49})
	if err != nil {
		return fault.Wrap(err, "sheet.WriteXLSX")
	}
	for i, p := range pages {
		if err := writePage(f, i, p, rtl, head, text); err != nil {
			return fault.Wrap(err, "sheet.WriteXLSX")
		}
	}
	return fault.Wrap(f.Write(out), "sheet.WriteXLSX")
}

func writePage(f *excelize.File, at int, p Page, rtl bool, head, text int) error {
	if at == 0 {
		if err := f.SetSheetName("Sheet1", p.Name); err != nil {
			return err
		}
	} else if _, err := f.NewSheet(p.Name); err != nil {
		return err
	}
	if err := f.SetSheetView(p.Name, 0, &excelize.ViewOptions{RightToLeft: &rtl}); err != nil {
		return err
	}
	columns := 1
	for i, row := range p.Rows {
		columns = max(columns, len(row))
		for j, cell := range row {
			name, err := excelize.CoordinatesToCellName(j+1, i+1)
			if err != nil {
				return err
			}
			if err := f.SetCellStr(p.Name, name, cell); err != nil {
				return err
			}
		}
	}
	last, err := excelize.ColumnNumberToName(columns)
	if err != nil {
		return err
	}
	if err := f.SetColStyle(p.Name, "A:"+last, text); err != nil {
		return err
	}
	if err := f.SetColWidth(p.Name, "A", last, 20); err != nil {
		return err
	}
	return f.SetCellStyle(p.Name, "A1", fmt.Sprintf("%s1", last), head)
}
