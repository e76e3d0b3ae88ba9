package web_test

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"pasokh/app/apptest"
	"pasokh/app/staff"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
)

// postOf is the first post of the organization, and an account beside it.
func postOf(t *testing.T, app *apptest.App) (post directives.Executive, account int64) {
	t.Helper()
	app.Do(app.A, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		list, err := directives.Executives(ctx, tx)
		if err != nil {
			return err
		}
		who, err := staff.ByUserName(ctx, tx, "pr")
		if err != nil {
			return err
		}
		post, account = list[0], who.ID
		return nil
	})
	return post, account
}

func TestADeputyHasTheExecutivesPage(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	post, account := postOf(t, app)
	admin, path := app.As("admin"), "/desk/organization/executives/"+strconv.FormatInt(post.ID, 10)
	app.As("pr").Get("/executive").Is(http.StatusForbidden)
	page := admin.Post(path+"/deputies", apptest.Form{"staff": strconv.FormatInt(account, 10), "from": "", "until": "1300/01/01"}).Is(http.StatusUnprocessableEntity)
	if !page.Has("#until-error") {
		t.Error("no error beside the end")
	}
	admin.Post(path+"/deputies", apptest.Form{"staff": strconv.FormatInt(account, 10), "from": "", "until": "1405/09/20"}).To(path)
	if page := app.As("pr").Get("/executive").Is(http.StatusOK); !strings.Contains(page.Text(), post.PostFA) {
		t.Error("the deputy sees another page")
	}
	if page := admin.Get(path).Is(http.StatusOK); !page.Has("form[action*='/desk/organization/terms/']") {
		t.Error("the deputy cannot be ended")
	}
	app.Clock.Advance(60 * 24 * time.Hour)
	app.As("pr").Get("/executive").Is(http.StatusForbidden)
}

func TestAPostWithDutiesIsNotRetired(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	post, _ := postOf(t, app)
	admin, path := app.As("admin"), "/desk/organization/executives/"+strconv.FormatInt(post.ID, 10)
	page := admin.Post(path+"/retirement", apptest.Form{}).Is(http.StatusConflict)
	if page.Has("form[action$='/retirement']") || !strings.Contains(page.Text(), post.NameFA) {
		t.Errorf("%s", page.Text())
	}
	admin.Get("/desk/organization/executives").Is(http.StatusOK)
	admin.Post("/desk/organization/executives", apptest.Form{"code": "vp", "post_fa": "معاون", "post_en": "Deputy", "name_fa": "سارا کریمی", "name_en": "Sara Karimi"}).To("/desk/organization/executives")
	admin.Post("/desk/organization/executives", apptest.Form{"code": "vp"}).Is(http.StatusUnprocessableEntity)
}

func TestCalendarsOfSitesAreOffered(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	if page := app.As("pr").Get("/desk/calendars").Is(http.StatusOK); !page.Has("input[name=kind][value=site]") {
		t.Errorf("no calendar of a site: %s", page.Text())
	}
}
