package tenants

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"pasokh/app/fault"
)

// Account is one account at one organization.
type Account struct{ Organization, Staff int64 }

// AccountLink joins two accounts of one person at two organizations, once both
// have agreed. It holds no word of either organization.
type AccountLink struct {
	bun.BaseModel        `bun:"table:account_links,alias:link"`
	ID                   int64 `bun:",pk"`
	FirstOrganizationID  int64
	FirstStaffID         int64
	SecondOrganizationID int64
	SecondStaffID        *int64
	WordHash             string `json:"-"` // shown to the second account
	AnswerHash           string `json:"-"` // brings its consent back to the first
	ExpiresAt            time.Time
	LinkedAt             *time.Time
	CreatedAt            time.Time
}

// First and Second are its ends; the second is known once it has agreed.
func (l *AccountLink) First() Account { return Account{l.FirstOrganizationID, l.FirstStaffID} }

// Second is the other end.
func (l *AccountLink) Second() Account {
	a := Account{Organization: l.SecondOrganizationID}
	if l.SecondStaffID != nil {
		a.Staff = *l.SecondStaffID
	}
	return a
}

// Other is the end that a is not.
func (l *AccountLink) Other(a Account) Account {
	if l.First() == a {
		return l.Second()
	}
	return l.First()
}

// crossing leads from one end of a link to the other, once.
type crossing struct {
	bun.BaseModel  `bun:"table:account_crossings,alias:crossing"`
	ID             string `bun:",pk"`
	LinkID         int64
	OrganizationID int64
	StaffID        int64
	ExpiresAt      time.Time
}

const (
	// LinkTime is how long each end of a link may take to agree.
	LinkTime = 10 * time.Minute
	// CrossingTime is how long a way over to the other organization is open.
	CrossingTime = time.Minute
	// maxLinks bounds the links of one account.
	maxLinks = 10
)

func errNoLink() error { return fault.New(fault.NotFound, "error.not_found") }

// ofAccount narrows links to those of an account.
func ofAccount(q *bun.SelectQuery, a Account) *bun.SelectQuery {
	return q.Where("linked_at IS NOT NULL AND (first_organization_id = ? AND first_staff_id = ? OR second_organization_id = ? AND second_staff_id = ?)",
		a.Organization, a.Staff, a.Organization, a.Staff)
}

// UnscopedLinks lists the links of an account.
func (r *Root) UnscopedLinks(ctx context.Context, a Account) ([]AccountLink, error) {
	var list []AccountLink
	err := unscopedly(r.unscopedReader(), func(c *conn) error {
		return ofAccount(r.write.NewSelect().Conn(c).Model(&list), a).Order("id").Limit(maxLinks).Scan(ctx)
	})
	return list, err
}

// UnscopedBeginLink begins a link from an account to one at another organization,
// and gives the word that must be shown there. Field error: organization.
func (r *Root) UnscopedBeginLink(ctx context.Context, from Account, to int64) (string, error) {
	list, err := r.UnscopedLinks(ctx, from)
	if err != nil {
		return "", err
	}
	if len(list) >= maxLinks || to == from.Organization {
		return "", fault.Field("organization", "links.error.many")
	}
	word, now := NewToken(), r.clock()
	l := &AccountLink{
		ID: NewID(), FirstOrganizationID: from.Organization, FirstStaffID: from.Staff, SecondOrganizationID: to,
		WordHash: HashToken(word), ExpiresAt: now.Add(LinkTime), CreatedAt: now,
	}
	return word, unscopedly(r.unscopedWriter(), func(c *conn) error {
		_, err := r.write.NewDelete().Conn(c).Model((*AccountLink)(nil)).
			Where("linked_at IS NULL AND (expires_at <= ? OR first_organization_id = ? AND first_staff_id = ?)", now, from.Organization, from.Staff).Exec(ctx)
		if err != nil {
			return err
		}
		_, err = r.write.NewInsert().Conn(c).Model(l).Exec(ctx)
		return err
	})
}

// UnscopedLinkAsked reads the link that a word asks an account of the
// organization for; NotFound for every other word.
func (r *Root) UnscopedLinkAsked(ctx context.Context, organization int64, word string) (*AccountLink, error) {
	l := new(AccountLink)
	err := unscopedly(r.unscopedReader(), func(c *conn) error { return r.asked(ctx, c, l, organization, word) })
	return l, err
}

func (r *Root) asked(ctx context.Context, c *conn, l *AccountLink, organization int64, word string) error {
	if !IsToken(word) {
		return errNoLink()
	}
	return r.write.NewSelect().Conn(c).Model(l).Where("word_hash = ? AND second_organization_id = ? AND linked_at IS NULL AND expires_at > ?",
		HashToken(word), organization, r.clock()).Scan(ctx)
}

