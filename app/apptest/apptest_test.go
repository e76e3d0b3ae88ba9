package apptest_test

import (
	"testing"

	"pasokh/app/apptest"
)

func TestTwinsLookAlike(t *testing.T) {
	app := apptest.New(t)
	a, b := app.Twin(app.A), app.Twin(app.B)
	if a.Complaint == 0 || a.Meeting == 0 || a.Directive == 0 || a.File == 0 || a.Complaint == b.Complaint {
		t.Errorf("%+v %+v", a, b)
	}
	app.Drain()
	if len(app.Sent()) == 0 {
		t.Error("nobody was told")
	}
}
