package sheet_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"pgregory.net/rapid"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/sheet"
)

func TestCSVInAllItsKinds(t *testing.T) {
	wide := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune("نام\tشرح\nسارا\tیک دو\n")) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	for name, raw := range map[string]string{
		"comma": "نام,شرح\nسارا,یک دو\n", "mark": "\ufeffنام,شرح\r\nسارا,یک دو", "semicolon": "نام;شرح\nسارا;یک دو\n",
		"tab": "نام\tشرح\nسارا\tیک دو\n", "empty lines": "\n\nنام,شرح\n,\nسارا,یک دو\n", "utf-16": string(wide),
	} {
		got, err := sheet.Read(t.Context(), sheet.CSV, []byte(raw), "", 0)
		if err != nil || len(got.Rows) != 1 || strings.Join(got.Headers, "|") != "نام|شرح" || strings.Join(got.Rows[0].Cells, "|") != "سارا|یک دو" {
			t.Errorf("%s: %+v %v", name, got, err)
		}
	}
}

func TestLinesAreThoseOfTheFile(t *testing.T) {
	got, err := sheet.Read(t.Context(), sheet.CSV, []byte("a,b\n\"x\ny\",1\nz,2\n"), "", 0)
	if err != nil || got.Rows[0].Line != 2 || got.Rows[1].Line != 4 {
		t.Errorf("%+v %v", got, err)
	}
}

func TestWhatIsRefused(t *testing.T) {
	wide := strings.Repeat("x,", sheet.MaxColumns+1) + "x\n"
	for want, raw := range map[string]string{
		"sheet.error.encoding": "\xe4\xc7\xe3\n", "sheet.error.empty": "\n\n", "sheet.error.many_columns": wide,
		"sheet.error.many_rows": strings.Repeat("x\n", sheet.MaxRows+2), "sheet.error.unreadable": "a\x00b\n",
	} {
		_, err := sheet.Read(t.Context(), sheet.CSV, []byte(raw), "", 0)
		if fault.As(err).Fields["file"] != want {
			t.Errorf("%s: %v", want, err)
		}
	}
}

func TestXLSXThereAndBack(t *testing.T) {
	var b bytes.Buffer
	rows := [][]string{{"شماره", "متن"}, {"0012345679", "=1+1"}, {"", ""}, {"09121234567", "x"}}
	if err := sheet.WriteXLSX(&b, true, sheet.Page{Name: "پرونده‌ها", Rows: rows}, sheet.Page{Name: "کدها"}); err != nil {
		t.Fatal(err)
	}
	got, err := sheet.Read(t.Context(), sheet.XLSX, b.Bytes(), "", 0)
	if err != nil || len(got.Names) != 2 || len(got.Rows) != 2 || got.Rows[0].Cells[0] != "0012345679" || got.Rows[0].Cells[1] != "=1+1" || got.Rows[1].Line != 4 {
		t.Errorf("%+v %v", got, err)
	}
	if _, err := sheet.Read(t.Context(), sheet.XLSX, b.Bytes(), "none", 0); err == nil {
		t.Error("a sheet that is not there")
	}
}

// A small file that unpacks to a very large one is refused before it fills the
// memory.
func TestZipBombIsRefused(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, size := range map[string]int{"[Content_Types].xml": 10, "xl/workbook.xml": 10, "xl/worksheets/sheet1.xml": 200 << 20} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		block := bytes.Repeat([]byte(" "), 1<<20)
		for size > 0 {
			n := min(size, len(block))
			if _, err := w.Write(block[:n]); err != nil {
				t.Fatal(err)
			}
			size -= n
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := sheet.Read(t.Context(), sheet.XLSX, b.Bytes(), "", 0); fault.As(err).Fields["file"] != "sheet.error.unreadable" {
		t.Error(err)
	}
}

// No cell that is written begins as a formula does, and what was no formula
// stays as it was.
func TestCSVIsNoFormula(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.OneOf(rapid.String(), rapid.Custom(func(t *rapid.T) string {
			return rapid.SampledFrom([]string{"=", "+", "-", "@", "\t=", " =", "\u200e=", "|"}).Draw(t, "lead") + rapid.String().Draw(t, "rest")
		})).Draw(t, "cell")
		var b bytes.Buffer
		if err := sheet.WriteCSV(&b, [][]string{{cell, "x"}}); err != nil {
			t.Fatal(err)
		}
		row, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.String(), "\ufeff"))).Read()
		if err != nil {
			t.Fatal(err)
		}
		trimmed := strings.TrimLeft(row[0], " \u200e")
		if strings.ContainsAny(trimmed[:min(1, len(trimmed))], "=@\t|%") {
			t.Fatalf("%q", row[0])
		}
	})
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("a,b\n1,2\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, format := range []sheet.Format{sheet.CSV, sheet.XLSX} {
			if table, err := sheet.Read(t.Context(), format, raw, "", 0); err == nil && len(table.Rows) > sheet.MaxRows {
				t.Error(len(table.Rows))
			}
		}
	})
}

func TestMoment(t *testing.T) {
	if at, ok := sheet.Moment("46347.5", persian.Tehran); !ok || fmt.Sprint(persian.DateOf(at)) != "1405-08-30" || at.Hour() != 12 {
		t.Error(at, ok)
	}
}
