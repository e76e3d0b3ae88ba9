package meetings_test

import (
	"context"
	"testing"

	"pasokh/app/fault"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

func TestDirectivesHoldTheMeetingOpen(t *testing.T) {
	o := newOffice(t)
	m := o.booked(o.sessions()[0].ID, 1)
	o.held(m, 1)
	settle := on(meetings.SettleAfterDirective, m.ID)
	o.do(officer, settle)
	o.wantState(m.ID, meetings.Held)

	var d *directives.Directive
	o.do(officer, func(ctx context.Context, tx *tenants.Tx) error {
		unit, err := tenants.UnitOfKind(ctx, tx, tenants.UnitExecutive)
		if err != nil {
			return err
		}
		d, err = directives.Issue(ctx, tx, directives.Issuance{
			OriginKind: directives.OnMeeting, OriginID: m.ID, ExecutiveID: o.executive.ID, UnitID: unit.ID, Text: "انجام شود", Public: true,
		})
		if err != nil {
			return err
		}
		return meetings.SettleAfterDirective(ctx, tx, m.ID)
	})
	o.wantState(m.ID, meetings.FollowUp)
	o.refuse(fault.Conflict, "meeting.conflict.open_directives", officer, because(meetings.Close, m.ID, "پایان"))
	o.do(officer, settle)
	o.wantState(m.ID, meetings.FollowUp)

	unit := tenants.Actor{Kind: tenants.Staff, ID: 9, UnitID: d.UnitID}
	secretary := tenants.Actor{Kind: tenants.Staff, ID: 10, Roles: []string{"executive_office"}, Office: true}
	done := func() {
		o.do(unit, func(ctx context.Context, tx *tenants.Tx) error {
			return directives.Report(ctx, tx, d.ID, "انجام شد")
		})
		o.do(secretary, func(ctx context.Context, tx *tenants.Tx) error {
			if err := directives.Accept(ctx, tx, d.ID, ""); err != nil {
				return err
			}
			return meetings.SettleAfterDirective(ctx, tx, m.ID)
		})
		o.wantState(m.ID, meetings.Closed)
	}
	done()
	o.do(citizen, func(ctx context.Context, tx *tenants.Tx) error {
		if err := directives.Object(ctx, tx, d.ID, "انجام نشده"); err != nil {
			return err
		}
		return meetings.SettleAfterDirective(ctx, tx, m.ID)
	})
	o.wantState(m.ID, meetings.FollowUp)
	done()
}
