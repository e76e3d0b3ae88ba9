package staff

import (
	"context"
	"regexp"
	"strings"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
	"pasokh/views/messages"
)

// Preferences are how a member of the staff wants to be told.
type Preferences struct {
	Email    string
	Language messages.Lang
	Digest   bool // what is not urgent comes together in the morning
	// Extension is the telephone whose calls the intake shows, ASCII digits; empty:
	// it shows every call.
	Extension string
}

// extensionShape is what telephone exchanges use: digits, and the two signs.
var extensionShape = regexp.MustCompile(`^[0-9*#]{0,10}$`)

// Prefer keeps the actor's own preferences. Field errors: email, extension.
func Prefer(ctx context.Context, tx *tenants.Tx, in Preferences) error {
	id := tx.Actor().ID
	extension := strings.TrimSpace(persian.ToASCII(in.Extension))
	if !extensionShape.MatchString(extension) {
		return fault.Field("extension", "me.error.extension")
	}
	if err := SetEmail(ctx, tx, id, in.Email); err != nil {
		return err
	}
	_, err := tx.Set(ctx, (*Staff)(nil), "language = ?, digest = ?, extension = ?", []any{messages.Parse(string(in.Language)), in.Digest, extension}, "id = ?", id)
	return err
}
