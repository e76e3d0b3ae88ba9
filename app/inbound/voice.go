package inbound

import (
	"context"

	"pasokh/app/files"
	"pasokh/tenants"
)

// Voice is a voice message: recorded by the exchange, checked and stored.
type Voice struct {
	Key    string // the exchange's name for the call; the sound's own when empty
	Caller string
	Text   string // what it was understood as, where the exchange listens
	Sound  *files.Received
}

// TakeVoice keeps a voice message, once.
func TakeVoice(ctx context.Context, tx *tenants.Tx, d *Door, v Voice) error {
	m := &Message{Kind: Voicemail, Key: v.Key, Sender: sender(v.Caller), Text: v.Text}
	if m.Key == "" {
		m.Key = "sound:" + v.Sound.Digest()
	}
	fresh, err := keep(ctx, tx, d, m)
	if err != nil || !fresh {
		return err
	}
	_, err = files.Save(ctx, tx, v.Sound, files.Place{Subject: m.Files(), Held: true})
	return err
}
