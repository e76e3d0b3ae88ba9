package web

import (
	"slices"

	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/persian"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// intake is the intake form with what was typed so far, and what is known of
// the caller.
func (r *req) intake(f form) (*views.DeskIntake, error) {
	in := registrationOf(f)
	m := &views.DeskIntake{
		Lookup: f.text("lookup"), Person: f.text("person"), Kind: in.Kind, Channel: in.Channel, Source: in.Source, External: in.ExternalNumber, CallReference: in.CallReference, Text: in.Text, Place: in.Place,
		Identity: citizens.Identity{Mobile: f.text("mobile"), NationalID: f.text("national_id"), Name: f.text("name")}, Now: r.now(),
	}
	m.Once = f.once()
	m.Phone = f.text("phone")
	m.Secretariat, m.LetterOn, m.ExternalDue = f.text("secretariat_number"), f.text("letter_on"), f.text("external_due")
	if m.Inbound = f.text("inbound"); f.id("inbound") == 0 {
		m.Inbound = ""
	}
	if m.Lookup == "" {
		m.Lookup = f.text("caller")
	}
	if m.Kind == "" {
		m.Kind = complaints.KindComplaint
	}
	if m.Channel == "" {
		m.Channel = "phone"
	}
	if err := r.offerTopics(m, in.TopicID); err != nil {
		return nil, err
	}
	if err := r.findCaller(m, f); err != nil {
		return nil, err
	}
	if err := r.findDuplicates(m, in.TopicID); err != nil {
		return nil, err
	}
	var err error
	if m.Elsewhere, err = r.elsewhere(m.Identity); err != nil {
		return nil, err
	}
	return m, r.intakeTopic(m, in)
}

// offerTopics lists the topics; the fields of the place are the chosen one's,
// or those of all before one is chosen.
func (r *req) offerTopics(m *views.DeskIntake, chosen int64) error {
	topics, err := tenants.Topics(r.ctx, r.db)
	if err != nil {
		return err
	}
	m.Topics = r.topicOptions(topics, chosen)
	m.Topic = &tenants.Topic{}
	for i := range topics {
		if topics[i].ID == chosen {
			m.Topic = &topics[i]
			return nil
		}
	}
	for _, t := range topics {
		for _, field := range t.PlaceFields {
			if !slices.Contains(m.Topic.PlaceFields, field) {
				m.Topic.PlaceFields = append(m.Topic.PlaceFields, field)
			}
		}
	}
	return nil
}

// findCaller looks up who has this number and what they have brought before.
func (r *req) findCaller(m *views.DeskIntake, f form) error {
	if m.Lookup == "" {
		return nil
	}
	asked := f.text("lookup") != ""
	if asked && m.Identity.Name == "" {
		m.Person, m.Identity = "", citizens.Identity{} // of the call before
	}
	mobile, isMobile := persian.Mobile(m.Lookup)
	nationalID, isID := persian.NationalID(m.Lookup)
	phone, isPhone := citizens.Phone(m.Lookup)
	if !isMobile && !isID && isPhone && m.Phone == "" {
		m.Phone = phone
	}
	if !isMobile && !isID && !isPhone {
		m.Errors = views.Errors{"lookup": "desk.error.lookup"}
		return nil
	}
	if m.Identity.Mobile == "" && isMobile {
		m.Identity.Mobile = persian.ShowMobile(mobile)
	}
	if m.Identity.NationalID == "" && isID && !isMobile {
		m.Identity.NationalID = nationalID
	}
	people, err := citizens.Find(r.ctx, r.db, m.Lookup)
	if err != nil {
		return err
	}
	for i := range people {
		m.People = append(m.People, person(r, &people[i]))
	}
	if len(people) > 0 {
		mobile = people[0].Mobile
	}
	if m.Person == "" && len(people) > 0 && asked {
		m.Person = m.People[0].Value
	}
	return r.earlier(m, mobile)
}

func person(r *req, c *citizens.Citizen) parts.Choice {
	name := c.Name
	if name == "" {
		name = r.t("desk.intake.unnamed")
	}
	note := messages.Digits(r.ctx, r.mobile(c.Mobile))
	if c.NationalID != "" {
		note += " · " + r.t("desk.fact.national_id") + " " + messages.Digits(r.ctx, c.MaskedNationalID())
	}
	return parts.Choice{Value: idText(c.ID), Label: name, Hint: note}
}

// earlierShown is how many earlier cases the operator sees while the caller
// talks; the search has the rest.
const earlierShown = 6

// earlier lists the caller's cases, those that are open first.
func (r *req) earlier(m *views.DeskIntake, mobile string) error {
	if mobile == "" {
		return nil
	}
	m.Mobile = mobile
	list, err := complaints.OfCaller(r.ctx, r.db, mobile)
	if err != nil {
		return err
	}
	slices.SortStableFunc(list, func(a, b complaints.Complaint) int {
		switch {
		case a.Open() == b.Open():
			return 0
		case a.Open():
			return -1
		}
		return 1
	})
	m.Earlier = len(list)
	for i := range list[:min(len(list), earlierShown)] {
		m.Cases = append(m.Cases, other(&list[i]))
	}
	return nil
}

func other(c *complaints.Complaint) views.DeskOther {
	return views.DeskOther{Code: persian.ShowCode(c.Code), Href: casePath(c.ID), State: c.State, Text: c.Text, RegisteredAt: c.RegisteredAt}
}

// findDuplicates lists what this caller has open about the chosen topic.
func (r *req) findDuplicates(m *views.DeskIntake, topic int64) error {
	mobile := m.Mobile
	if typed, ok := persian.Mobile(m.Identity.Mobile); ok && mobile == "" {
		mobile = typed
	}
	if topic == 0 || mobile == "" {
		return nil
	}
	list, err := complaints.OpenAbout(r.ctx, r.db, mobile, topic)
	for i := range list {
		m.Duplicates = append(m.Duplicates, other(&list[i]))
	}
	return err
}
