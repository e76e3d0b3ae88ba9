package web_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"pasokh/app/apptest"
	"pasokh/app/files"
	"pasokh/tenants"
)

// A citizen takes the public files of what they showed the code of: no inner
// file, and nothing of anything else.
func TestACitizenTakesTheFilesOfTheirOwnCaseOnly(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	a := app.Twin(app.A)
	inner, public := app.Attach(app.A, "complaint", a.Complaint, "inner.png"), app.Attach(app.A, "complaint", a.Complaint, "public.png")
	app.Do(app.A, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		_, err := tx.Set(ctx, (*files.File)(nil), "public = ?", []any{true}, "id = ?", public)
		return err
	})
	own, other := app.Tracker("complaint", a.Complaint), app.Tracker("meeting", a.Meeting)
	at := func(id int64) string { return fmt.Sprintf("/case/files/%d", id) }
	own.Get(at(public)).Is(http.StatusOK)
	own.Get(at(inner)).Is(http.StatusNotFound)
	other.Get(at(public)).Is(http.StatusNotFound)
}
