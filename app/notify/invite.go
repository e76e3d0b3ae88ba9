package notify

import (
	"context"
	"fmt"
	"net/mail"

	"pasokh/app/carriers"
	"pasokh/app/committees"
	"pasokh/app/staff"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
	"pasokh/views/messages"
)

// invite makes the calendar part of a mail to an address.
type invite func(ctx context.Context, r tenants.Reader, l messages.Lang, to string) (*carriers.Calendar, error)

// entry is the calendar entry of a citizen's meeting, with the UID and SEQUENCE
// of the feeds; one that was called off takes it away again.
func (p *Post) entry(m *meetings.Listed) invite {
	return func(ctx context.Context, r tenants.Reader, l messages.Lang, to string) (*carriers.Calendar, error) {
		from, err := office(ctx, r)
		if err != nil {
			return nil, err
		}
		return part(meetings.MailCalendar(r, m, p.Links.Track(r.Tenant(), m.Code), l, meetings.Envelope{From: from, To: to}))
	}
}

// gathering is the calendar entry of a sitting for its members.
func (p *Post) gathering(c *committees.Committee, s *committees.Sitting, members []staff.Staff) invite {
	return func(ctx context.Context, r tenants.Reader, l messages.Lang, _ string) (*carriers.Calendar, error) {
		from, err := office(ctx, r)
		if err != nil {
			return nil, err
		}
		in := meetings.Invitation{
			UID: s.CalendarUID, Sequence: s.CalendarSequence, Cancelled: s.State == committees.Cancelled, Starts: s.StartsAt, Ends: s.EndsAt,
			Summary: spell(l, c.NameFA, c.NameEN), Place: s.Place, Page: p.Links.Sitting(r.Tenant(), s.ID), From: from,
		}
		for i := range members {
			in.Guests = append(in.Guests, meetings.Guest{Name: spell(l, members[i].NameFA, members[i].NameEN), Mail: members[i].Email})
		}
		return part(meetings.InvitationFile(r, in, l))
	}
}

// spell is a name in a language.
func spell(l messages.Lang, fa, en string) string {
	return fmt.Sprint(named(fa, en)(saying{lang: l}))
}

func part(f *meetings.CalendarFile, err error) (*carriers.Calendar, error) {
	if err != nil {
		return nil, err
	}
	return &carriers.Calendar{Method: f.Method, Body: f.Body}, nil
}

// office is the address that the organization's mails come from; empty when
// they come from nowhere of its own.
func office(ctx context.Context, r tenants.Reader) (string, error) {
	g, err := FirstGateway(ctx, r, carriers.Mail)
	if err != nil || g == nil {
		return "", err
	}
	from, err := mail.ParseAddress(g.Line)
	if err != nil {
		return "", nil //nolint:nilerr // a line that is no address names nobody
	}
	return from.Address, nil
}
