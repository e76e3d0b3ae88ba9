package audit

import "strings"

// acts are those that the list can be narrowed to; the catalogue has the words.
var acts = []string{
	"complaint.registered", "complaint.taken", "complaint.assigned", "complaint.referred", "complaint.returned", "complaint.recalled",
	"complaint.answered", "complaint.leg_answered", "complaint.leg_taken", "complaint.lead_changed", "complaint.interim", "complaint.asked",
	"complaint.ask_over", "complaint.completed", "complaint.member_completed", "complaint.member_joined", "complaint.member_left", "complaint.merged",
	"complaint.unmerged", "complaint.promoted", "complaint.rehoused", "complaint.child_opened", "complaint.child_answered", "complaint.child_closed",
	"complaint.closed", "complaint.reopened", "complaint.objected", "complaint.withdrawn", "complaint.noted", "complaint.number_corrected",
	"complaint.invited", "complaint.invitation_taken", "complaint.escalated", "complaint.stuck", "complaint.went_on", "complaint.legal_near",
	"complaint.legal_passed", "complaint.source_due", "complaint.source_near", "complaint.source_passed", "complaint.reclassified", "complaint:papers",
	"complaint:register", "complaint.visit_planned", "complaint.visit_unplanned", "complaint.visited", "complaint.confirmed",
	"complaint.confirmed_by_code", "complaint.denied", "complaint.dissatisfied", "complaint.rated", "complaint.signed_off", "complaint.call_again",
	"complaint.call_no_answer", "complaint.call_refuses", "complaint.call_confirms", "complaint.call_denies", "complaint.call_wrong_number",
	"complaint.sealed", "complaint.lifted", "complaint.named", "complaint.unnamed", "complaint.identity_shown", "complaint.opened_confidential",
	"complaint.transfer_sent", "complaint.transfer_in", "complaint.transfer_arrived", "complaint.transfer_refused", "complaint.transfer_returned",
	"complaint.transfer_moved", "score.objected", "score.reversed", "score.upheld", "routing:add", "routing:change", "routing:move",
	"routing:on", "routing:off", "template:add", "template.create", "template:change", "template:on", "template:off", "notice:edit", "box:edit",
	"box:open", "box:finish", "import:create", "import:apply", "import:undo", "organization:edit", "organization:create", "organization:move",
	"organization:parent", "organization:export", "organization:export_fetched", "organization:export_confirmed", "organization:imported",
	"organization:applied", "organization:hold", "organization:end", "organization:quotas", "organization:staff_only", "announcement:create", "announcement:withdraw", "announcement:dismiss",
	"calendar.closed", "calendar.reopened", "calendar.holidays_entered", "calendar.week_set", "calendar.round_the_clock", "calendar_feed:create",
	"calendar_feed:revoke", "class.revised", "booking_rules:change", "gateway.added", "gateway.changed", "gateway.moved", "gateway.enabled",
	"gateway.disabled", "gateway.tried", "message.channels", "message.text", "message.text_reset", "message.quiet", "message.resent",
	"message.put_aside", "inbound.opened", "inbound.shut", "inbound.word", "inbound.mailbox", "inbound.tried", "inbound.attached", "inbound.filed",
	"inbound.done", "staff:seed", "staff:disable", "staff:enable", "staff:invite", "staff:invite_again", "staff:edit", "staff:roles", "staff:password",
	"staff:reset", "staff:reset_asked", "session:create", "session:delete", "session:end", "session:end_all", "session:confirm",
	"session:confirm_refused", "session:factor_asked", "session:factor_refused", "factor:begin", "factor:add", "factor:remove", "factor:reset",
	"factor:recovery_renew", "passkey:copy_suspected", "training:course", "training:record", "training:remove", "policy:allow", "policy:deny",
	"policy:default", "policy:scope", "policy:create", "policy:rename", "policy:retire", "inspection:plan", "inspection:open", "inspection:visit",
	"inspection:answer", "inspection:checklist", "violation:report", "violation:hear", "violation:decide", "committee:create", "committee:change",
	"committee:agenda_add", "committee:agenda_remove", "committee:agenda_order", "committee:attend", "committee:invite", "committee:cancel",
	"committee:conclude", "directive:issue", "directive:notify", "directive:acknowledge", "directive:start", "directive:report", "directive:accept",
	"directive:return", "directive:object", "directive:note", "directive:show", "directive:hide", "directive:change_due", "directive:ask_extension",
	"directive:grant_extension", "directive:refuse_extension", "directive:remind", "directive:escalate", "directive:attach_scan",
	"directive:publish_scan", "directive:withdraw_scan", "directive:rate", "directive:part_issue", "directive:part_due", "directive:part_seen",
	"directive:part_start", "directive:part_report", "directive:part_accept", "directive:part_return", "directive:part_reminder",
	"directive:part_overdue", "directive:part_extension_asked", "directive:part_extension_decided", "executive:create", "executive:edit",
	"executive:move", "executive:holder", "executive:deputy", "executive:term_end", "executive:retire", "executive:restore", "executive:invites", "meeting:book",
	"meeting:approve", "meeting:refuse", "meeting:answer", "meeting:route", "meeting:ask", "meeting:asked_over", "meeting:bring", "meeting:cancel",
	"meeting:change", "meeting:displace", "meeting:reschedule", "meeting:rebook", "meeting:check_in", "meeting:call", "meeting:park", "meeting:skip",
	"meeting:put_first", "meeting:walk_in", "meeting:mark_absent", "meeting:excuse", "meeting:appeal", "meeting:appeal_refuse", "meeting:minutes",
	"meeting:minutes_note", "meeting:end", "meeting:finish", "meeting.follow_up", "meeting:closed", "meeting:draw", "meeting:draw_lost", "meeting:wait",
	"meeting:wait_changed", "meeting:wait_kept", "meeting:wait_left", "meeting:wait_offered", "meeting:wait_recalled", "meeting.wait_lapsed",
	"meeting.wait_over", "meeting:districts", "meeting:busy_saved", "meeting:busy_removed", "meeting_session:change", "meeting_session:cancel",
	"meeting_session:reopen", "meeting_window:create", "meeting_window:edit", "meeting_window:retire", "meeting_window:draw", "meeting_site:create",
	"meeting_site:edit", "complaint.unmasked", "domain:check", "service:change", "service:refused", "service:only", "problem_report:close", "staff:provision", "account:link", "account:unlink", "emergency:begin", "emergency:enter", "emergency:view", "emergency:end", "emergency:over", "citizen.erase", "file.opened", "audit.searched", "audit.exported", "audit.printed", "task:replay", "task:replay_all", "task:discard", "clock:run", "demo:begin", "demo:load",
	"demo:relate", "warning:acknowledged", "warning:assigned", "warning:closed", "warning:rules", "complaint.taken_over", "complaint.given_back",
	"review:write", "review:object", "review:rule", "review:rules", "conduct:rules", "improvement:planned", "improvement:started", "improvement:done",
	"improvement:returned", "improvement:verified", "improvement:dropped",
	"citizen.exported", "citizen.identity_read", "citizen.mobile_asked", "citizen.mobile_changed", "citizen.mobile_refused", "erasure.asked",
	"erasure.refused", "erasure.withdrawn", "hold.placed", "hold.lifted", "retention.rules", "retention.certificate", "denied:",
}

// Acts lists what the list can be narrowed to.
func Acts() []string { return acts }

// Word is the end of the message key that says what an act is.
func Word(act string) string {
	if strings.HasPrefix(act, Denied) {
		return "denied"
	}
	return strings.ReplaceAll(act, ":", ".")
}
