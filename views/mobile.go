package views

import (
	"context"

	"pasokh/app/persian"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// MobileFact is a citizen's number: to press where the reader is shown it whole,
// else so that it is recognised and cannot be called.
func MobileFact(ctx context.Context, mobile string, whole bool) parts.Fact {
	label := messages.T(ctx, "desk.fact.mobile")
	if whole || mobile == "" {
		return parts.Fact{Label: label, Body: parts.Phone(mobile, persian.ShowMobile(mobile))}
	}
	return parts.Fact{Label: label, Value: messages.Digits(ctx, persian.MaskMobile(mobile)), Dir: "ltr"}
}
