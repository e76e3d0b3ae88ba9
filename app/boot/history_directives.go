package boot

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"pasokh/app/files"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// orderStory is the planned life of one directive.
type orderStory struct {
	meeting *meetingStory
	h       *history
	dice    *rand.Rand
	unit    tenants.Unit
	due     time.Time
	at      time.Time // of the last step so far

	id      int64 // once issued
	next    *time.Time
	watched time.Time
}

// course is how a directive goes; recent ones have gone a part of the way.
type course int

const (
	kept course = iota
	keptAtLast
	keptLate
	objected
	overdue
	returned
	reported
	started
	issued
)

// recent are the courses of the directives of the last weeks, dealt out in
// turn, so that every state can be seen.
var recent = []course{overdue, returned, reported, started, kept, overdue, issued, reported, started, kept}

// courseOf deals out how the n-th directive goes.
func (h *history) courseOf(n int, age time.Duration) course {
	switch {
	case age < 6*day && n%2 == 0:
		return started
	case age < 30*day:
		return recent[n%len(recent)]
	}
	return []course{kept, kept, kept, keptAtLast, kept, keptLate, kept, kept, keptAtLast, keptLate, kept, objected}[n%12]
}

// follow issues the directive of a meeting and plans what becomes of it.
func (s *meetingStory) follow() {
	unit := s.h.units[s.about.Unit]
	if unit.ID == 0 {
		unit = s.h.units[s.where.unit]
	}
	if s.at.After(s.h.now) {
		return
	}
	o := &orderStory{meeting: s, h: s.h, dice: s.dice, unit: unit, at: s.at}
	how := s.h.courseOf(s.h.orders, s.h.now.Sub(s.held))
	s.h.orders++
	o.issue(how)
	switch how {
	case kept:
		o.start()
		o.report(0.3, 0.9)
		o.accept()
	case keptAtLast:
		o.report(0.2, 0.5)
		o.sendBack()
		o.start()
		o.report(0.3, 0.9)
		o.accept()
	case keptLate:
		o.start()
		o.report(1.1, 1.6)
		o.accept()
	case objected:
		o.report(0.3, 0.9)
		o.accept()
		o.object()
		o.report(0.2, 0.8)
		o.accept()
	case overdue, started:
		o.start()
	case returned:
		o.report(0.1, 0.3)
		o.sendBack()
	case reported:
		o.report(0.1, 0.4)
	}
}

func (o *orderStory) step(at time.Time, who func() tenants.Actor, may string, do func(context.Context, *tenants.Tx) error) {
	if at = at.Truncate(time.Second); !at.After(o.at) {
		at = o.at.Add(time.Minute)
	}
	o.at = at
	o.h.put(&act{at: at, who: who, may: may, after: o.watch, do: func(ctx context.Context, tx *tenants.Tx) error {
		if err := do(ctx, tx); err != nil {
			return fmt.Errorf("directive of meeting %s: %w", o.meeting, err)
		}
		return o.look(ctx, tx)
	}})
}

func (o *orderStory) look(ctx context.Context, tx *tenants.Tx) error {
	d, err := directives.ByID(ctx, tx, o.id)
	if err == nil {
		o.next = d.NextClockAt
	}
	return err
}

// watch lets the sweep come when the directive's clock does.
func (o *orderStory) watch() {
	if o.next == nil || o.next.Equal(o.watched) {
		return
	}
	due := *o.next
	o.watched = due
	o.h.put(&act{
		at: due.Add(13 * time.Second), who: as(tenants.SystemActor()), after: o.watch,
		skip: func() bool { return o.next == nil || !o.next.Equal(due) },
		do: func(ctx context.Context, tx *tenants.Tx) error {
			if err := directives.Sweep(ctx, tx, o.id); err != nil {
				return err
			}
			return o.look(ctx, tx)
		},
	})
}

// issue: the executive's office writes down what was ordered, and the job tells
// the unit a moment later.
func (o *orderStory) issue(how course) {
	h, s := o.h, o.meeting
	at := h.duties.office.Add(o.at, between(o.dice, 10*time.Minute, time.Hour))
	o.due = h.duties.official.AddDays(at, h.tenant.Settings.DirectiveDays)
	if how == overdue {
		o.due = h.duties.official.AddDays(at, 3)
	}
	in := directives.Issuance{
		OriginKind: directives.OnMeeting, ExecutiveID: s.executive.ID, UnitID: o.unit.ID, Text: s.about.Directive,
		Priority: pick(o.dice, []directives.Priority{directives.Normal, directives.Normal, directives.Normal, directives.High, directives.Urgent}),
		Public:   true, DueAt: o.due,
	}
	if how == started && h.now.Sub(at) < 9*day {
		in.Parts = o.shares()
	}
	o.step(at, as(h.one(o.dice, "executive_office")), "directive:issue", func(ctx context.Context, tx *tenants.Tx) error {
		in.OriginID, in.CitizenID = s.id, &s.citizen
		d, err := directives.Issue(ctx, tx, in)
		if err != nil {
			return err
		}
		o.id = d.ID
		if err := o.keepScan(ctx, tx); err != nil {
			return err
		}
		return meetings.SettleAfterDirective(ctx, tx, s.id)
	})
	o.step(o.at.Add(20*time.Second), as(tenants.SystemActor()), "", func(ctx context.Context, tx *tenants.Tx) error {
		return directives.Notify(ctx, tx, o.id)
	})
}

