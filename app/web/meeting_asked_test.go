package web_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"pasokh/app/apptest"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// What a window asks is asked in the wizard, kept when something is missing, and
// stands on the meeting.
func TestTheWizardAsksWhatTheWindowsAsk(t *testing.T) {
	o := newOffice(t)
	var topic, district int64
	o.Do(o.A, o.Staff(o.A, "pr"), func(ctx context.Context, tx *tenants.Tx) error {
		topics, err := tenants.Topics(ctx, tx)
		if err != nil {
			return err
		}
		districts, err := tenants.Districts(ctx, tx)
		if err != nil {
			return err
		}
		topic, district = topics[len(topics)-1].ID, districts[0].ID
		list, err := meetings.Windows(ctx, tx, o.Executive)
		if err != nil {
			return err
		}
		w := list[0]
		w.Rules.Topics, w.Rules.Questions, w.Rules.Documents = []int64{topic}, []string{"شمارهٔ اشتراک؟"}, []string{"سند"}
		if err := meetings.SaveWindow(ctx, tx, &w, true); err != nil {
			return err
		}
		return meetings.ServeDistricts(ctx, tx, map[int64]int64{district: o.Executive})
	})
	z := o.wizard()
	page := z.subject("").Is(http.StatusUnprocessableEntity)
	for _, field := range []string{"topic", "district", "answer_1"} {
		if !page.Has("#" + field + "[aria-invalid=true]") {
			t.Errorf("%s is not asked for", field)
		}
	}
	typed := apptest.Form{"subject": "گازرسانی", "text": "روستای ما گاز ندارد", "topic": fmt.Sprint(topic), "district": fmt.Sprint(district), "answer_1": "۱۲۳۴"}
	z.PostFile(z.draft+"/subject", typed).To(z.draft + "/slot")
	if back := z.Get(z.draft + "/subject").Is(http.StatusOK); back.Doc().Find("#answer_1").Text() != "۱۲۳۴" || !back.Has(fmt.Sprintf("#district option[value='%d'][selected]", district)) {
		t.Error("what was typed is lost")
	}
	z.hold(0)
	z.book(o.App, "09351112233").To("/meeting/receipt")
	o.Do(o.A, o.Staff(o.A, "pr"), func(ctx context.Context, tx *tenants.Tx) error {
		list, _, err := meetings.List(ctx, tx, meetings.Filter{Limit: 50})
		for _, m := range list {
			if m.DistrictID != nil && *m.DistrictID == district && m.TopicID != nil && *m.TopicID == topic && len(m.Answers) == 1 {
				return err
			}
		}
		t.Errorf("not on the meeting: %+v", list)
		return err
	})
}
