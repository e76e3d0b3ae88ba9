package meetings

import (
	"context"
	"time"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/tenants"
	"pasokh/views/messages"
)

// FeedKind is whose calendar a feed shows.
type FeedKind string

// The kinds of feeds.
const (
	FeedOfExecutive FeedKind = "executive"
	FeedOfSite      FeedKind = "site"
	FeedOfCommittee FeedKind = "committee"
	FeedOfCitizen   FeedKind = "citizen"
)

// Feed is an address under which a calendar program reads a calendar again and
// again. Who knows the address reads it; so it is long, kept as a hash only, and
// can be revoked.
type Feed struct {
	tenants.BaseModel `bun:"table:calendar_feeds,alias:feed"`
	tenants.Owned
	ID        string        `bun:",pk"` // tenants.HashToken of the word
	Kind      FeedKind      // whose calendar
	SubjectID int64         // executive, site or committee; 0 for a citizen
	Mobile    string        `sealed:"calendar_feeds.mobile,blind=mobile"` // of a citizen (E.164), proven by a code
	StaffID   *int64        // who had it made; nil for a citizen
	Lang      messages.Lang // of its words
	CreatedAt time.Time
	ReadAt    *time.Time // lately, to the day
	RevokedAt *time.Time
	// MobileSealed is what the blind index of the column stands for.
	MobileSealed string
}

// FeedFor names the one live feed that somebody has of a calendar.
type FeedFor struct {
	Kind      FeedKind
	SubjectID int64
	Mobile    string
	Lang      messages.Lang
}

// NewFeed makes a feed and gives the secret word of its address, once: only its
// hash is kept. The owner's earlier one of the same calendar ends.
func NewFeed(ctx context.Context, tx *tenants.Tx, in FeedFor) (word string, err error) {
	if err := RevokeFeed(ctx, tx, in); err != nil {
		return "", err
	}
	word = tenants.NewToken()
	f := &Feed{ID: tenants.HashToken(word), Kind: in.Kind, SubjectID: in.SubjectID, Mobile: in.Mobile, Lang: in.Lang, CreatedAt: tx.Now()}
	if a := tx.Actor(); a.Kind == tenants.Staff {
		f.StaffID = &a.ID
	}
	if err := tx.Insert(ctx, f); err != nil {
		return "", fault.Wrap(err, "meetings.NewFeed")
	}
	return word, audit.Record(ctx, tx, "calendar_feed:create", string(in.Kind), in.SubjectID, "")
}

// RevokeFeed ends the owner's feed of a calendar; its address is as good as
// never given from now on.
func RevokeFeed(ctx context.Context, tx *tenants.Tx, in FeedFor) error {
	own := int64(0)
	if a := tx.Actor(); a.Kind == tenants.Staff {
		own = a.ID
	}
	n, err := tx.Set(ctx, (*Feed)(nil), "revoked_at = ?", []any{tx.Now()},
		"revoked_at IS NULL AND kind = ? AND subject_id = ? AND mobile = ? AND COALESCE(staff_id, 0) = ?", in.Kind, in.SubjectID, tx.Blind("mobile", in.Mobile), own)
	if err != nil || n == 0 {
		return fault.Wrap(err, "meetings.RevokeFeed")
	}
	return audit.Record(ctx, tx, "calendar_feed:revoke", string(in.Kind), in.SubjectID, "")
}

// Feeds lists the live feeds of the acting member of staff.
func Feeds(ctx context.Context, r tenants.Reader, staffID int64) ([]Feed, error) {
	var list []Feed
	err := r.Select(&list).Where("feed.staff_id = ? AND feed.revoked_at IS NULL", staffID).Order("feed.kind", "feed.subject_id").Scan(ctx)
	return list, tenants.Err(err)
}

// FeedOfMobile is the live feed of a citizen; NotFound when there is none.
func FeedOfMobile(ctx context.Context, r tenants.Reader, mobile string) (*Feed, error) {
	f := new(Feed)
	err := r.Select(f).Where("feed.kind = ? AND feed.mobile = ? AND feed.revoked_at IS NULL", FeedOfCitizen, r.Blind("mobile", mobile)).Limit(1).Scan(ctx)
	return f, tenants.Err(err)
}

// FeedByWord finds the feed of an address. NotFound for an unknown and a revoked
// one alike, and for one of staff who were disabled since.
func FeedByWord(ctx context.Context, r tenants.Reader, word string) (*Feed, error) {
	if !tenants.IsToken(word) {
		return nil, fault.New(fault.NotFound, "error.not_found")
	}
	f := new(Feed)
	err := r.Select(f).Where("feed.id = ? AND feed.revoked_at IS NULL", tenants.HashToken(word)).
		Where("feed.staff_id IS NULL OR EXISTS (?)", r.Select((*feedOwner)(nil)).ColumnExpr("1").Where("owner.id = feed.staff_id AND owner.disabled_at IS NULL")).
		Scan(ctx)
	return f, tenants.Err(err)
}

// feedOwner is the account behind a feed, as far as a feed asks.
type feedOwner struct {
	tenants.BaseModel `bun:"table:staff,alias:owner"`
	tenants.Owned
	ID         int64 `bun:",pk"`
	DisabledAt *time.Time
}

// Stale tells whether the day of the last reading should be noted again.
func (f *Feed) Stale(now time.Time) bool { return f.ReadAt == nil || now.Sub(*f.ReadAt) > day }

// NoteRead notes that a calendar program has read the feed.
func (f *Feed) NoteRead(ctx context.Context, tx *tenants.Tx) error {
	now := tx.Now()
	f.ReadAt = &now
	return tx.Update(ctx, f, "read_at")
}
