package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"pasokh/app/apptest"
	"pasokh/app/committees"
	"pasokh/app/complaints"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// ended lets the order that the office begins with be done, so that it holds
// nothing open.
func (o *office) ended() {
	o.t.Helper()
	o.Do(o.A, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		_, err := tx.Set(ctx, (*directives.Directive)(nil), "state = 'done', done_at = ?, next_clock_at = NULL", []any{tx.Now()}, "id = ?", o.Directive)
		return err
	})
}

// sit lets the hour of the sitting come, and gives its page and the item that
// is the case.
func (o *office) sit() (path string, item int64) {
	o.t.Helper()
	o.Do(o.A, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		s, err := committees.SittingByID(ctx, tx, o.Sitting)
		if err != nil {
			return err
		}
		o.App.Advance(s.StartsAt.Sub(tx.Now()) + time.Minute)
		list, err := committees.Agenda(ctx, tx, s.ID)
		for _, one := range list {
			if one.ComplaintID != nil {
				item = one.ID
			}
		}
		return err
	})
	return fmt.Sprintf("/desk/committees/sittings/%d", o.Sitting), item
}

// The case that a committee decided on is answered neither on its page nor with
// others, until the decision is carried out.
func TestADecisionHoldsItsCase(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.ended()
	path, item := o.sit()
	manager, expert := o.As("manager"), o.As("expert")
	form := manager.Get(fmt.Sprintf("%s/directives/new?item=%d", path, item)).Is(http.StatusOK)
	if form.Doc().Find("input[name=item]").AttrOr("value", "") != fmt.Sprint(item) {
		t.Fatal("the form does not say what it is about")
	}
	manager.Post(path+"/directives", apptest.Form{"text": "Close the trench", "unit": fmt.Sprint(o.Unit), "item": fmt.Sprint(item), "public": "1"}).To(path)
	casePath := fmt.Sprintf("/desk/complaints/%d", o.Complaint)
	expert.Post(casePath+"/acknowledgement", nil).To(casePath)
	refused := expert.Post(casePath+"/answer", apptest.Form{"text": "done"}).Is(http.StatusConflict)
	if !strings.Contains(refused.Text(), "دستور") || !strings.Contains(refused.Body, "done") {
		t.Errorf("no reason, or what was typed is lost: %s", refused.Text())
	}
	manager.Post("/desk/templates", apptest.Form{"kind": "answer", "title": "ترمیم", "body": "ترمیم شد."}).To("/desk/templates")
	template, _ := manager.Get("/desk/templates").Doc().Find("a.row-link").First().Attr("href")
	ids := []string{fmt.Sprintf("%d.%s", o.Complaint, expert.Get(casePath).Doc().Find("input[name=version]").AttrOr("value", ""))}
	expert.PostValues("/desk/bulk/answers", url.Values{"ids": ids, "template": {template[strings.LastIndex(template, "/")+1:]}})
	o.caseIs(complaints.InProgress)
	if page := o.Tracker("complaint", o.Complaint).Get("/case").Is(http.StatusOK); !strings.Contains(page.Text(), "Close the trench") {
		t.Error("the citizen does not read the public decision")
	}
	o.Do(o.A, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		_, err := tx.Set(ctx, (*directives.Directive)(nil), "state = 'done', done_at = ?", []any{tx.Now()}, "origin_kind = 'committee'")
		return err
	})
	expert.Post(casePath+"/answer", apptest.Form{"text": "done"}).To(casePath)
	o.caseIs(complaints.Feedback)
}

// An order given in a meeting about a case holds that case like one on it.
func TestAnOrderOfAMeetingHoldsTheCaseItIsAbout(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.ended()
	o.Do(o.A, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		_, err := tx.Set(ctx, (*meetings.Meeting)(nil), "complaint_id = ?", []any{o.Complaint}, "id = ?", o.Meeting)
		return err
	})
	o.issued()
	casePath, expert := fmt.Sprintf("/desk/complaints/%d", o.Complaint), o.As("expert")
	expert.Post(casePath+"/acknowledgement", nil).To(casePath)
	expert.Post(casePath+"/answer", apptest.Form{"text": "done"}).Is(http.StatusConflict)
	o.caseIs(complaints.InProgress)
	if page := expert.Get(casePath).Is(http.StatusOK); !strings.Contains(page.Text(), "Pave the street") {
		t.Error("the case does not show what it waits for")
	}
}

func (o *office) caseIs(want complaints.State) {
	o.t.Helper()
	db := o.Root.For(o.A)
	defer db.Release()
	c, err := complaints.Plain(o.t.Context(), db, o.Complaint)
	if err != nil || c.State != want {
		o.t.Fatalf("the case is %s, want %s: %v", c.State, want, err)
	}
}
