package boot

import (
	"context"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"pasokh/app/committees"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
)

// What the demonstration shows of committees: one with its members, whose last
// sitting has minutes and two decisions, the first with a part of another unit,
// and whose next one has an agenda and is announced.

// committeeSince is how long before now the committee was set up.
const committeeSince = 30 * day

// committeeStory is the planned life of a committee.
type committeeStory struct {
	h         *history
	dice      *rand.Rand
	manager   tenants.Actor
	committee committees.Committee
	lead      tenants.Actor // who carries the decisions out
	helper    tenants.Actor // who has a part in the first

	last   time.Time // the sitting that was held
	orders []int64
	part   int64
}

// planCommittee puts the committee on the agenda, unless the organization has
// nobody for it.
func (h *history) planCommittee() {
	crews := h.crewsInOrder()
	if len(h.cast.roles["pr_manager"]) == 0 || len(h.cast.roles["committee_secretary"]) == 0 || len(crews) < 2 || len(h.cast.executives) == 0 {
		return
	}
	dice := h.dice(900_001)
	s := &committeeStory{h: h, dice: dice, manager: h.one(dice, "pr_manager"), lead: crews[0], helper: crews[1], committee: committees.Committee{
		NameFA: "کمیتهٔ رسیدگی به پرونده‌های معوق", NameEN: "Committee on overdue cases", Place: "اتاق جلسات روابط عمومی",
		Weekday: 2, FromMinute: 10 * 60, MinutesLong: 90, ExecutiveID: h.cast.executives[0].ID, Active: true,
	}}
	s.step(h.now.Add(-committeeSince), s.manager, s.setUp)
	for at := h.now.Add(-committeeSince).AddDate(0, 0, 7); at.Before(h.now); at = at.AddDate(0, 0, 7) {
		h.put(&act{at: at, who: as(tenants.SystemActor()), do: committees.Generate})
	}
	h.put(&act{at: h.now.Add(-4 * time.Hour), who: as(tenants.SystemActor()), do: committees.Generate})
	for _, start := range s.committee.Starts(h.now.Add(-committeeSince), 60, h.duties.official) {
		if start.Before(h.now.Add(-2 * day)) {
			s.last = start
		}
	}
	if !s.last.IsZero() {
		s.hold()
	}
	s.announce()
}

// crewsInOrder is one who works in each executing unit, always in the same order.
func (h *history) crewsInOrder() (list []tenants.Actor) {
	for _, code := range slices.Sorted(maps.Keys(h.units)) {
		if crew := h.cast.crews[h.units[code].ID]; len(crew) > 0 {
			list = append(list, crew[0])
		}
	}
	return list
}

func (s *committeeStory) step(at time.Time, who tenants.Actor, do func(context.Context, *tenants.Tx) error) {
	s.h.put(&act{at: at.Truncate(time.Second), who: as(who), do: do})
}

// setUp writes the committee with its members: the manager leads it, the
// secretary writes, the units and the executive's office sit in it.
func (s *committeeStory) setUp(ctx context.Context, tx *tenants.Tx) error {
	members := []committees.Member{{StaffID: s.manager.ID, Role: committees.Chair}}
	add := func(who tenants.Actor, role committees.Role) {
		if !slices.ContainsFunc(members, func(m committees.Member) bool { return m.StaffID == who.ID }) {
			members = append(members, committees.Member{StaffID: who.ID, Role: role})
		}
	}
	add(s.h.cast.roles["committee_secretary"][0], committees.Secretary)
	for _, role := range []string{"executive_office", "pr_officer"} {
		if list := s.h.cast.roles[role]; len(list) > 0 {
			add(list[0], committees.Ordinary)
		}
	}
	add(s.lead, committees.Ordinary)
	add(s.helper, committees.Ordinary)
	return committees.Save(ctx, tx, &s.committee, members)
}

// sittingAt finds the sitting of an hour; NotFound when there is none.
func (s *committeeStory) sittingAt(ctx context.Context, r tenants.Reader, start time.Time) (*committees.Sitting, error) {
	sitting := new(committees.Sitting)
	err := r.Select(sitting).Where("sitting.committee_id = ? AND sitting.starts_at = ?", s.committee.ID, start).Scan(ctx)
	return sitting, tenants.Err(err)
}

// agenda writes an agenda and tells the members.
func (s *committeeStory) agenda(at time.Time, start func() time.Time, titles ...string) {
	s.step(at, s.manager, func(ctx context.Context, tx *tenants.Tx) error {
		sitting, err := s.sittingAt(ctx, tx, start())
		if err != nil {
			return err
		}
		list := make([]committees.Item, len(titles))
		for i, title := range titles {
			list[i] = committees.Item{Reason: committees.Free, Title: title}
		}
		if err := committees.Add(ctx, tx, sitting.ID, list); err != nil {
			return err
		}
		return committees.Invite(ctx, tx, sitting.ID)
	})
}