// UnscopedAgreeLink has the second account agree, once, and gives the answer that
// the first must take: only who holds both accounts in one browser gets there.
func (r *Root) UnscopedAgreeLink(ctx context.Context, second Account, word string) (answer string, l *AccountLink, err error) {
	l, answer = new(AccountLink), NewToken()
	err = unscopedly(r.unscopedWriter(), func(c *conn) error {
		if err := r.asked(ctx, c, l, second.Organization, word); err != nil {
			return err
		}
		res, err := r.write.NewUpdate().Conn(c).Model((*AccountLink)(nil)).
			Set("second_staff_id = ?, word_hash = '', answer_hash = ?, expires_at = ?", second.Staff, HashToken(answer), r.clock().Add(LinkTime)).
			Where("id = ? AND word_hash = ?", l.ID, l.WordHash).Exec(ctx)
		return one(res, err)
	})
	return answer, l, err
}

// UnscopedFinishLink has the first account take the answer: from then on they are
// linked. NotFound for an answer that is not its own; Conflict when the two are
// linked already.
func (r *Root) UnscopedFinishLink(ctx context.Context, first Account, answer string) (*AccountLink, error) {
	l := new(AccountLink)
	err := unscopedly(r.unscopedWriter(), func(c *conn) error {
		if !IsToken(answer) {
			return errNoLink()
		}
		err := r.write.NewSelect().Conn(c).Model(l).Where("answer_hash = ? AND first_organization_id = ? AND first_staff_id = ? AND linked_at IS NULL AND expires_at > ?",
			HashToken(answer), first.Organization, first.Staff, r.clock()).Scan(ctx)
		if err != nil {
			return err
		}
		n, err := ofAccount(r.write.NewSelect().Conn(c).Model((*AccountLink)(nil)), first).
			Where("(first_organization_id = ? AND first_staff_id = ? OR second_organization_id = ? AND second_staff_id = ?)",
				l.SecondOrganizationID, *l.SecondStaffID, l.SecondOrganizationID, *l.SecondStaffID).Count(ctx)
		if err != nil || n > 0 {
			return cmpErr(err, fault.New(fault.Conflict, "links.error.twice"))
		}
		res, err := r.write.NewUpdate().Conn(c).Model((*AccountLink)(nil)).Set("answer_hash = '', linked_at = ?", r.clock()).
			Where("id = ? AND answer_hash = ?", l.ID, l.AnswerHash).Exec(ctx)
		return one(res, err)
	})
	return l, err
}

func cmpErr(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// UnscopedUnlink ends a link from either side and gives what it was; NotFound
// when it is not the account's.
func (r *Root) UnscopedUnlink(ctx context.Context, a Account, id int64) (*AccountLink, error) {
	l := new(AccountLink)
	err := unscopedly(r.unscopedWriter(), func(c *conn) error {
		if err := ofAccount(r.write.NewSelect().Conn(c).Model(l), a).Where("id = ?", id).Scan(ctx); err != nil {
			return err
		}
		if _, err := r.write.NewDelete().Conn(c).Model((*crossing)(nil)).Where("link_id = ?", id).Exec(ctx); err != nil {
			return err
		}
		res, err := r.write.NewDelete().Conn(c).Model((*AccountLink)(nil)).Where("id = ?", id).Exec(ctx)
		return one(res, err)
	})
	return l, err
}

// UnscopedCross opens a way from an account over one of its links, and tells
// where it leads; the word opens once, at that organization, within CrossingTime.
func (r *Root) UnscopedCross(ctx context.Context, a Account, id int64) (word string, to Account, err error) {
	l, now := new(AccountLink), r.clock()
	word = NewToken()
	err = unscopedly(r.unscopedWriter(), func(c *conn) error {
		if err := ofAccount(r.write.NewSelect().Conn(c).Model(l), a).Where("id = ?", id).Scan(ctx); err != nil {
			return err
		}
		if _, err := r.write.NewDelete().Conn(c).Model((*crossing)(nil)).Where("expires_at <= ?", now).Exec(ctx); err != nil {
			return err
		}
		to = l.Other(a)
		row := &crossing{ID: HashToken(word), LinkID: l.ID, OrganizationID: to.Organization, StaffID: to.Staff, ExpiresAt: now.Add(CrossingTime)}
		_, err := r.write.NewInsert().Conn(c).Model(row).Exec(ctx)
		return err
	})
	return word, to, err
}

// UnscopedArrive uses a word up at an organization and tells which account it is
// for; NotFound for every other word, and when the link has ended meanwhile.
func (r *Root) UnscopedArrive(ctx context.Context, organization int64, word string) (int64, error) {
	if !IsToken(word) {
		return 0, errNoLink()
	}
	row := new(crossing)
	err := unscopedly(r.unscopedWriter(), func(c *conn) error {
		err := r.write.NewSelect().Conn(c).Model(row).Where("id = ? AND organization_id = ? AND expires_at > ?", HashToken(word), organization, r.clock()).Scan(ctx)
		if err != nil {
			return err
		}
		res, err := r.write.NewDelete().Conn(c).Model((*crossing)(nil)).Where("id = ?", row.ID).Exec(ctx)
		return one(res, err)
	})
	return row.StaffID, err
}
