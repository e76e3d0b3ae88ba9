package boot_test

import (
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"pasokh/app/boot"
	"pasokh/app/inbound"
	"pasokh/app/notify"
	"pasokh/app/timeline"
	"pasokh/tenants"
)

// messaging names the tables that grow with what is sent and comes in.
const messaging = `messages|notifications|inbound_messages|inbound_calls|outbox|meetings|meeting_draws|meeting_waits`

var wholeMessaging = map[bool]*regexp.Regexp{
	true:  regexp.MustCompile(`Seq Scan on (` + messaging + `|gateways|inbound_doors)\b`),
	false: regexp.MustCompile(`SCAN (message|notification|came|ring|task|` + messaging + `)\b`),
}

// alongItsIndex are scans of a partial index that holds nothing but what is wanted.
var alongItsIndex = regexp.MustCompile(`SCAN \S+ USING (COVERING )?INDEX (outbox_dead|meetings_asked)\S*`)

// What the pages and clocks of messages read, they find by an index.
func TestMessagesReadNoWholeTable(t *testing.T) {
	c := configured(t)
	if err := boot.LoadScale(t.Context(), c, boot.Scale{Tenants: 2, Cases: 200, Open: 20, Due: 10}, io.Discard); err != nil {
		t.Fatal(err)
	}
	a := opened(t, c)
	tenant, err := a.Root.UnscopedTenantBySlug(t.Context(), "scale-0001")
	if err != nil {
		t.Fatal(err)
	}
	var statements []string
	a.Root.OnStatement = func(query string) { statements = append(statements, query) }
	readMessages(t, a, tenant)
	a.Root.OnStatement = nil
	explain := explainer(t, c, tenant, a.Root.Postgres())
	seen := 0
	for _, query := range statements {
		if !strings.HasPrefix(query, "SELECT") {
			continue
		}
		seen++
		plan := alongItsIndex.ReplaceAllString(explain(query), "")
		if found := wholeMessaging[a.Root.Postgres()].FindString(plan); found != "" {
			t.Errorf("%s:\n%.900s\n%s", found, query, plan)
		}
	}
	if seen < 12 {
		t.Errorf("only %d statements", seen)
	}
}

func readMessages(t *testing.T, a *boot.App, tenant *tenants.Tenant) {
	t.Helper()
	ctx := t.Context()
	db := a.Root.For(tenant)
	defer db.Release()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err := notify.Gateways(ctx, db)
	must(err)
	_, err = a.Jobs.Post.CheckDeliveries(ctx, db) // the status polling
	must(err)
	_, err = notify.Of(ctx, db, timeline.Subject{Kind: "complaint", ID: 1})
	must(err)
	_, _, err = notify.Troubles(ctx, db, notify.TroubleFilter{})
	must(err)
	_, err = notify.CountTroubles(ctx, db)
	must(err)
	for _, before := range []int64{0, 1} {
		_, _, err = notify.Notifications(ctx, db, 1, before == 0, before)
		must(err)
		_, _, err = inbound.List(ctx, db, "", before == 0, before)
		must(err)
		_, err = a.Root.UnscopedDeadTasks(ctx, tenants.DeadFilter{Before: before}, 50)
		must(err)
	}
	_, err = notify.Unread(ctx, db, 1)
	must(err)
	_, err = inbound.Doors(ctx, db)
	must(err)
	_, err = inbound.RingingNow(ctx, db, "12")
	must(err)
	_, err = a.Root.UnscopedDeadCounts(ctx)
	must(err)
	_, err = a.Root.UnscopedDueBooking(ctx, time.Now())
	must(err)
}