// hold lets the last sitting take place.
func (s *committeeStory) hold() {
	s.agenda(s.last.Add(-47*time.Hour), func() time.Time { return s.last },
		"مرور پرونده‌هایی که مهلت قانونی آن‌ها گذشته است", "هماهنگی دو واحد برای بازدید مشترک", "گزارش تماس‌های رضایت‌سنجی هفته")
	s.step(s.last.Add(8*time.Minute), s.manager, s.attend)
	s.decide(s.last.Add(40*time.Minute), "پرونده‌های معوق هر واحد تا پایان مهلت بازبینی و تعیین تکلیف شود و فهرست آن به دبیرخانه برسد.", true)
	s.decide(s.last.Add(65*time.Minute), "برای شکایت‌های تکراری یک محل، بازدید میدانی انجام و نتیجه به شهروندان گفته شود.", false)
	s.step(s.last.Add(95*time.Minute), s.manager, func(ctx context.Context, tx *tenants.Tx) error {
		sitting, err := s.sittingAt(ctx, tx, s.last)
		if err != nil {
			return err
		}
		return committees.Conclude(ctx, tx, sitting.ID, "جلسه با حضور اعضا برگزار شد. پرونده‌های معوق یکی‌یکی بررسی شد و علت تأخیر هر کدام گفته شد.\n"+
			"مقرر شد واحد مسئول و واحد همکار بازدید مشترک داشته باشند و نتیجه پیش از جلسهٔ بعد به دبیرخانه برسد.")
	})
	at := s.h.duties.crew.Add(s.last.Add(3*time.Hour), 5*time.Hour)
	s.step(at, s.lead, func(ctx context.Context, tx *tenants.Tx) error { return directives.Start(ctx, tx, s.orders[0]) })
	s.step(at.Add(time.Hour), s.helper, func(ctx context.Context, tx *tenants.Tx) error { return directives.StartPart(ctx, tx, s.part) })
	s.step(s.h.duties.crew.Add(at.Add(time.Hour), 4*time.Hour), s.helper, func(ctx context.Context, tx *tenants.Tx) error {
		return directives.ReportPart(ctx, tx, s.part, "فهرست پرونده‌های این واحد بازبینی شد؛ سه پرونده تعیین تکلیف و به دبیرخانه اعلام شد.")
	})
}

func (s *committeeStory) attend(ctx context.Context, tx *tenants.Tx) error {
	sitting, err := s.sittingAt(ctx, tx, s.last)
	if err != nil {
		return err
	}
	list, err := committees.AttendancesOf(ctx, tx, sitting.ID)
	if err != nil {
		return err
	}
	for i := range list {
		list[i].State = committees.Present
	}
	if n := len(list) - 1; list[n].StaffID != s.manager.ID {
		list[n].State = committees.Absent
	}
	return committees.Attend(ctx, tx, sitting.ID, list)
}

// decide writes a decision for the lead unit, with a part for the helper or not;
// the unit is told a moment later.
func (s *committeeStory) decide(at time.Time, text string, shared bool) {
	s.step(at, s.manager, func(ctx context.Context, tx *tenants.Tx) error {
		sitting, err := s.sittingAt(ctx, tx, s.last)
		if err != nil {
			return err
		}
		in := directives.Issuance{UnitID: s.lead.UnitID, Text: text, DueAt: s.h.duties.official.AddDays(s.h.now, 8)}
		if shared {
			in.Parts = []directives.PartOrder{{
				UnitID: s.helper.UnitID, Text: "پرونده‌های مشترک با واحد مسئول بازبینی شود.", DueAt: s.h.duties.official.AddDays(s.h.now, 5),
			}}
		}
		d, err := committees.Decide(ctx, tx, sitting.ID, in)
		if err != nil {
			return err
		}
		if s.orders = append(s.orders, d.ID); !shared {
			return nil
		}
		list, err := directives.Parts(ctx, tx, d.ID, 0)
		if err == nil {
			s.part = list[0].ID
		}
		return err
	})
	s.step(at.Add(20*time.Second), tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		return directives.Notify(ctx, tx, s.orders[len(s.orders)-1])
	})
}

// announce writes the agenda of the next sitting.
func (s *committeeStory) announce() {
	list := s.committee.Starts(s.h.now, 28, s.h.duties.official)
	if len(list) == 0 {
		return
	}
	s.agenda(s.h.now.Add(-3*time.Hour), func() time.Time { return list[0] },
		"پیگیری مصوبه‌های جلسهٔ پیش", "پرونده‌های ارجاعی از بازرسی", "موارد دیگر")
}
