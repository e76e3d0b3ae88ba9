package jobs

import (
	"context"
	"time"

	"pasokh/app/citizens"
	"pasokh/app/committees"
	"pasokh/app/complaints"
	"pasokh/app/emergency"
	"pasokh/app/handover"
	"pasokh/app/inbound"
	"pasokh/app/inspection"
	"pasokh/app/notify"
	"pasokh/app/privacy"
	"pasokh/app/quality"
	"pasokh/app/staff"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// Reaction does what follows from one fact. It may be run twice, early, late
// and after the world has moved on: it reads the rows again and does nothing
// when there is nothing left to do. result is a word for the record.
type Reaction func(ctx context.Context, d *Deps, db *tenants.DB, t *tenants.Task) (result string, err error)

// Kind says how urgent a kind of task is and what it does.
type Kind struct {
	Queue string
	React Reaction
}

// kinds is the table of everything that follows from facts.
var kinds = map[string]Kind{
	citizens.KindCodeRequested: {OTP, citizenCodeRequested},
	staff.KindInvited:          {OTP, staffInvited},
	staff.KindResetAsked:       {OTP, staffResetAsked},
	staff.KindPasswordChanged:  {Default, staffPasswordChanged},
	staff.KindTrainingDue:      {Bulk, staffTrainingDue},

	"complaint.registered":   {Default, aboutCase((*notify.Post).ComplaintRegistered)},
	"complaint.referred":     {Default, aboutCase((*notify.Post).ComplaintReferred)},
	"complaint.recalled":     {Default, aboutCase((*notify.Post).ComplaintRecalled)},
	complaints.KindTakenOver: {Default, aboutCase((*notify.Post).ComplaintTakenOver)},
	complaints.KindGivenBack: {Default, aboutCase((*notify.Post).ComplaintTakenOver)},
	"complaint.interim":      {Default, aboutCase((*notify.Post).ComplaintInterim)},
	"complaint.asked":        {Default, aboutCase((*notify.Post).ComplaintAsked)},
	"complaint.invited":      {Default, aboutCase((*notify.Post).ComplaintInvited)},
	"complaint.answered":     {Default, aboutCase((*notify.Post).ComplaintAnswered)},
	"complaint.visited":      {Default, aboutCase((*notify.Post).ComplaintVisited)},
	"complaint.closed":       {Default, aboutCase((*notify.Post).ComplaintClosed)},
	"complaint.completed":    {Default, aboutCase((*notify.Post).ComplaintCompleted)},
	"complaint.went_on":      {Default, aboutCase((*notify.Post).ComplaintWentOn)},
	complaints.KindObjected:  {Default, aboutCase((*notify.Post).ComplaintObjected)},
	"complaint.escalated":    {Bulk, aboutCase((*notify.Post).ComplaintEscalated)},

	"complaint.stuck":          {Bulk, aboutCase((*notify.Post).ComplaintStuck)},
	"complaint.legal_near":     {Bulk, aboutCase((*notify.Post).ComplaintLegalDue)},
	"complaint.legal_passed":   {Bulk, aboutCase((*notify.Post).ComplaintLegalDue)},
	"complaint.source_near":    {Bulk, aboutCase((*notify.Post).ComplaintSourceDue)},
	"complaint.source_passed":  {Bulk, aboutCase((*notify.Post).ComplaintSourceDue)},
	complaints.KindBoxOverdue:  {Bulk, boxOverdue},
	"complaint.score_objected": {Bulk, aboutCase((*notify.Post).ScoreObjected)},
	"complaint.score_upheld":   {Bulk, aboutCase((*notify.Post).ScoreDecided)},
	"complaint.score_reversed": {Bulk, aboutCase((*notify.Post).ScoreDecided)},

	tenants.KindCalendarChanged: {Default, calendarChanged},

	complaints.KindImportCheck: {Default, importCheck},
	complaints.KindImportApply: {Default, importApply},

	complaints.KindAskReminder: {Bulk, aboutCase((*notify.Post).ComplaintAskReminder)},
	complaints.KindAskOver:     {Default, askOver},
	"complaint.visit_planned":  {Default, aboutCase((*notify.Post).ComplaintVisitPlanned)},

	"complaint.merged":              {Default, aboutCase((*notify.Post).ComplaintMerged)},
	"complaint.unmerged":            {Default, aboutCase((*notify.Post).ComplaintUnmerged)},
	"complaint.child_answered":      {Default, aboutCase((*notify.Post).ComplaintChild)},
	"complaint.child_closed":        {Default, aboutCase((*notify.Post).ComplaintChild)},
	complaints.KindTransferSent:     {Default, transferSent},
	complaints.KindTransferMoved:    {Bulk, transferMoved},
	complaints.KindTransferRefused:  {Default, transferRefused},
	complaints.KindTransferReturned: {Default, aboutCase((*notify.Post).ComplaintReturned)},

	"meeting.requested":   {Default, aboutMeeting((*notify.Post).MeetingRequested)},
	"meeting.approved":    {Default, aboutMeeting((*notify.Post).MeetingApproved)},
	"meeting.refused":     {Default, aboutMeeting((*notify.Post).MeetingRefused)},
	"meeting.cancelled":   {Default, aboutMeeting((*notify.Post).MeetingCancelled)},
	"meeting.rescheduled": {Default, aboutMeeting((*notify.Post).MeetingRescheduled)},
	"meeting.displaced":   {Default, aboutMeeting((*notify.Post).MeetingDisplaced)},
	"meeting.changed":     {Default, aboutMeeting((*notify.Post).MeetingChanged)},
	"meeting.closed":      {Default, aboutMeeting((*notify.Post).MeetingClosed)},
	"meeting.reminder":    {Bulk, meetingReminder},

	meetings.KindInvited: {Default, sessionInvited},

	"meeting.answered":       {Default, aboutMeeting((*notify.Post).MeetingAnswered)},
	"meeting.routed":         {Default, aboutMeeting((*notify.Post).MeetingRouted)},
	"meeting.asked":          {Default, aboutMeeting((*notify.Post).MeetingAsked)},
	"meeting.appeal_decided": {Default, aboutMeeting((*notify.Post).AppealDecided)},
	"meeting.wait_joined":    {Default, aboutWait((*notify.Post).WaitJoined)},
	"meeting.wait_offered":   {Critical, aboutWait((*notify.Post).WaitOffered)},
	"meeting.wait_lapsed":    {Default, aboutWait((*notify.Post).WaitLapsed)},
	"meeting.wait_kept":      {Default, aboutWait((*notify.Post).WaitKept)},
	"meeting.wait_changed":   {Default, aboutWait((*notify.Post).WaitChanged)},
	"meeting.wait_over":      {Default, aboutWait((*notify.Post).WaitOver)},
	"meeting.draw_entered":   {Default, aboutWait((*notify.Post).DrawEntered)},
	"meeting.draw_lost":      {Bulk, aboutWait((*notify.Post).DrawLost)},

	"directive.issued":   {Default, directiveIssued},
	"directive.reported": {Default, aboutDirective((*notify.Post).DirectiveReported)},
	"directive.returned": {Default, aboutDirective((*notify.Post).DirectiveReturned)},
	"directive.accepted": {Default, aboutDirective((*notify.Post).DirectiveAccepted)},
	"directive.reminder": {Bulk, aboutDirective((*notify.Post).DirectiveReminder)},
	"directive.overdue":  {Bulk, aboutDirective((*notify.Post).DirectiveOverdue)},

	"directive.part_issued":            {Default, aboutPart((*notify.Post).PartIssued)},
	"directive.part_reported":          {Default, aboutPart((*notify.Post).PartReported)},
	"directive.part_returned":          {Default, aboutPart((*notify.Post).PartReturned)},
	"directive.part_reminder":          {Bulk, aboutPart((*notify.Post).PartReminder)},
	"directive.part_overdue":           {Bulk, aboutPart((*notify.Post).PartOverdue)},
	"directive.part_extension_asked":   {Default, aboutPart((*notify.Post).PartExtensionAsked)},
	"directive.part_extension_decided": {Default, aboutPart((*notify.Post).PartExtensionDecided)},
	"directive.extension_asked":        {Default, aboutDirective((*notify.Post).ExtensionAsked)},
	"directive.extension_decided":      {Default, aboutDirective((*notify.Post).ExtensionDecided)},
	directives.KindDigest:              {Bulk, executiveDigest},
	committees.KindInvited:             {Default, aboutSitting((*notify.Post).CommitteeInvited)},
	committees.KindCancelled:           {Default, aboutSitting((*notify.Post).CommitteeCancelled)},

	staff.KindNewDevice:       {Default, newDevice},
	staff.KindFactorChanged:   {Default, factorChanged},
	staff.KindFactorsReset:    {Default, factorsReset},
	staff.KindLinked:          {Default, accountLinked},
	staff.KindAddressLeft:     {Default, addressLeft},
	staff.KindSecurityChanged: {Critical, securityChanged},
	emergency.KindOpened:      {Critical, emergencyChanged},
	emergency.KindEnded:       {Default, emergencyChanged},

	citizens.KindChangeAsked:   {OTP, aboutChange((*notify.Post).MobileAsked)},
	citizens.KindChanged:       {OTP, aboutChange((*notify.Post).MobileChanged)},
	citizens.KindChangeRefused: {Default, aboutChange((*notify.Post).MobileRefused)},
	privacy.KindErasureAsked:   {Default, aboutErasure((*notify.Post).ErasureAsked)},
	privacy.KindErasureRefused: {Default, aboutErasure((*notify.Post).ErasureRefused)},
	privacy.KindErased:         {Default, erased},

	notify.KindDigest:      {Bulk, staffDigest},
	notify.KindUndelivered: {Bulk, undelivered},
	notify.KindCreditLow:   {Default, creditLow},
	notify.KindResent:      {Default, resent},
	inbound.KindArrived:    {Default, inboundArrived},
	inbound.KindStatus:     {Default, inboundStatus},

	inspection.KindAppointed: {Default, aboutVisit((*notify.Post).InspectionAppointed)},
	inspection.KindReported:  {Default, aboutVisit((*notify.Post).InspectionReported)},
	inspection.KindDue:       {Bulk, aboutVisit((*notify.Post).InspectionDue)},
	inspection.KindOverdue:   {Bulk, aboutVisit((*notify.Post).InspectionOverdue)},
	inspection.KindAnswered:  {Default, aboutVisit((*notify.Post).InspectionAnswered)},
	inspection.KindOpened:    {Default, aboutViolation((*notify.Post).ViolationReported)},
	inspection.KindHeard:     {Default, aboutViolation((*notify.Post).ViolationHeard)},
	inspection.KindDecided:   {Default, aboutViolation((*notify.Post).ViolationDecided)},

	quality.KindRaised:   {Bulk, warningsRaised},
	quality.KindAssigned: {Default, warningAssigned},

	quality.KindReviewed:       {Default, aboutReview((*notify.Post).ReviewWritten)},
	quality.KindObjected:       {Default, aboutReview((*notify.Post).ReviewObjected)},
	quality.KindRuled:          {Default, aboutReview((*notify.Post).ReviewDecided)},
	quality.KindActionPlanned:  {Default, aboutAction((*notify.Post).ActionPlanned)},
	quality.KindActionDue:      {Bulk, aboutAction((*notify.Post).ActionDue)},
	quality.KindActionLate:     {Bulk, aboutAction((*notify.Post).ActionLate)},
	quality.KindActionDone:     {Default, aboutAction((*notify.Post).ActionDone)},
	quality.KindActionReturned: {Default, aboutAction((*notify.Post).ActionReturned)},

	handover.KindAsked: {Bulk, makePackage},

	tenants.KindQuotaWarned: {Bulk, quotaWarned},
}

// clocks is the table of everything that happens by time.
var clocks = []Clock{
	{Name: "complaints.sweep", Every: 30 * time.Second, Run: SweepComplaints},
	{Name: "complaints.stuck", Every: day, At: 7 * time.Hour, Run: handOver}, // before the offices open
	{Name: "complaints.sources", Every: time.Hour, Run: warnSources},
	{Name: "boxes", Every: time.Hour, Run: remindBoxes},
	{Name: "directives.sweep", Every: 30 * time.Second, Run: sweepDirectives},
	{Name: "directives.parts", Every: 30 * time.Second, Run: sweepParts},
	{Name: "directives.digests", Every: time.Hour, Run: sendDigests},
	{Name: "committees.sittings", Every: day, At: 20 * time.Minute, Run: generateSittings},
	{Name: "holidays", Every: 7 * day, At: 2 * time.Hour, Run: writeHolidays},
	{Name: "meetings.busy", Every: time.Hour, Run: rereadBusy},
	{Name: "meetings.booking", Every: time.Minute, Run: sweepBooking},
	{Name: "meetings.sessions", Every: day, At: 10 * time.Minute, Run: generateSessions}, // a new day has just begun
	{Name: "meetings.invitations", Every: 5 * time.Minute, Run: inviteToSessions},
	{Name: "notify.deliveries", Every: time.Minute, Run: checkDeliveries},
	{Name: "notify.inbound", Every: time.Minute, Run: fetchInbound},
	{Name: "notify.mailboxes", Every: time.Minute, Run: lookForMail},
	{Name: "notify.credit", Every: time.Hour, Run: checkCredit},
	{Name: "tenants.tally", Every: time.Hour, Run: tally},
	{Name: "emergency.over", Every: time.Minute, Run: endEmergencies},
	{Name: "handover.removals", Every: time.Minute, Run: eraseDeleted},
	{Name: "purge", Every: time.Hour, Run: purge},
	{Name: "audit", Every: day, At: 3 * time.Hour, Run: anchorAudits},
	{Name: "quality.warnings", Every: time.Hour, Run: lookForWarnings},
	{Name: "privacy.retention", Every: day, At: 4 * time.Hour, Run: retain},
	{Name: "privacy.erasures", Every: time.Hour, Run: keepErasures},
	{Name: "staff.trainings", Every: day, At: 7 * time.Hour, Run: tellTrainings},
}
