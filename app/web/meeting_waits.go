package web

import (
	"strconv"

	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/persian"
	"pasokh/app/timeline"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// partyIn reads on whose behalf somebody comes.
func partyIn(f form) meetings.Party {
	p := meetings.Party{PartyKind: meetings.PartyKind(f.text("party")), PartyName: f.text("party_name"), PartyID: f.text("party_id")}
	if p.PartyKind == "none" {
		return meetings.Party{}
	}
	p.PartyPeople, _ = f.number("party_people") // what is no number is too few
	return p
}

// waitChoices adds what can be waited for to the page of the slots.
func (r *req) waitChoices(d *meetingDraft, m *views.MeetingSlot) (err error) {
	m.Wait = d.path("wait")
	for i := range m.Sessions {
		if m.Sessions[i].Free() == 0 {
			m.Full = append(m.Full, m.Sessions[i])
		}
	}
	m.Draws, err = meetings.OpenDraws(r.ctx, r.db, d.Executive)
	return err
}

// meetingWaitSave chooses the line, or a draw, instead of a slot.
func (w *web) meetingWaitSave(r *req) error {
	d, err := r.meetingDraftOf()
	if err != nil {
		return err
	}
	f, err := r.form()
	if err != nil {
		return err
	}
	d.Wait, d.For = true, f.id("for")
	if d.For != 0 {
		s, err := meetings.SessionByID(r.ctx, r.db, d.For)
		if err != nil {
			return err
		}
		if s.ExecutiveID != d.Executive {
			return fault.New(fault.NotFound, "error.not_found")
		}
	}
	if err := r.write(func(tx *tenants.Tx) error { return meetings.Release(r.ctx, tx, d.id) }); err != nil {
		return err
	}
	if err := r.keepMeeting(d, nil, nil); err != nil {
		return err
	}
	return r.done(d.path("contact"))
}

// awaited is what the draft waits for, where other drafts hold a slot.
func (r *req) awaited(d *meetingDraft) (*views.HeldSlot, error) {
	with, err := r.whom(d)
	h := &views.HeldSlot{With: with, Wait: r.t("wait.for_any")}
	if err != nil || d.For == 0 {
		return h, err
	}
	s, err := meetings.SessionByID(r.ctx, r.db, d.For)
	if err != nil {
		return nil, err
	}
	key := "wait.for_session"
	if s.Drawing() {
		key = "draw.for"
	}
	h.Wait = r.t(key, "date", messages.Date(r.ctx, s.StartsAt))
	return h, nil
}

// join puts the holder of the number into the line, or into the draw.
func (w *web) join(r *req, d *meetingDraft, identity citizens.Identity) error {
	var wait *meetings.Wait
	err := r.write(func(tx *tenants.Tx) (err error) {
		wait, err = r.joinDraft(tx, d, identity)
		return err
	})
	switch {
	case fault.Is(err, fault.Conflict):
		return w.meetingContactPage(r, d, &fault.Error{Kind: fault.Invalid, Key: fault.As(err).Key, Args: fault.As(err).Args})
	case err != nil:
		return w.notBooked(r, d, err)
	}
	if err := r.track(timeline.Subject{Kind: "meeting", ID: wait.ID}); err != nil {
		return err
	}
	return r.done("/meeting")
}

func (r *req) joinDraft(tx *tenants.Tx, d *meetingDraft, identity citizens.Identity) (*meetings.Wait, error) {
	if _, err := citizens.LockDraft(r.ctx, tx, d.id, r.holder()); err != nil {
		return nil, err
	}
	earlier, _, err := r.earlierCase(tx, d.Code, identity.Mobile)
	if err != nil {
		return nil, err
	}
	person, err := citizens.Ensure(r.ctx, tx, identity)
	if err != nil {
		return nil, err
	}
	wait, err := meetings.Join(r.ctx, tx, meetings.Booking{
		CitizenID: person.ID, NationalID: identity.NationalID, ExecutiveID: d.Executive, SessionID: d.For,
		Subject: d.Subject, Text: d.Text, Companions: d.Companions, Channel: meetings.Web, ComplaintID: earlier, Party: d.Party,
		TopicID: d.Topic, DistrictID: d.District, Answers: d.Answers,
	})
	if err != nil {
		return nil, err
	}
	if err := r.taken(tx, earlier, wait.ID); err != nil { // the meeting will have the same ID
		return nil, err
	}
	if _, err := files.Attach(r.ctx, tx, d.id, files.Subject{Kind: "meeting", ID: wait.ID}, nil); err != nil {
		return nil, err
	}
	return wait, r.fileDraft(tx, d.id, wait.ID, "/meeting")
}

// trackedWait is the place in the line that this browser's code opened; nil when
// it is a meeting by now.
func (r *req) trackedWait() (*meetings.ListedWait, error) {
	if r.principal.subject.Kind != "meeting" {
		return nil, errSignIn
	}
	wait, err := meetings.WaitByID(r.ctx, r.db, r.principal.subject.ID)
	if fault.Is(err, fault.NotFound) {
		return nil, nil //nolint:nilnil // no place in the line is an answer here
	}
	if err != nil {
		return nil, err
	}
	r.principal.actor.ID = wait.CitizenID
	if wait.State == meetings.WaitBooked {
		return nil, nil //nolint:nilnil // it has become the meeting
	}
	return wait, nil
}

// waitPage shows the place in the line, and the offer.
func (w *web) waitPage(r *req, wait *meetings.ListedWait, cause error) error {
	m := views.MeetingWait{Wait: wait, Now: r.now(), Errors: views.ErrorsOf(cause)}
	var err error
	if m.Events, err = timeline.Of(r.ctx, r.db, timeline.Subject{Kind: "meeting", ID: wait.ID}, true); err != nil {
		return err
	}
	if m.Ahead, err = meetings.Ahead(r.ctx, r.db, &wait.Wait); err != nil {
		return err
	}
	p := r.frame("wait.title")
	if cause != nil {
		r.c.Status(409)
	}
	return r.page(parts.Citizen, p, views.MeetingWaitPage(p, m))
}

// meetingOfferAcceptanceCreate takes the offered seat in one tap.
func (w *web) meetingOfferAcceptanceCreate(r *req) error {
	wait, err := r.trackedWait()
	if err != nil {
		return err
	}
	if wait == nil {
		return r.done("/meeting") // taken before
	}
	err = r.write(func(tx *tenants.Tx) error {
		_, err := meetings.Accept(r.ctx, tx, wait.ID)
		return err
	})
	if fault.Is(err, fault.Conflict) || fault.Is(err, fault.TooMany) {
		return w.waitPage(r, wait, err)
	}
	if err != nil {
		return err
	}
	return r.done("/meeting/receipt")
}

// meetingWaitLeavingCreate takes the citizen out of the line.
func (w *web) meetingWaitLeavingCreate(r *req) error {
	wait, err := r.trackedWait()
	if err != nil {
		return err
	}
	if wait == nil {
		return r.done("/meeting")
	}
	err = r.write(func(tx *tenants.Tx) error { return meetings.Withdraw(r.ctx, tx, wait.ID) })
	if fault.Is(err, fault.Conflict) {
		return w.waitPage(r, wait, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "wait.left")
	return r.done("/meeting")
}

// findWait looks a place in the line up like findMeeting.
func (r *req) findWait(code, mobile string) (timeline.Subject, error) {
	wait, err := meetings.WaitByCode(r.ctx, r.db, code)
	if err == nil && wait.CitizenMobile != mobile {
		err = fault.New(fault.NotFound, "complaint.error.track")
	}
	if err != nil {
		return timeline.Subject{}, err
	}
	return timeline.Subject{Kind: "meeting", ID: wait.ID}, nil
}

// myWait opens one of the signed-in citizen's places in a line.
func (w *web) myWait(r *req, id int64) error {
	wait, err := meetings.WaitByID(r.ctx, r.db, id)
	if err != nil {
		return err
	}
	if wait.CitizenMobile != r.principal.mobile {
		return fault.New(fault.NotFound, "error.not_found")
	}
	if err := r.track(timeline.Subject{Kind: "meeting", ID: id}); err != nil {
		return err
	}
	return r.done("/meeting")
}

// myWaits are the signed-in citizen's places in lines and draws.
func (r *req) myWaits() (cards []parts.LinkCardOpts, err error) {
	list, err := meetings.WaitsOfMobile(r.ctx, r.db, r.principal.mobile)
	for _, m := range list {
		cards = append(cards, parts.LinkCardOpts{
			Title: r.t("wait.citizen." + string(m.State)), Text: r.in(m.PostFA, m.PostEN), Href: "/my/meetings/" + strconv.FormatInt(m.ID, 10), Icon: "hourglass",
		})
	}
	return cards, err
}

// deskCaseOf is the case that is escalated; one that is not the person's is
// refused beside the subject.
func (r *req) deskCaseOf(tx *tenants.Tx, code string, identity citizens.Identity) (*int64, error) {
	canonical, ok := persian.ParseCode(code)
	if code == "" || !ok {
		return nil, nil //nolint:nilnil // no case is an answer here
	}
	c, err := complaints.Track(r.ctx, tx, canonical, identity.Mobile)
	if fault.Is(err, fault.NotFound) {
		return nil, fault.Field("mobile", "booking.error.case")
	}
	if err != nil {
		return nil, err
	}
	return &c.ID, nil
}
