package complaints

import (
	"context"
	"fmt"
	"strings"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/tenants"
)

// OfficeRules are settings that the organization keeps itself.
type OfficeRules struct {
	TriageMinutes    int // how long a case may wait for the PR office
	FeedbackMinutes  int // for the feedback call
	FollowupMinutes  int // for the field visit
	FeedbackAttempts int // calls on different days before "unreachable"
	BounceLimit      int // refusals by units before an arbiter decides
	ObjectionDays    int // a closed case may be objected to this long
	RefuseTransfers  bool
	TransferDays     int // a case from another organization may be given back this long
	KeepPhotoPlace   bool
}

// Bound is what a number of the rules may be.
type Bound struct{ Least, Most int }

// RuleBounds are the bounds of the numbers, by the names of their fields.
// Minutes are plain time. The time of the law for the definitive answer is not
// among them: no organization can change that.
var RuleBounds = map[string]Bound{
	"triage": {15, 4320}, "feedback": {60, 20160}, "followup": {60, 43200}, "attempts": {1, 10}, "bounces": {1, 10},
	"objection_days": {7, 365}, "transfer_days": {1, 30},
}

// RulesOf are the rules in force.
func RulesOf(s tenants.Settings) OfficeRules {
	return OfficeRules{
		TriageMinutes: s.TriageMinutes, FeedbackMinutes: s.FeedbackMinutes, FollowupMinutes: s.FollowupMinutes,
		FeedbackAttempts: s.FeedbackAttempts, BounceLimit: s.BounceLimit, ObjectionDays: s.ObjectionDays,
		RefuseTransfers: s.RefuseTransfers, TransferDays: s.TransferDays, KeepPhotoPlace: s.KeepPhotoPlace,
	}
}

// Numbers are the rules' numbers by the names of their fields.
func (in *OfficeRules) Numbers() map[string]*int {
	return map[string]*int{
		"triage": &in.TriageMinutes, "feedback": &in.FeedbackMinutes, "followup": &in.FollowupMinutes, "attempts": &in.FeedbackAttempts,
		"bounces": &in.BounceLimit, "objection_days": &in.ObjectionDays, "transfer_days": &in.TransferDays,
	}
}

func (in OfficeRules) apply(s *tenants.Settings) {
	s.TriageMinutes, s.FeedbackMinutes, s.FollowupMinutes = in.TriageMinutes, in.FeedbackMinutes, in.FollowupMinutes
	s.FeedbackAttempts, s.BounceLimit, s.ObjectionDays = in.FeedbackAttempts, in.BounceLimit, in.ObjectionDays
	s.RefuseTransfers, s.TransferDays, s.KeepPhotoPlace = in.RefuseTransfers, in.TransferDays, in.KeepPhotoPlace
}

// SaveRules writes them, with a line in the audit of what they were and are.
// The days to object count for closures of before, too; an open case follows new
// times of its stage with its next event; places in photos are kept from then on.
// Cases that are on their way from another organization still arrive.
func SaveRules(ctx context.Context, tx *tenants.Tx, in OfficeRules) error {
	wrong := fault.Fields{}
	for field, n := range in.Numbers() {
		if b := RuleBounds[field]; *n < b.Least || *n > b.Most {
			wrong.Add(field, "rules.error."+field)
		}
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	var was OfficeRules
	err := tx.ChangeSettings(ctx, func(s *tenants.Settings) {
		was = RulesOf(*s)
		in.apply(s)
	})
	if err != nil || was == in {
		return err
	}
	return audit.Record(ctx, tx, "organization:edit", "settings", tx.Tenant().ID, was.changed(in))
}

// changed says for the audit what was and what is.
func (in OfficeRules) changed(to OfficeRules) string {
	var list []string
	next := to.Numbers()
	for _, field := range []string{"triage", "feedback", "followup", "attempts", "bounces", "objection_days", "transfer_days"} {
		if was, is := *in.Numbers()[field], *next[field]; was != is {
			list = append(list, fmt.Sprintf("%s %d > %d", field, was, is))
		}
	}
	if in.RefuseTransfers != to.RefuseTransfers {
		list = append(list, fmt.Sprintf("refuse_transfers %t > %t", in.RefuseTransfers, to.RefuseTransfers))
	}
	if in.KeepPhotoPlace != to.KeepPhotoPlace {
		list = append(list, fmt.Sprintf("keep_photo_place %t > %t", in.KeepPhotoPlace, to.KeepPhotoPlace))
	}
	return strings.Join(list, ", ")
}
