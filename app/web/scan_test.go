package web_test

import (
	"net/http"
	"strings"
	"testing"

	"pasokh/app/apptest"
	"pasokh/app/files"
	"pasokh/app/inbound"
)

// What a scanner finds is refused in the words of the reader and put on record;
// while it is away nothing is taken.
func TestFilesAreLookedThrough(t *testing.T) {
	app := apptest.New(t)
	socket, stop := apptest.Clamd(t)
	scanner, err := files.ParseClamd(socket)
	if err != nil {
		t.Fatal(err)
	}
	app.Files.Scanner = scanner
	infected := apptest.File{Field: "file", Name: "a.pdf", Type: "application/pdf", Content: []byte(plainPDF + eicar)}
	clean := apptest.File{Field: "file", Name: "a.pdf", Type: "application/pdf", Content: []byte(plainPDF)}
	f := begin(t, app)
	if page := f.details(nil, infected).Is(http.StatusUnprocessableEntity); !strings.Contains(page.Text(), "آلوده به بدافزار") {
		t.Error(page.Text())
	}
	if page := app.As("manager").PostFile("/desk/imports", nil, apptest.File{Field: "file", Name: "a.csv", Type: "text/csv", Content: []byte("a,b\n1," + eicar)}); page.Status != http.StatusUnprocessableEntity {
		t.Errorf("a table: %d", page.Status)
	}
	db := app.Root.For(app.A)
	n, err := db.Select((*entry)(nil)).Where("entry.act = ? AND entry.detail LIKE ?", "file.infected", "%EICAR_HDB%").Count(t.Context())
	db.Release()
	if err != nil || n != 2 {
		t.Errorf("%d lines of the record, %v", n, err)
	}
	hook := "/hooks/mail/" + word(t, app, inbound.Mail, 0)
	letter := mailHead + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=a.pdf\r\n\r\n" + plainPDF + "\r\n--b--\r\n"
	stop()
	if page := f.details(nil, clean).Is(http.StatusUnprocessableEntity); !strings.Contains(page.Text(), "دوباره بفرستید") {
		t.Error(page.Text())
	}
	if got := machine(app, hook, "message/rfc822", letter); got != http.StatusServiceUnavailable {
		t.Errorf("a mail while the scanner is away: %d", got)
	}
	scanner.Lenient = true
	f.details(nil, clean).To(f.draft + "/contact")
	if got := machine(app, hook, "message/rfc822", letter); got != http.StatusNoContent {
		t.Errorf("a mail: %d", got)
	}
}
