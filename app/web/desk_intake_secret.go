package web

import (
	"strconv"
	"strings"
	"time"

	"pasokh/app/complaints"
	"pasokh/app/persian"
	"pasokh/views"
	"pasokh/views/parts"
)

// Whoever registers a confidential case for a caller is not shown it afterwards,
// but must read its code out, once. It travels in the browser's own cookie.

// secretReadOut is what has to be read out of a confidential case.
func secretReadOut(got *complaints.Receipt) string {
	c := got.Complaint
	told := "1"
	if c.Anonymous() {
		told = "0"
	}
	return strings.Join([]string{idText(c.ID), got.PIN, c.Code, strconv.FormatInt(c.PromisedAt.Unix(), 10), told}, ".")
}

// secretDone reads out the code of a confidential case that this browser has
// just registered; gone for everybody else.
func (w *web) secretDone(r *req, gone error) error {
	said := strings.Split(r.cookie(readOutCookie), ".")
	if len(said) != 5 || said[0] != r.query("done") {
		return gone
	}
	w.setCookie(r.c, readOutCookie, "", -1)
	m := views.DeskReadOut{
		Code: persian.ShowCode(said[2]), PromisedAt: time.Unix(number(said[3]), 0).UTC(), Unit: r.t("confidential.kept_by"), Told: said[4] == "1", Secret: true,
	}
	if said[1] != "" {
		m.PIN = persian.ShowPIN(said[1])
	}
	return r.page(parts.Desk, r.frame("desk.intake.done"), views.DeskReadOutPage(m))
}
