package web

import (
	"strconv"

	"pasokh/app/citizens"
	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/app/timeline"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// caseReceipt is the page of a registration, with the legal receipt to print.
func (w *web) caseReceipt(r *req) error {
	view, err := r.receiptView()
	if err != nil {
		return err
	}
	p := r.frame("receipt.title")
	return r.page(parts.Citizen, p, views.ReceiptPage(p, *view))
}

// caseReceiptSheet is the receipt on paper.
func (w *web) caseReceiptSheet(r *req) error {
	view, err := r.receiptView()
	if err != nil {
		return err
	}
	p := r.frame("receipt.title")
	p.Paths.Home = "/case"
	return r.page(parts.Print, p, views.ReceiptSheet(p, *view))
}

// receiptView is the case with what a paper about it needs.
func (r *req) receiptView() (*views.Receipt, error) {
	m, err := r.caseView()
	if err != nil {
		return nil, err
	}
	home := r.w.links.Home(r.tenant)
	view := &views.Receipt{
		Case: *m, PIN: r.cookie(pinCookie), Address: home + "/track", QR: qrOf(home + "/track?code=" + m.Complaint.Code),
	}
	if m.Complaint.CitizenID != nil {
		who, err := citizens.ByID(r.ctx, r.db, *m.Complaint.CitizenID)
		if err != nil {
			return nil, err
		}
		view.Name = who.Name
	}
	return view, nil
}

// caseAnswerSheet is the definitive written answer on paper, as it was last
// given: the law asks for it in writing, with date and number.
func (w *web) caseAnswerSheet(r *req) error {
	receipt, err := r.receiptView()
	if err != nil {
		return err
	}
	e := lastClosure(receipt.Events)
	if e == nil {
		return fault.New(fault.NotFound, "case.error.no_answer")
	}
	p := r.frame("answer.title")
	p.Paths.Home = "/case"
	m := views.AnswerSheetOpts{
		Receipt: *receipt, Text: e.Text, At: e.At, Days: r.tenant.Settings.ObjectionDays,
		Number: persian.ShowCode(receipt.Complaint.Code) + "/" + messages.Digits(r.ctx, strconv.Itoa(max(1, e.Cycle))),
	}
	return r.page(parts.Print, p, views.AnswerSheet(p, m))
}

// lastClosure is the event that closed the case last; nil when none did.
func lastClosure(events []timeline.Event) *timeline.Event {
	for i := len(events) - 1; i >= 0; i-- {
		if events[i].Kind == "complaint.closed" {
			return &events[i]
		}
	}
	return nil
}
