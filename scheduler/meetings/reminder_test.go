package meetings_test

import (
	"context"
	"testing"
	"time"

	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// due gives the reasons for dropping each of the meeting's pending reminders.
func (o *office) due(id int64) map[meetings.Notice]string {
	o.t.Helper()
	got := map[meetings.Notice]string{}
	for _, task := range o.tasks(id, "meeting.reminder") {
		if task.DoneAt != nil {
			continue
		}
		o.view(func(ctx context.Context, r tenants.Reader) error {
			_, drop, err := meetings.ReminderDue(ctx, r, id, task.Ref, task.RunAt)
			n := meetings.HoursBefore
			if task.Ref == meetings.DayBefore.Ref(id) {
				n = meetings.DayBefore
			}
			got[n] = drop
			return err
		})
	}
	return got
}

func TestRemindersOneDayAndTwoHoursBefore(t *testing.T) {
	o := newOffice(t)
	m := o.booked(o.sessions()[1].ID, 1)
	tasks := o.tasks(m.ID, "meeting.reminder")
	if len(tasks) != 2 || !tasks[0].RunAt.Equal(m.StartsAt.Add(-24*time.Hour)) || !tasks[1].RunAt.Equal(m.StartsAt.Add(-2*time.Hour)) {
		t.Fatalf("%+v", tasks)
	}
	o.Clock.Set(tasks[0].RunAt)
	if drop := o.due(m.ID)[meetings.DayBefore]; drop != "" {
		t.Fatalf("dropped: %s", drop)
	}
	o.Clock.Set(tasks[1].RunAt)
	if got := o.due(m.ID); got[meetings.DayBefore] != "late" || got[meetings.HoursBefore] != "" {
		t.Fatalf("%v", got)
	}
	o.Clock.Set(m.StartsAt)
	if got := o.due(m.ID); got[meetings.HoursBefore] != "late" {
		t.Fatalf("%v", got)
	}
}

func TestOnlyRemindersThatLieAheadAreScheduled(t *testing.T) {
	o := newOffice(t)
	m := o.booked(o.sessions()[0].ID, 1) // tomorrow at 8:00, in 23 hours
	tasks := o.tasks(m.ID, "meeting.reminder")
	if len(tasks) != 1 || tasks[0].Ref != meetings.HoursBefore.Ref(m.ID) {
		t.Fatalf("%+v", tasks)
	}
}

func TestMovingNearerDropsTheDayReminder(t *testing.T) {
	o := newOffice(t)
	list := o.sessions()
	m := o.booked(list[1].ID, 1)
	o.do(citizen, reschedule(m.ID, list[0].ID, 1))
	for _, task := range o.tasks(m.ID, "meeting.reminder") {
		if gone := task.DoneAt != nil; gone != (task.Ref == meetings.DayBefore.Ref(m.ID)) {
			t.Fatalf("%+v", task)
		}
	}
}

func TestAStaleReminderIsDropped(t *testing.T) {
	o := newOffice(t)
	list := o.sessions()
	m := o.booked(list[0].ID, 1)
	before := o.tasks(m.ID, "meeting.reminder")[0]
	o.do(citizen, reschedule(m.ID, list[1].ID, 1))
	drop := func() (why string) {
		o.view(func(ctx context.Context, r tenants.Reader) (err error) {
			_, why, err = meetings.ReminderDue(ctx, r, m.ID, before.Ref, before.RunAt)
			return err
		})
		return why
	}
	if why := drop(); why != "moved" {
		t.Fatalf("%q", why)
	}
	o.do(citizen, cancel(m.ID, meetings.ByCitizen, ""))
	if why := drop(); why != "state" {
		t.Fatalf("%q", why)
	}
	o.view(func(ctx context.Context, r tenants.Reader) error {
		_, why, err := meetings.ReminderDue(ctx, r, 1, meetings.DayBefore.Ref(1), before.RunAt)
		if why != "gone" {
			t.Fatalf("%q", why)
		}
		return err
	})
}
