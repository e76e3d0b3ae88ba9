package jobs_test

import (
	"context"
	"testing"
	"time"

	"pasokh/app/carriers/fakes"
	"pasokh/app/citizens"
	"pasokh/app/notify"
	"pasokh/jobs"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// A message that turns out not to have arrived goes by mail, unless what it says
// has passed or been overtaken meanwhile; the record says why it does not.
func TestMailThatStandsInSaysNothingThatIsOver(t *testing.T) {
	for name, c := range map[string]struct {
		meanwhile func(*office, *meetings.Meeting)
		mails     int
		word      string
	}{
		"in time": {func(*office, *meetings.Meeting) {}, 1, "accepted"},
		"passed":  {func(o *office, m *meetings.Meeting) { o.Clock.Set(m.StartsAt.Add(time.Minute)) }, 0, "dropped: passed"},
		"cancelled": {func(o *office, m *meetings.Meeting) {
			o.Clock.Advance(time.Second)
			o.write(o.as("pr"), func(ctx context.Context, tx *tenants.Tx) error {
				return meetings.Cancel(ctx, tx, m.ID, meetings.ByOffice, "جلسهٔ فوری هیئت‌مدیره")
			})
		}, 0, "dropped: cancelled"},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			o.write(tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
				_, err := citizens.Ensure(ctx, tx, citizens.Identity{Mobile: citizenMobile, NationalID: "0499370899", Name: "سارا محمدی", Email: "sara@example.com", Verified: true})
				return err
			})
			fake, _ := o.gated("kavenegar", "smtp")
			o.write(tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
				return notify.SaveRules(ctx, tx, "meeting.approved", map[string]bool{"sms": true})
			})
			m := o.approved()
			fake.SetFate(fakes.Undelivered)
			c.meanwhile(o, m)
			o.Clock.Advance(2 * time.Minute)
			if err := jobs.RunClock(t.Context(), o.Deps, "notify.deliveries"); err != nil {
				t.Fatal(err)
			}
			_ = jobs.Drain(t.Context(), o.Deps)
			db := o.DB(t)
			mails, err := db.Select((*notify.Message)(nil)).Where("message.template = 'sms.meeting.approved' AND message.fallback_of IS NOT NULL").Count(t.Context())
			db.Release()
			if err != nil {
				t.Fatal(err)
			}
			words := map[string]bool{}
			for _, row := range o.tasks(t) {
				if row.Kind == notify.KindUndelivered {
					words[row.Result] = true
				}
			}
			if int(mails) != c.mails || !words[c.word] {
				t.Fatalf("%d mails, %v", mails, words)
			}
		})
	}
}
