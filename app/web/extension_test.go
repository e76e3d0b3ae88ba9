package web_test

import (
	"net/http"
	"strings"
	"testing"

	"pasokh/app/apptest"
)

// An operator names the own extension once; the intake listens for its calls
// from then on, also after a registration and through the menu.
func TestTheIntakeListensAtTheOwnExtension(t *testing.T) {
	app := apptest.New(t)
	operator := app.As("operator")
	if page := operator.Get("/desk/intake").Is(http.StatusOK); !strings.Contains(page.Body, "calls=yes") || strings.Contains(page.Body, "extension=") {
		t.Error("before: the intake does not listen to every call")
	}
	page := operator.Post("/desk/settings", apptest.Form{"email": "", "language": "fa", "extension": "12 الف"}).Is(http.StatusUnprocessableEntity)
	if !page.Has("#extension-error") || !strings.Contains(page.Body, `value="۱۲ الف"`) {
		t.Error("what is no extension is not named beside the field, or is lost")
	}
	operator.Post("/desk/settings", apptest.Form{"email": "", "language": "fa", "extension": "۱۲۰۳"}).To("/desk/settings")
	if page := operator.Get("/desk/intake"); !strings.Contains(page.Body, "extension=1203") {
		t.Error("the intake does not listen at the own extension")
	}
	if page := app.As("expert").Get("/desk/settings"); page.Has("[name=extension]") {
		t.Error("who takes no calls is asked for an extension")
	}
}
