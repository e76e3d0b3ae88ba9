package web_test

import (
	"archive/zip"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"pasokh/app/apptest"
	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/tenants"
)

// A citizen sees and takes along what is theirs and nothing of others, and asks
// for erasure, which the office judges.
func TestMyDataAndItsErasure(t *testing.T) {
	app := apptest.New(t)
	twin := app.Twin(app.A)
	app.Twin(app.B)
	c := app.Citizen(mobile)
	if page := c.Get("/my/data").Is(http.StatusOK); !strings.Contains(page.Body, twin.Canary) {
		t.Error("the name is missing")
	}
	page := c.Post("/my/data/export", nil).Is(http.StatusOK)
	archive, err := zip.NewReader(strings.NewReader(page.Body), int64(len(page.Body)))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, f := range archive.File {
		from, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(from)
		if err != nil {
			t.Fatal(err)
		}
		seen[strings.Split(f.Name, "/")[0]] = true
		text := string(raw)
		if strings.Contains(text, "CANARY-beta") || strings.Contains(text, "@manager") {
			t.Errorf("%s holds what is not the citizen's", f.Name)
		}
		if strings.HasSuffix(f.Name, ".html") && !strings.Contains(text, twin.Canary+" the trench") {
			t.Error("the case is not in the readable file")
		}
	}
	if !seen["data.json"] || !seen["index.html"] || !seen["files"] {
		t.Error(seen)
	}
	c.Post("/my/data/erasure", apptest.Form{"person": "1", "sure": "1"}).Is(http.StatusNotFound)
	admin := app.As("manager")
	desk := admin.Get("/desk/privacy").Is(http.StatusOK)
	if !desk.Has(fmt.Sprintf("#request-%d", twin.Erasure)) || !desk.Has(fmt.Sprintf("#move-%d", twin.Move)) {
		t.Error(desk.Text())
	}
	at := fmt.Sprintf("/desk/privacy/requests/%d/refusal", twin.Erasure)
	admin.Post(at, apptest.Form{"reason": "کوتاه"}).Is(http.StatusUnprocessableEntity)
	admin.Post(at, apptest.Form{"ground": "open_case", "reason": "پرونده شما هنوز باز است"}).To("/desk/privacy")
	if page := c.Get("/my/data").Is(http.StatusOK); !strings.Contains(page.Text(), "پرونده شما هنوز باز است") {
		t.Error("the citizen does not see why")
	}
}

func TestMyMobileNeedsBothCodes(t *testing.T) {
	app := apptest.New(t)
	app.Twin(app.A)
	c := app.Citizen(mobile)
	const next = "09351112233"
	c.Get("/my/mobile").Is(http.StatusOK)
	c.Post("/my/mobile", apptest.Form{"mobile": "0912"}).Is(http.StatusUnprocessableEntity)
	c.Post("/my/mobile", apptest.Form{"mobile": next}).To("/my/mobile/codes")
	c.Get("/my/mobile/codes").Is(http.StatusOK)
	fresh := app.Code("alpha", next)
	c.Post("/my/mobile/codes", apptest.Form{"code_new": fresh, "code_old": "000000"}).Is(http.StatusUnprocessableEntity)
	// The right code was not used up by the wrong one beside it.
	c.Post("/my/mobile/codes", apptest.Form{"code_new": fresh, "code_old": app.Code("alpha", mobile)}).To("/my/data")
}

func TestRetentionPages(t *testing.T) {
	app := apptest.New(t)
	twin := app.Twin(app.A)
	admin := app.As("admin")
	admin.Get("/desk/privacy/retention").Is(http.StatusOK)
	admin.Get(fmt.Sprintf("/desk/privacy/certificates/%d", twin.Certificate)).Is(http.StatusOK)
	admin.Get("/desk/privacy/holds").Is(http.StatusOK)
	admin.Post("/desk/privacy/holds", apptest.Form{"code": "x", "kind": "complaint", "reason": "x"}).Is(http.StatusUnprocessableEntity)
}

// Whoever keeps a person from erasure does not learn by it who stands behind a
// confidential case.
func TestHoldsDoNotNameWhoComplained(t *testing.T) {
	app := apptest.New(t)
	twin := app.Twin(app.A)
	admin := app.As("admin")
	hold := apptest.Form{"code": twin.Code, "kind": "citizen", "reason": "به درخواست دادگاه نگه داشته می‌شود"}
	lines := func() string { return admin.Get("/desk/privacy/holds").Is(http.StatusOK).Doc().Find("main").Text() }
	secret := func(yes bool) {
		app.Do(app.A, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
			_, err := tx.Set(ctx, (*complaints.Complaint)(nil), "confidential = ?", []any{yes}, "id = ?", twin.Complaint)
			return err
		})
	}
	name := twin.Canary + " name"
	app.Do(app.A, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		c := new(citizens.Citizen)
		if err := tx.Lock(ctx, c, "citizen.id = ?", twin.Citizen); err != nil {
			return err
		}
		c.Name = name
		return tx.Update(ctx, c, "name")
	})
	secret(true)
	if page := admin.Post("/desk/privacy/holds", hold).Is(http.StatusUnprocessableEntity); strings.Contains(page.Body, name) {
		t.Error("the refusal names the person")
	}
	secret(false)
	admin.Post("/desk/privacy/holds", hold).Is(http.StatusUnprocessableEntity) // is shown no cases
	app.As("inspector").Post("/desk/privacy/holds", hold).To("/desk/privacy/holds")
	if !strings.Contains(lines(), name) {
		t.Error("the person of an open case is not named")
	}
	secret(true)
	if strings.Contains(lines(), name) {
		t.Error("the hold names who stands behind a confidential case")
	}
}
