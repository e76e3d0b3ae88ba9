package tenants

import (
	"context"
	"strings"
)

// Work is what a clock looks for in every organization.
type Work int

// What the clocks look for; the comment says what the argument is.
const (
	Deliveries      Work = iota // messages whose provider is to be asked: until when
	Replies                     // a gateway that is asked for what came in
	Credits                     // a gateway whose credit is asked for
	BusyAddresses               // another calendar that is read by its address
	SourceDates                 // cases whose source wants an answer: until when
	LateBoxes                   // boxes that should have been opened: before which day
	NewCases                    // cases that came in: since when
	EmergenciesOver             // emergency access whose time ran out: until when
	MailGateways                // a server that brings mail
)

// probes find one row of it along an index of the organization's.
var probes = [...]string{
	Deliveries:    "messages WHERE tenant_id = tenants.id AND delivery = 'pending' AND check_at <= ?",
	Replies:       "inbound_doors WHERE tenant_id = tenants.id AND kind = 'sms' AND enabled",
	Credits:       "gateways WHERE tenant_id = tenants.id AND enabled",
	BusyAddresses: "busy_calendars WHERE tenant_id = tenants.id AND url <> ''",
	SourceDates:   "complaints WHERE tenant_id = tenants.id AND external_due_at IS NOT NULL AND state <> 'closed' AND external_due_at <= ?",
	LateBoxes:     "boxes WHERE tenant_id = tenants.id AND active AND next_on < ?",
	NewCases:      "complaints WHERE tenant_id = tenants.id AND registered_at >= ?",
	MailGateways:  "gateways WHERE tenant_id = tenants.id AND enabled AND channel = 'mail'",

	EmergenciesOver: "emergency_grants WHERE tenant_id = tenants.id AND ended_at IS NULL AND over_noted_at IS NULL AND expires_at <= ?",
}

// UnscopedWith lists the organizations that have some of the work, in one
// statement, so that those without cost a look into an index and no transaction.
func (r *Root) UnscopedWith(ctx context.Context, w Work, at any) ([]Tenant, error) {
	var args []any
	if strings.Contains(probes[w], "?") {
		args = append(args, at)
	}
	var list []Tenant
	err := unscopedly(r.unscopedReader(), func(c *conn) error {
		return r.write.NewSelect().Conn(c).Model(&list).ModelTableExpr("tenants").ColumnExpr("tenants.*").
			Where("(SELECT 1 FROM "+probes[w]+" LIMIT 1) IS NOT NULL", args...).OrderExpr("slug").Scan(ctx)
	})
	return list, err
}
