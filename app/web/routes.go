package web

import "pasokh/static"

// routes is every address of the program. A line says who may come; the
// permission names are those of policies/roles.csv. Closing is creating a
// closure, approving is creating an approval: addresses are nouns.
func (w *web) routes() {
	w.machine("GET", static.Prefix+"*", w.staticFile)
	w.machine("GET", "/favicon.ico", w.favicon)
	w.machine("GET", "/robots.txt", w.robots)
	w.machine("GET", "/healthz", w.healthy)
	w.machine("GET", "/readyz", w.ready)

	w.anyone("GET", "/", w.home)
	w.anyone("POST", "/language", w.languageCreate)

	// Staff sign in and out, on an organization's host and on the platform's.
	w.anyone("GET", "/sign-in", w.signInForm)
	w.anyone("POST", "/session", w.sessionCreate)
	w.anyone("POST", "/session/end", w.sessionEnd)

	// A citizen signs in by a code to the mobile and sees what is theirs.
	w.public("GET", "/my/sign-in", w.mySignInForm)
	w.public("POST", "/my/codes", w.myCodeCreate)
	w.public("GET", "/my/code", w.myCodeForm)
	w.public("POST", "/my/session", w.mySessionCreate)
	w.public("POST", "/my/session/end", w.mySessionEnd)
	w.citizen("GET", "/my", w.my)

	// Complaints, the citizen's side: complaint_form.go, case.go, case_acts.go
	w.public("GET", "/complaints/new", w.complaintNew)
	w.public("POST", "/complaints/drafts", w.complaintDraftCreate)
	w.public("GET", "/complaints/drafts/:id/topic", w.complaintTopicForm)
	w.public("POST", "/complaints/drafts/:id/topic", w.complaintTopicSave)
	w.public("GET", "/complaints/drafts/:id/details", w.complaintDetailsForm)
	w.public("POST", "/complaints/drafts/:id/details", w.complaintDetailsSave).withFiles()
	w.public("GET", "/complaints/drafts/:id/contact", w.complaintContactForm)
	w.public("POST", "/complaints/drafts/:id/contact", w.complaintContactSave)
	w.public("GET", "/complaints/drafts/:id/check", w.complaintCheckForm)
	w.public("POST", "/complaints/drafts/:id/registration", w.complaintRegistrationCreate)
	w.public("GET", "/track", w.trackForm)
	w.public("POST", "/tracking", w.trackingCreate)
	w.citizen("GET", "/my/complaints/:id", w.myCase)
	w.tracker("GET", "/case", w.caseShow)
	w.tracker("GET", "/case/receipt", w.caseReceipt)
	w.tracker("GET", "/case/receipt/sheet", w.caseReceiptSheet)
	w.tracker("GET", "/case/files/:id", w.caseFile)
	w.tracker("POST", "/case/additions", w.caseAdditionCreate).withFiles()
	w.tracker("POST", "/case/verdict", w.caseVerdictCreate)
	w.tracker("POST", "/case/confirmation", w.caseConfirmationCreate)
	w.tracker("POST", "/case/withdrawal", w.caseWithdrawalCreate)

	// The desk: desk_*.go
	w.staff("GET", "/desk", "complaint:read", w.desk)
	w.staff("GET", "/desk/complaints/:id", "complaint:read", w.deskCase)
	w.staff("GET", "/desk/complaints/:id/files/:file", "file:read", w.deskFile)
	w.staff("POST", "/desk/complaints/:id/triage", "complaint:triage", w.deskTakeCreate)
	w.staff("POST", "/desk/complaints/:id/acknowledgement", "complaint:take", w.deskTakeCreate)
	w.staff("POST", "/desk/complaints/:id/referral", "complaint:refer", w.deskReferralCreate)
	w.staff("POST", "/desk/complaints/:id/settlement", "complaint:settle", w.deskSettlementCreate)
	w.staff("POST", "/desk/complaints/:id/return", "complaint:answer", w.deskReturnCreate)
	w.staff("POST", "/desk/complaints/:id/question", "complaint:answer", w.deskQuestionCreate)
	w.staff("POST", "/desk/complaints/:id/interim", "complaint:answer", w.deskInterimCreate)
	w.staff("POST", "/desk/complaints/:id/answer", "complaint:answer", w.deskAnswerCreate).withFiles()
	w.staff("POST", "/desk/complaints/:id/feedback", "complaint:feedback", w.deskFeedbackCreate)
	w.staff("POST", "/desk/complaints/:id/sign-off", "complaint:sign_off", w.deskSignOffCreate)
	w.staff("POST", "/desk/complaints/:id/visit", "complaint:visit", w.deskVisitCreate).withFiles()
	w.staff("POST", "/desk/complaints/:id/confirmation", "complaint:visit", w.deskConfirmationCreate)
	w.staff("POST", "/desk/complaints/:id/closure", "complaint:close", w.deskClosureCreate)
	w.staff("POST", "/desk/complaints/:id/addition", "complaint:note", w.deskAdditionCreate).withFiles()
	w.staff("POST", "/desk/complaints/:id/note", "complaint:note", w.deskNoteCreate)
	w.staff("GET", "/desk/intake", "complaint:register", w.deskIntake)
	w.staff("POST", "/desk/intake", "complaint:register", w.deskIntakeCreate)
	w.staff("POST", "/desk/intake/caller", "complaint:register", w.deskCallerCreate)
	w.staff("POST", "/desk/intake/topic", "complaint:register", w.deskTopicCreate)
	w.staff("GET", "/desk/scores", "score:read", w.deskScores)
	w.staff("POST", "/desk/scores/:id/reversal", "score:reverse", w.deskReversalCreate)
	w.staff("GET", "/desk/organization", "organization:read", w.deskOrganization)

	// Meetings, the citizen's side: meeting_form.go, meeting.go
	w.public("GET", "/meetings/new", w.meetingNew)
	w.public("POST", "/meetings/drafts", w.meetingDraftCreate)
	w.public("GET", "/meetings/drafts/:id/executive", w.meetingExecutiveForm)
	w.public("POST", "/meetings/drafts/:id/executive", w.meetingExecutiveSave)
	w.public("GET", "/meetings/drafts/:id/subject", w.meetingSubjectForm)
	w.public("POST", "/meetings/drafts/:id/subject", w.meetingSubjectSave).withFiles()
	w.public("GET", "/meetings/drafts/:id/slot", w.meetingSlotForm)
	w.public("POST", "/meetings/drafts/:id/slot", w.meetingSlotSave)
	w.public("GET", "/meetings/drafts/:id/contact", w.meetingContactForm)
	w.public("POST", "/meetings/drafts/:id/contact", w.meetingContactSave)
	w.public("GET", "/meetings/drafts/:id/code", w.meetingCodeForm)
	w.public("POST", "/meetings/drafts/:id/booking", w.meetingBookingCreate)
	w.citizen("GET", "/my/meetings/:id", w.myMeeting)
	w.tracker("GET", "/meeting", w.meetingShow)
	w.tracker("GET", "/meeting/receipt", w.meetingReceipt)
	w.tracker("GET", "/meeting/calendar.ics", w.meetingCalendar)
	w.tracker("GET", "/meeting/files/:id", w.meetingFile)
	w.tracker("GET", "/meeting/rescheduling", w.meetingReschedulingForm)
	w.tracker("POST", "/meeting/rescheduling", w.meetingReschedulingCreate)
	w.tracker("POST", "/meeting/cancellation", w.meetingCancellationCreate)
	w.tracker("POST", "/meeting/directives/:id/objections", w.meetingObjectionCreate)

	// Meetings, the desk's side: meeting_desk_*.go, desk_files.go
	w.staff("GET", "/desk/files/:id", "file:read", w.officeFile)
	w.staff("GET", "/desk/meetings", "meeting:read", w.meetingDesk)
	w.staff("GET", "/desk/meetings/new", "meeting:book", w.meetingIntake)
	w.staff("POST", "/desk/meetings/new", "meeting:book", w.meetingIntakeCreate)
	w.staff("GET", "/desk/meetings/day", "meeting:run", w.meetingDay)
	w.staff("GET", "/desk/meetings/day/sheet", "meeting:run", w.meetingDaySheet)
	w.staff("GET", "/desk/meetings/wall", "meeting:run", w.meetingWall)
	w.staff("POST", "/desk/meetings/sessions/:id/next-call", "meeting:run", w.meetingNextCallCreate)
	w.staff("GET", "/desk/meetings/:id", "meeting:read", w.deskMeeting)
	w.staff("GET", "/desk/meetings/:id/booking", "meeting:book", w.meetingBooking)
	w.staff("POST", "/desk/meetings/:id/approval", "meeting:review", w.meetingApprovalCreate)
	w.staff("POST", "/desk/meetings/:id/refusal", "meeting:review", w.meetingRefusalCreate)
	w.staff("POST", "/desk/meetings/:id/cancellation", "meeting:review", w.meetingOfficeCancellationCreate)
	w.staff("POST", "/desk/meetings/:id/rescheduling", "meeting:review", w.meetingOfficeReschedulingCreate)
	w.staff("POST", "/desk/meetings/:id/check-in", "meeting:run", w.meetingCheckInCreate)
	w.staff("POST", "/desk/meetings/:id/call", "meeting:run", w.meetingCallCreate)
	w.staff("POST", "/desk/meetings/:id/absence", "meeting:run", w.meetingAbsenceCreate)
	w.staff("POST", "/desk/meetings/:id/excuse", "meeting:run", w.meetingExcuseCreate)
	w.staff("POST", "/desk/meetings/:id/minutes", "meeting:minutes", w.meetingMinutesCreate)
	w.staff("POST", "/desk/meetings/:id/closure", "meeting:minutes", w.meetingClosureCreate)

	// Directives: directive_*.go
	w.staff("GET", "/desk/meetings/:id/directives/new", "directive:issue", w.meetingDirectiveNew)
	w.staff("POST", "/desk/meetings/:id/directives", "directive:issue", w.meetingDirectiveCreate).withFiles()
	w.staff("GET", "/desk/complaints/:id/directives/new", "directive:issue", w.complaintDirectiveNew)
	w.staff("POST", "/desk/complaints/:id/directives", "directive:issue", w.complaintDirectiveCreate).withFiles()
	w.staff("GET", "/desk/directives", "directive:read", w.directiveDesk)
	w.staff("GET", "/desk/directives/:id", "directive:read", w.deskDirective)
	w.staff("POST", "/desk/directives/:id/start", "directive:report", w.directiveStartCreate)
	w.staff("POST", "/desk/directives/:id/report", "directive:report", w.directiveReportCreate).withFiles()
	w.staff("POST", "/desk/directives/:id/acceptance", "directive:accept", w.directiveAcceptanceCreate)
	w.staff("POST", "/desk/directives/:id/return", "directive:accept", w.directiveReturnCreate)
	w.staff("POST", "/desk/directives/:id/due-date", "directive:issue", w.directiveDueDateCreate)

	// The executive's page: executive.go
	w.staff("GET", "/executive", "directive:accept", w.executiveHome)

	// The platform's own pages.
	w.platform("GET", "/platform/queues", "platform:read", w.queues)
	w.platform("POST", "/platform/tasks/:id/replays", "platform:operate", w.replayCreate)

	if w.Demo {
		w.anyone("GET", "/dev/messages", w.devMessages)
		w.anyone("GET", "/dev/parts", w.devParts)
		w.anyone("GET", "/dev/parts/:name", w.devPartsPage)
	}
}
