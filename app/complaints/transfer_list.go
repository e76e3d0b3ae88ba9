package complaints

import (
	"context"

	"pasokh/app/fault"
	"pasokh/tenants"
)

// transferPage is how many transfers a page of the list shows.
const transferPage = 30

// TransferLine is a transfer with the case it is about.
type TransferLine struct {
	Transfer `bun:",extend"`
	Code     string `bun:"case_code,scanonly"`
	State    State  `bun:"case_state,scanonly"` // of the case here
	TopicFA  string `bun:"topic_fa,scanonly"`
	TopicEN  string `bun:"topic_en,scanonly"`
}

// TransferFilter narrows the list of transfers.
type TransferFilter struct {
	Direction string // TransferOut, TransferIn, or empty for both
	Before    int64  // the last transfer of the page before; 0 begins
}

// AllTransfers lists what went to other organizations and came from them, newest
// first, as far as the actor is shown the cases; confidential ones never are. It
// tells whether there is more.
func AllTransfers(ctx context.Context, r tenants.Reader, actor tenants.Actor, f TransferFilter) (list []TransferLine, more bool, err error) {
	q := r.Select(&list).ColumnExpr("transfer.*").
		ColumnExpr("c.code AS case_code, c.state AS case_state, topic.name_fa AS topic_fa, topic.name_en AS topic_en").
		Join("JOIN ? ON c.id = transfer.complaint_id", r.From((*Complaint)(nil))).
		Join("JOIN ? ON topic.id = c.topic_id", r.From((*tenants.Topic)(nil))).
		Where("NOT c.confidential").OrderExpr("transfer.id DESC").Limit(transferPage + 1)
	if q = visible(r, q, actor); f.Direction != "" {
		q = q.Where("transfer.direction = ?", f.Direction)
	}
	if f.Before != 0 {
		q = q.Where("transfer.id < ?", f.Before)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, false, fault.Wrap(tenants.Err(err), "complaints.AllTransfers")
	}
	if more = len(list) > transferPage; more {
		list = list[:transferPage]
	}
	return list, more, nil
}
