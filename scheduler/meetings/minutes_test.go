package meetings_test

import (
	"context"
	"strings"
	"testing"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

func draft(id int64, in meetings.Minutes) command {
	return func(ctx context.Context, tx *tenants.Tx) error { return meetings.SaveMinutesDraft(ctx, tx, id, in) }
}

// writer is an account that exists: drafts and notes say whose they are.
func (o *office) writer() tenants.Actor {
	o.t.Helper()
	return tenants.Actor{Kind: tenants.Staff, ID: o.account(), Name: "دفتر مدیرعامل"}
}

// inRoom is a meeting that is being held.
func (o *office) inRoom(slot int) *meetings.Meeting {
	o.t.Helper()
	m := o.booked(o.sessions()[0].ID, slot)
	o.Clock.Set(m.StartsAt)
	o.do(officer, on(meetings.CheckIn, m.ID))
	o.do(officer, on(meetings.Call, m.ID))
	return m
}

func TestMinutesAreDraftedAndLocked(t *testing.T) {
	o := newOffice(t)
	a := o.writer()
	early := o.booked(o.sessions()[0].ID, 3)
	o.refuse(fault.Conflict, "meeting.conflict.state", a, draft(early.ID, meetings.Minutes{Text: "x"}))
	m := o.inRoom(1)
	o.do(a, draft(m.ID, meetings.Minutes{Text: "یک", PeopleMet: 2}))
	o.do(a, draft(m.ID, meetings.Minutes{Text: "یک و دو", PeopleMet: 3}))
	o.wrong("minutes", "meeting.error.too_long", a, draft(m.ID, meetings.Minutes{Text: strings.Repeat("آ", meetings.MaxText+1)}))
	o.view(func(ctx context.Context, r tenants.Reader) error {
		d, err := meetings.MinutesDraftOf(ctx, r, m.ID)
		if d == nil || d.Text != "یک و دو" || d.PeopleMet != 3 || d.StaffName != a.Name {
			t.Fatalf("%+v", d)
		}
		return err
	})
	o.do(a, finish(m.ID, meetings.Minutes{Text: "یک و دو و سه", PeopleMet: 3}))
	o.view(func(ctx context.Context, r tenants.Reader) error {
		d, err := meetings.MinutesDraftOf(ctx, r, m.ID)
		if d != nil {
			t.Error("the draft stays")
		}
		return err
	})
	o.refuse(fault.Conflict, "meeting.conflict.minutes_locked", a, finish(m.ID, meetings.Minutes{Text: "دیگر", PeopleMet: 1}))
	o.refuse(fault.Conflict, "meeting.conflict.minutes_locked", a, draft(m.ID, meetings.Minutes{Text: "دیگر"}))
}

// The database itself keeps finalised minutes and their additions as they are.
func TestLockedMinutesAreLockedInTheDatabase(t *testing.T) {
	o := newOffice(t)
	a := o.writer()
	m := o.inRoom(1)
	o.do(a, finish(m.ID, meetings.Minutes{Text: "گفته شد", PeopleMet: 1}))
	o.do(a, because(meetings.AddMinutesNote, m.ID, "نام خیابان «بهار» است"))
	for name, fn := range map[string]command{
		"text": func(ctx context.Context, tx *tenants.Tx) error {
			_, err := tx.Set(ctx, (*meetings.Meeting)(nil), "minutes = ?", []any{"دیگر"}, "id = ?", m.ID)
			return err
		},
		"people": func(ctx context.Context, tx *tenants.Tx) error {
			_, err := tx.Set(ctx, (*meetings.Meeting)(nil), "people_met = 9", nil, "id = ?", m.ID)
			return err
		},
		"note": func(ctx context.Context, tx *tenants.Tx) error {
			_, err := tx.Set(ctx, (*meetings.MinutesNote)(nil), "text = ?", []any{"دیگر"}, "meeting_id = ?", m.ID)
			return err
		},
		"note's removal": func(ctx context.Context, tx *tenants.Tx) error {
			_, err := tx.Delete(ctx, (*meetings.MinutesNote)(nil), "meeting_id = ?", m.ID)
			return err
		},
	} {
		if o.try(a, fn) == nil {
			t.Errorf("%s: changed", name)
		}
	}
	o.do(a, because(meetings.Close, m.ID, "پایان")) // other columns may change
}

func TestCorrectionsAreAdditions(t *testing.T) {
	o := newOffice(t)
	a := o.writer()
	m := o.inRoom(1)
	o.refuse(fault.Conflict, "meeting.conflict.state", a, because(meetings.AddMinutesNote, m.ID, "x"))
	o.do(a, finish(m.ID, meetings.Minutes{Text: "گفته شد", PeopleMet: 1}))
	o.wrong("text", "meeting.error.note", a, because(meetings.AddMinutesNote, m.ID, "  "))
	o.do(a, because(meetings.AddMinutesNote, m.ID, "نخست"))
	o.do(a, because(meetings.AddMinutesNote, m.ID, "دوم"))
	o.view(func(ctx context.Context, r tenants.Reader) error {
		list, err := meetings.MinutesNotes(ctx, r, m.ID)
		if err != nil || len(list) != 2 || list[0].Text != "نخست" || list[0].StaffName != a.Name || list[0].At.IsZero() {
			t.Fatalf("%+v %v", list, err)
		}
		lines, err := audit.Of(ctx, r, "meeting", m.ID, 1)
		if lines[0].Act != "meeting:minutes_note" {
			t.Errorf("%+v", lines)
		}
		return err
	})
}

func TestMinutesMayFollowTheEnd(t *testing.T) {
	o := newOffice(t)
	a := o.writer()
	m := o.inRoom(1)
	o.wrong("people_met", "meeting.error.people_met", a, func(ctx context.Context, tx *tenants.Tx) error { return meetings.End(ctx, tx, m.ID, 0) })
	o.do(a, func(ctx context.Context, tx *tenants.Tx) error { return meetings.End(ctx, tx, m.ID, 2) })
	if got := o.wantState(m.ID, meetings.Held); got.Minutes != "" || got.PeopleMet != 2 || got.EndedAt == nil {
		t.Fatalf("%+v", got)
	}
	ended := o.read(m.ID).EndedAt
	o.Clock.Advance(dayLong)
	o.do(a, draft(m.ID, meetings.Minutes{Text: "بعد"}))
	o.do(a, finish(m.ID, meetings.Minutes{Text: "بعد نوشته شد", PeopleMet: 2}))
	if got := o.wantState(m.ID, meetings.Held); got.Minutes == "" || !got.EndedAt.Equal(*ended) {
		t.Fatalf("%+v", got)
	}
}

func TestTemplateOfTheMinutes(t *testing.T) {
	o := newOffice(t)
	save := func(in meetings.DayRules) command {
		return func(ctx context.Context, tx *tenants.Tx) error { return meetings.SaveDayRules(ctx, tx, in) }
	}
	o.wrong("template", "meeting.error.template_field", officer, save(meetings.DayRules{Template: "{visitor} {secret}"}))
	o.wrong("walk_in_room", "meeting.error.walk_in_room", officer, save(meetings.DayRules{WalkInRoom: -1}))
	o.do(officer, save(meetings.DayRules{Template: "خواسته {visitor}:\n{subject}", WalkInRoom: 0}))
	tenant, err := o.Root.UnscopedTenantBySlug(t.Context(), o.A.Slug)
	if err != nil || tenant.Settings.Defaults().MinutesTemplate == "" || *tenant.Settings.Defaults().WalkInRoom != 0 {
		t.Fatalf("%+v %v", tenant, err)
	}
	got := meetings.FillMinutes(tenant.Settings.MinutesTemplate, map[string]string{"visitor": "{subject}", "subject": "گاز"})
	if got != "خواسته {subject}:\nگاز" {
		t.Fatalf("%q", got)
	}
}
