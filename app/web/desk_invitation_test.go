package web_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"pasokh/app/apptest"
	"pasokh/app/committees"
	"pasokh/app/complaints"
	"pasokh/tenants"
)

// A case's citizen is invited to a public meeting once, until it is booked.
func TestACitizenIsInvitedToAMeetingFromTheCase(t *testing.T) {
	o := newOffice(t)
	path := fmt.Sprintf("/desk/complaints/%d", o.Complaint)
	pr := o.As("pr")
	if !pr.Get(path).Is(http.StatusOK).Has("form[action='" + path + "/invitation']") {
		t.Fatal("no way to invite")
	}
	o.Drain()
	before := len(o.Sent())
	pr.Post(path+"/invitation", nil).Is(http.StatusSeeOther)
	o.Drain()
	sent := o.Sent()[before:]
	if len(sent) != 1 || !strings.Contains(sent[0].Text, "/meetings/new?case="+o.Twin.Code) {
		t.Fatalf("sent %+v", sent)
	}
	page := pr.Get(path).Is(http.StatusOK)
	if page.Has("form[action='" + path + "/invitation']") {
		t.Error("invited twice")
	}
	if !strings.Contains(page.Text(), "دعوت شهروند به ملاقات مردمی") {
		t.Error("not on the timeline")
	}
	pr.Post(path+"/invitation", nil).Is(http.StatusConflict)
	o.As("expert").Post(path+"/invitation", nil).Is(http.StatusForbidden)
	o.Do(o.A, o.Staff(o.A, "pr"), func(ctx context.Context, tx *tenants.Tx) error {
		return complaints.TakeInvitation(ctx, tx, o.Complaint, o.Meeting)
	})
	pr.Post(path+"/invitation", nil).Is(http.StatusSeeOther)
}

// Who takes a place in the line instead of a time has answered the invitation,
// too: the office may invite again.
func TestAPlaceInTheLineAnswersTheInvitation(t *testing.T) {
	o := newOffice(t)
	path := fmt.Sprintf("/desk/complaints/%d", o.Complaint)
	pr := o.As("pr")
	pr.Post(path+"/invitation", nil).Is(http.StatusSeeOther)
	z := o.wizard()
	z.subject(o.Twin.Code).To(z.draft + "/slot")
	z.Post(z.draft+"/wait", apptest.Form{"for": "0"}).To(z.draft + "/contact")
	z.book(o.App, "09121110000").To("/meeting")
	if !pr.Get(path).Is(http.StatusOK).Has("form[action='" + path + "/invitation']") {
		t.Error("the invitation is still open")
	}
}

// The address of a committee's calendar is a member's own: it ends with the
// membership, and comes back with it.
func TestACommitteesCalendarEndsWithTheMembership(t *testing.T) {
	app := apptest.New(t)
	twin := app.Twin(app.A)
	manager, head, member := app.Staff(app.A, "manager"), app.Staff(app.A, "head"), app.Staff(app.A, "pr")
	members := func(with bool) {
		app.Do(app.A, manager, func(ctx context.Context, tx *tenants.Tx) error {
			c, err := committees.ByID(ctx, tx, twin.Committee)
			if err != nil {
				return err
			}
			kept := []committees.Member{{StaffID: manager.ID, Role: committees.Chair}, {StaffID: head.ID, Role: committees.Secretary}}
			if with {
				kept = append(kept, committees.Member{StaffID: member.ID, Role: committees.Ordinary})
			}
			return committees.Save(ctx, tx, c, kept)
		})
	}
	members(true)
	form := apptest.Form{"kind": "committee", "subject": fmt.Sprint(twin.Committee)}
	anybody := app.Visit("alpha")
	at := address(t, app.As("pr").Post("/desk/calendars", form))
	anybody.Get(at).Is(http.StatusOK)
	members(false)
	anybody.Get(at).Is(http.StatusNotFound)
	members(true)
	anybody.Get(at).Is(http.StatusOK)
}
