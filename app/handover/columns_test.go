package handover_test

import (
	"regexp"
	"slices"
	"testing"

	"pasokh/app/apptest"
	"pasokh/tenants"
)

// secretLike are the names of columns about which somebody has to decide whether
// a package holds them.
var secretLike = regexp.MustCompile(`secret|hash|token|verifier|nonce|key|seed|url|pin|wrapped|challenge`)

// carried are those that a package does hold, with the reason.
var carried = map[string]string{
	"audit_anchors.hash": "the ends of the record", "audit_entries.hash": "the record", "audit_heads.hash": "the record", "audit_entries.key_id": "names a key and is none",
	"citizens.subject_key": "never in a package: the values are opened, see openRow",
	"complaints.pin_hash":  "citizens' PINs go on", "complaints.search_key": "what a case is found by, opened",
	"complaints.secretariat_number": "a number of the office", "import_batches.mapping": "which column is what",
	"import_problems.key": "a message key", "inbound_calls.key": "an id of the carrier", "inbound_messages.key": "an id of the carrier",
	"inbound_doors.token_hash": "addresses that carriers were given go on; the word itself is nowhere",
	"meeting_day_acts.act_key": "an id of a press", "meeting_draws.seed_hash": "published before the draw", "meeting_draws.seed": "published after the draw",
	"messages.key": "an id", "notifications.key": "an id", "retention_runs.hash": "of a certificate", "setting_changes.thing_key": "an id",
}

// Every column that sounds like a secret was decided about.
func TestNoSecretIsHandedOver(t *testing.T) {
	a := apptest.New(t)
	all, err := tenants.UnscopedWholeTables(t.Context(), a.Root)
	if err != nil {
		t.Fatal(err)
	}
	stays, blanked := tenants.Stays(), tenants.Blanked()
	for _, table := range all {
		for _, c := range table.Columns {
			name := table.Name + "." + c.Name
			if secretLike.MatchString(c.Name) && stays[table.Name] == "" && !slices.Contains(blanked, name) && carried[name] == "" {
				t.Errorf("%s: may a package hold it? tenants/whole_tables.go, or here with a reason", name)
			}
		}
	}
	for _, name := range []string{"sign_in_services.secret", "sign_in_services.enabled", "emergency_grants.entry_hash", "emergency_grants.session_hash", "busy_calendars.url"} {
		if !slices.Contains(blanked, name) {
			t.Errorf("%s is in the package", name)
		}
	}
	if stays["sign_in_attempts"] == "" {
		t.Error("sign-ins under way are in the package")
	}
}
