package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"pasokh/app/apptest"
	"pasokh/app/audit"
	"pasokh/app/complaints"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// rulesForm is the form of the rules as a browser sends it, with one field set.
func rulesForm(field, value string) apptest.Form {
	f := apptest.Form{
		"triage": "2", "triage_unit": "hour", "feedback": "2", "feedback_unit": "day", "followup": "3", "followup_unit": "day",
		"bounces": "2", "attempts": "3", "objection_days": "30", "transfer_days": "5", "keep_photo_place": "1",
	}
	f[field] = value
	return f
}

func TestRulesHaveBounds(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	admin := app.As("admin")
	const path = "/desk/organization/rules"
	for field, bad := range map[string]string{
		"triage": "100", "feedback": "15", "followup": "x", "triage_unit": "week", "bounces": "0", "attempts": "11", "transfer_days": "31",
	} {
		page := admin.Post(path, rulesForm(field, bad)).Is(http.StatusUnprocessableEntity)
		shown := strings.TrimSuffix(field, "_unit")
		if !page.Has("#" + shown + "-error") {
			t.Errorf("%s %s: no error beside it", field, bad)
		}
	}
}

func TestRulesTakeEffect(t *testing.T) {
	t.Parallel()
	app := apptest.New(t)
	admin := app.As("admin")
	const path = "/desk/organization/rules"
	f := rulesForm("refuse_transfers", "1")
	f["triage"], f["triage_unit"], f["bounces"], f["attempts"], f["transfer_days"] = "۴۵", "minute", "1", "2", "9"
	admin.Post(path, f).To(path)
	page := admin.Get(path).Is(http.StatusOK)
	if v, _ := page.Doc().Find("#triage").Attr("value"); persian.ToASCII(v) != "45" || !page.Has("#triage_unit option[value=minute][selected]") || !page.Has("#refuse_transfers[checked]") {
		t.Errorf("not shown again: %s", page.Text())
	}
	tenant, err := app.Root.UnscopedTenantBySlug(t.Context(), app.A.Slug)
	if err != nil || tenant.TakesTransfers() {
		t.Fatalf("takes transfers: %v", err)
	}
	s := tenant.Settings
	if s.TriageMinutes != 45 || s.FeedbackMinutes != 2880 || s.FollowupMinutes != 4320 || s.BounceLimit != 1 || s.FeedbackAttempts != 2 || s.TransferDays != 9 {
		t.Errorf("%+v", s)
	}
	others, err := app.Root.UnscopedNeighbours(t.Context(), app.B)
	if err != nil || len(others) != 0 {
		t.Errorf("still offered: %+v %v", others, err)
	}
	in := &complaints.Transfer{At: app.Root.Clock()()}
	if got := in.RefuseUntil(s).Sub(in.At).Hours(); got != 9*24 {
		t.Errorf("to be given back for %v hours", got)
	}
	var entry audit.Entry
	app.Do(app.A, tenants.SystemActor(), func(ctx context.Context, tx *tenants.Tx) error {
		return tx.Select(&entry).Where("entry.object_kind = 'settings'").OrderExpr("entry.seq DESC").Limit(1).Scan(ctx)
	})
	if !strings.Contains(entry.Detail, "triage 120 > 45") || !strings.Contains(entry.Detail, "refuse_transfers false > true") || strings.Contains(entry.Detail, "feedback") {
		t.Errorf("audit says %q", entry.Detail)
	}
}
