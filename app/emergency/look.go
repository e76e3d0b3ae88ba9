package emergency

import (
	"context"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/tenants"
)

// Word draws the word that lets the holder in once, within EntryTime, at the
// organization's host. NotFound for anybody else and for a grant that is over.
func Word(ctx context.Context, tx *tenants.Tx, id, holder int64) (string, error) {
	g := new(Grant)
	if err := tx.Lock(ctx, g, "g.id = ?", id); err != nil {
		return "", fault.Wrap(err, "emergency.Word")
	}
	if g.HolderID != holder || !g.Open(tx.Now()) {
		return "", errNothing()
	}
	word, until := tenants.NewToken(), tx.Now().Add(EntryTime)
	g.EntryHash, g.EntryUntil = tenants.HashToken(word), &until
	return word, fault.Wrap(tx.Update(ctx, g, "entry_hash", "entry_until"), "emergency.Word")
}

// Enter uses a word up and gives the token of the browser that looks from then
// on; one that looked before does so no longer. NotFound for every other word.
func Enter(ctx context.Context, tx *tenants.Tx, word string) (token string, err error) {
	if !tenants.IsToken(word) {
		return "", errNothing()
	}
	g := new(Grant)
	if err := tx.Lock(ctx, g, "g.entry_hash = ?", tenants.HashToken(word)); err != nil {
		return "", fault.Wrap(err, "emergency.Enter")
	}
	if !g.Open(tx.Now()) || g.EntryUntil == nil || !tx.Now().Before(*g.EntryUntil) {
		return "", errNothing()
	}
	token = tenants.NewToken()
	n, err := tx.Set(ctx, (*Grant)(nil), "entry_hash = '', entry_until = NULL, session_hash = ?", []any{tenants.HashToken(token)},
		"id = ? AND entry_hash = ?", g.ID, g.EntryHash)
	if err == nil && n == 0 {
		err = errNothing()
	}
	if err != nil {
		return "", fault.Wrap(err, "emergency.Enter")
	}
	return token, audit.Record(ctx, tx, "emergency:enter", "emergency", g.ID, "")
}

// Authenticate tells by which grant the browser with the token looks, as it
// stands at this moment. A grant that has ended is tenants.ErrSessionEnded.
func Authenticate(ctx context.Context, r tenants.Reader, token string) (*Grant, error) {
	if !tenants.IsToken(token) {
		return nil, tenants.ErrSessionEnded()
	}
	g := new(Grant)
	err := tenants.Err(r.Select(g).Where("g.session_hash = ? AND g.ended_at IS NULL AND g.expires_at > ?", tenants.HashToken(token), r.Now()).Scan(ctx))
	if fault.Is(err, fault.NotFound) {
		return nil, tenants.ErrSessionEnded()
	}
	return g, fault.Wrap(err, "emergency.Authenticate")
}

// Saw puts on record that the holder opens a page: before it is shown, so that
// no page is shown without. It judges the grant once more.
func Saw(ctx context.Context, tx *tenants.Tx, id int64, page string) error {
	g, err := ByID(ctx, tx, id)
	if err != nil {
		return err
	}
	if !g.Open(tx.Now()) {
		return tenants.ErrSessionEnded()
	}
	return audit.Record(ctx, tx, "emergency:view", "emergency", id, page)
}

// Seen gives one page of the record of a grant, newest first, and whether there
// is more.
func Seen(ctx context.Context, r tenants.Reader, id int64, before audit.Cursor) ([]audit.Entry, bool, error) {
	return audit.Search(ctx, r, audit.Filter{ObjectKind: "emergency", ObjectID: id, Before: before})
}
