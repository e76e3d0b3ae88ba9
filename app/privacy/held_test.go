package privacy_test

import (
	"testing"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/privacy"
)

func TestHeldOf(t *testing.T) {
	w := dbtest.New(t)
	_, id := person(t, w, "09121112233", "0012345679", false)
	person(t, w, "09129990000", "", false)
	h, err := privacy.HeldOf(t.Context(), w.DB(t), "+989121112233")
	if err != nil || len(h.Cases) != 1 || h.Cases[0].ID != id || len(h.People) != 1 {
		t.Fatal(h, err)
	}
}
