package views

import (
	"context"

	"pasokh/views/messages"
)

// troubleWhy says in words why a message did not arrive, as far as it is known.
func troubleWhy(ctx context.Context, row *TroubleRow) string {
	if row.Message.Reason == "" {
		return messages.T(ctx, "deliveries.why_unknown")
	}
	return reasonText(ctx, row.Message.Reason, row.Message.Code)
}
