package meetings

import (
	"unicode/utf8"

	"pasokh/app/fault"
	"pasokh/app/persian"
)

// PartyKind is on whose behalf somebody comes.
type PartyKind string

// The kinds; the empty one is the person alone.
const (
	PartyNone    PartyKind = ""
	PartyCompany PartyKind = "company" // a legal person
	PartyGroup   PartyKind = "group"   // people without one, such as the neighbours of a street
)

// Party is on whose behalf a natural person, who is always named, comes.
type Party struct {
	PartyKind   PartyKind
	PartyName   string
	PartyID     string // national ID of the legal person, 11 digits
	PartyPeople int    // of a group
}

// MaxPartyPeople bounds a group.
const MaxPartyPeople = 9999

// Check cleans the party. Field errors: party, party_name, party_id,
// party_people.
func (p *Party) Check() error {
	bad := fault.Fields{}
	p.PartyName = persian.CleanLine(p.PartyName)
	switch p.PartyKind {
	case PartyNone:
		*p = Party{}
		return nil
	case PartyCompany:
		id, ok := persian.LegalID(p.PartyID)
		if !ok {
			bad.Add("party_id", "booking.error.party_id")
		}
		p.PartyID, p.PartyPeople = id, 0
	case PartyGroup:
		p.PartyID = ""
		if p.PartyPeople < 2 || p.PartyPeople > MaxPartyPeople {
			bad.Add("party_people", "booking.error.party_people")
		}
	default:
		bad.Add("party", "booking.error.party")
	}
	if p.PartyName == "" {
		bad.Add("party_name", "booking.error.party_name")
	}
	if utf8.RuneCountInString(p.PartyName) > MaxSubject {
		bad.Add("party_name", "meeting.error.too_long")
	}
	return bad.Err()
}
