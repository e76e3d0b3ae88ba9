package staff

import (
	"context"

	"pasokh/tenants"
	"pasokh/views/messages"
)

// Preferences are how a member of the staff wants to be told.
type Preferences struct {
	Email    string
	Language messages.Lang
	Digest   bool // what is not urgent comes together in the morning
}

// Prefer keeps the actor's own preferences. Field error: email.
func Prefer(ctx context.Context, tx *tenants.Tx, in Preferences) error {
	id := tx.Actor().ID
	if err := SetEmail(ctx, tx, id, in.Email); err != nil {
		return err
	}
	_, err := tx.Set(ctx, (*Staff)(nil), "language = ?, digest = ?", []any{messages.Parse(string(in.Language)), in.Digest}, "id = ?", id)
	return err
}
