package committees

import (
	"context"
	"slices"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
)

// Presence is whether an invited member came.
type Presence string

// The presences.
const (
	NotNoted    Presence = "invited"
	Present     Presence = "present"
	Absent      Presence = "absent"
	Represented Presence = "represented"
)

// Presences lists what can be noted about a member.
func Presences() []Presence { return []Presence{Present, Absent, Represented} }

// Attendance is one invited member of one sitting, with the role held then.
type Attendance struct {
	tenants.BaseModel `bun:"table:committee_attendances,alias:attendance"`
	tenants.Owned
	SittingID int64 `bun:",pk"`
	StaffID   int64 `bun:",pk"`
	Role      Role
	State     Presence
	Deputy    string // who came instead
}

// AttendancesOf lists the invited members of a sitting: chair, secretaries, the
// others.
func AttendancesOf(ctx context.Context, r tenants.Reader, sittingID int64) ([]Attendance, error) {
	var list []Attendance
	err := r.Select(&list).Where("attendance.sitting_id = ?", sittingID).
		OrderExpr("CASE attendance.role WHEN 'chair' THEN 0 WHEN 'secretary' THEN 1 ELSE 2 END, attendance.staff_id").Scan(ctx)
	return list, tenants.Err(err)
}

// Invite tells the members of the committee when and where they meet; again, it
// tells them of a changed agenda and gives the calendar entry a new number. Fact:
// committee.invited. Conflict when the sitting has begun, or nothing is on its
// agenda.
func Invite(ctx context.Context, tx *tenants.Tx, id int64) error {
	s, err := lockOpen(ctx, tx, id)
	if err != nil {
		return err
	}
	if s.Begun(tx.Now()) {
		return errState()
	}
	agenda, err := Agenda(ctx, tx, s.ID)
	if err != nil {
		return err
	}
	if len(agenda) == 0 {
		return fault.New(fault.Conflict, "committee.conflict.no_agenda")
	}
	if err := s.invite(ctx, tx); err != nil {
		return err
	}
	if s.State == Invited {
		s.CalendarSequence++
	}
	now := tx.Now()
	s.State, s.InvitedAt = Invited, &now
	if err := s.write(ctx, tx, "invite", "", "state", "invited_at", "calendar_sequence"); err != nil {
		return err
	}
	return tx.Enqueue(ctx, KindInvited, Fact{SittingID: s.ID})
}

// invite writes down who the members are now.
func (s *Sitting) invite(ctx context.Context, tx *tenants.Tx) error {
	members, err := MembersOf(ctx, tx, s.CommitteeID)
	if err != nil {
		return err
	}
	if _, err := tx.Delete(ctx, (*Attendance)(nil), "sitting_id = ? AND state = 'invited'", s.ID); err != nil {
		return err
	}
	rows := make([]Attendance, len(members))
	for i, m := range members {
		rows[i] = Attendance{SittingID: s.ID, StaffID: m.StaffID, Role: m.Role, State: NotNoted}
	}
	return tx.InsertMissing(ctx, &rows)
}

// Cancel calls a sitting off with a reason. Fact, when somebody was invited:
// committee.cancelled. Field error: reason.
func Cancel(ctx context.Context, tx *tenants.Tx, id int64, reason string) error {
	s, err := lockOpen(ctx, tx, id)
	if err != nil {
		return err
	}
	if reason, err = words(reason, "reason", "directive.error.reason", MaxText); err != nil {
		return err
	}
	told := s.State == Invited
	s.State = Cancelled
	s.CalendarSequence++
	if err := s.write(ctx, tx, "cancel", reason, "state", "calendar_sequence"); err != nil || !told {
		return err
	}
	return tx.Enqueue(ctx, KindCancelled, Fact{SittingID: s.ID})
}

// Attend notes who came. Members that list leaves out stay as they are. Field
// errors: attendance, and deputy when somebody represented has no name.
func Attend(ctx context.Context, tx *tenants.Tx, id int64, list []Attendance) error {
	s, err := lockOpen(ctx, tx, id)
	if err != nil {
		return err
	}
	if !s.Begun(tx.Now()) {
		return fault.New(fault.Conflict, "committee.conflict.early")
	}
	if s.State == Planned { // met without an invitation
		if err := s.invite(ctx, tx); err != nil {
			return err
		}
	}
	known, err := AttendancesOf(ctx, tx, s.ID)
	if err != nil {
		return err
	}
	for _, in := range list {
		at := slices.IndexFunc(known, func(a Attendance) bool { return a.StaffID == in.StaffID })
		if at < 0 || !slices.Contains(Presences(), in.State) {
			return fault.Field("attendance", "committee.error.attendance")
		}
		row := &known[at]
		row.State, row.Deputy = in.State, ""
		if in.State == Represented {
			if row.Deputy = persian.CleanLine(in.Deputy); row.Deputy == "" || len([]rune(row.Deputy)) > maxName {
				return fault.Field("deputy", "committee.error.deputy")
			}
		}
		if err := tx.Update(ctx, row, "state", "deputy"); err != nil {
			return err
		}
	}
	return audit.Record(ctx, tx, "committee:attend", "sitting", s.ID, "")
}

// Conclude ends a sitting with its minutes, which nobody changes any more. Field
// error: minutes. Conflict before its hour, and while nobody is noted present.
func Conclude(ctx context.Context, tx *tenants.Tx, id int64, minutes string) error {
	s, err := lockOpen(ctx, tx, id)
	if err != nil {
		return err
	}
	if !s.Begun(tx.Now()) {
		return fault.New(fault.Conflict, "committee.conflict.early")
	}
	if minutes, err = words(minutes, "minutes", "committee.error.minutes", MaxMinutes); err != nil {
		return err
	}
	list, err := AttendancesOf(ctx, tx, s.ID)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(list, func(a Attendance) bool { return a.State == Present || a.State == Represented }) {
		return fault.New(fault.Conflict, "committee.conflict.nobody")
	}
	now := tx.Now()
	s.State, s.Minutes, s.HeldAt = Held, minutes, &now
	return s.write(ctx, tx, "conclude", "", "state", "minutes", "held_at")
}

// Decide writes a decision of a sitting: a directive in the name of the
// committee's executive. Conflict before the sitting's hour and when it was
// called off; field errors: see directives.Issue.
func Decide(ctx context.Context, tx *tenants.Tx, id int64, in directives.Issuance) (*directives.Directive, error) {
	s := new(Sitting)
	if err := tx.Lock(ctx, s, "sitting.id = ?", id); err != nil {
		return nil, err
	}
	if s.State == Cancelled {
		return nil, errState()
	}
	if !s.Begun(tx.Now()) {
		return nil, fault.New(fault.Conflict, "committee.conflict.early")
	}
	c, err := ByID(ctx, tx, s.CommitteeID)
	if err != nil {
		return nil, err
	}
	in.OriginKind, in.OriginID, in.ExecutiveID = directives.OnCommittee, s.ID, c.ExecutiveID
	return directives.Issue(ctx, tx, in)
}