// shares is the part that another unit has in a directive under way.
func (o *orderStory) shares() []directives.PartOrder {
	for _, who := range o.h.crewsInOrder() {
		if who.UnitID != o.unit.ID {
			return []directives.PartOrder{{UnitID: who.UnitID, Text: "همکاری در بازدید محل و اعلام نظر کارشناسی به واحد مسئول."}}
		}
	}
	return nil
}

// keepScan keeps the order as it was written by hand, when there is a scan.
func (o *orderStory) keepScan(ctx context.Context, tx *tenants.Tx) error {
	if o.meeting.scan == nil {
		return nil
	}
	f, err := o.h.keepPicture(ctx, tx, files.Upload{Name: "دستور.png", KeepOriginal: true}, o.meeting.scan,
		files.Place{Subject: files.Subject{Kind: "directive", ID: o.id}, Public: true})
	if err != nil || f == nil {
		return err
	}
	return directives.AttachScan(ctx, tx, o.id, f.ID)
}

func (o *orderStory) expert() func() tenants.Actor {
	return as(pick(o.dice, o.h.cast.crews[o.unit.ID]))
}

func (o *orderStory) start() {
	at := o.h.duties.crew.Add(o.at, between(o.dice, time.Hour, 14*time.Hour))
	o.step(at, o.expert(), "directive:report", func(ctx context.Context, tx *tenants.Tx) error { return directives.Start(ctx, tx, o.id) })
}

// report: the unit says what it did, at some part of the time that is left.
func (o *orderStory) report(low, high float64) {
	left := max(o.due.Sub(o.at), 48*time.Hour)
	at := o.at.Add(time.Duration(float64(left) * (low + (high-low)*o.dice.Float64())))
	o.step(o.h.duties.crew.Add(at, time.Minute), o.expert(), "directive:report", func(ctx context.Context, tx *tenants.Tx) error {
		return directives.Report(ctx, tx, o.id, o.meeting.about.Report)
	})
}

// judge is the executive, or the office in the executive's name, some days on.
func (o *orderStory) judge(do func(context.Context, *tenants.Tx) error) {
	who, may := o.meeting.executive.actor, "directive:accept"
	at := o.h.duties.office.Add(o.at, between(o.dice, 3*time.Hour, 20*time.Hour))
	o.step(at, as(who), may, do)
}

func (o *orderStory) accept() {
	note := pick(o.dice, o.h.words.Common.Judged)
	o.judge(func(ctx context.Context, tx *tenants.Tx) error {
		if err := directives.Accept(ctx, tx, o.id, note); err != nil {
			return err
		}
		return meetings.SettleAfterDirective(ctx, tx, o.meeting.id)
	})
}

func (o *orderStory) sendBack() {
	reason := o.meeting.about.Returned
	if reason == "" {
		reason = "مستندات و تصویر انجام کار پیوست شود."
	}
	o.judge(func(ctx context.Context, tx *tenants.Tx) error { return directives.Return(ctx, tx, o.id, reason) })
}

// object: the citizen says that it was not done.
func (o *orderStory) object() {
	text := pick(o.dice, o.h.words.Common.Objections)
	at := o.h.duties.awake.Add(o.at, between(o.dice, 20*time.Hour, 70*time.Hour))
	o.step(at, o.meeting.asCitizen, "", func(ctx context.Context, tx *tenants.Tx) error {
		if err := directives.Object(ctx, tx, o.id, text); err != nil {
			return err
		}
		return meetings.SettleAfterDirective(ctx, tx, o.meeting.id)
	})
	o.due = o.h.duties.official.AddDays(o.at, o.h.tenant.Settings.DirectiveDays)
}

// scan lets the latest meeting whose directive is out have the handwritten
// order, so that it is easily found.
func (m *meetingPlanner) scan() {
	for i := len(m.made) - 1; i >= 0; i-- {
		s := m.made[i]
		if s.about.Directive != "" && !s.held.IsZero() && s.held.Before(m.h.now.Add(-30*time.Hour)) {
			s.scan = func() []byte { return paintOrder(s.dice) }
			return
		}
	}
}
