package boot

import (
	"testing"

	"pasokh/app/quality"
	"pasokh/tenants"
)

// checkQuality: the pages of reviews, conduct, warnings and actions are full.
func checkQuality(t *testing.T, h *history, db *tenants.DB) {
	if raceDetector {
		return
	}
	ctx := t.Context()
	open, err := quality.OpenObjections(ctx, db)
	if err != nil || len(open) != 1 {
		t.Errorf("%d objections wait: %v", len(open), err)
	}
	warnings, _, err := quality.Warnings(ctx, db, quality.Filter{State: quality.Open})
	if err != nil || len(warnings) == 0 {
		t.Errorf("%d warnings: %v", len(warnings), err)
	}
	for _, state := range []string{quality.ActionPlanned, quality.ActionInWork, quality.ActionDone, quality.ActionVerified} {
		list, _, err := quality.Improvements(ctx, db, tenants.SystemActor(), quality.ImprovementFilter{State: state})
		if err != nil || len(list) == 0 {
			t.Errorf("%s: %d actions: %v", state, len(list), err)
			continue
		}
		if state != quality.ActionVerified {
			continue
		}
		effect, err := quality.EffectOf(ctx, db, &list[0])
		if err != nil || effect.Before.N == 0 || effect.After.N == 0 {
			t.Errorf("%+v %v", effect, err)
		}
	}
	units, people, err := quality.ConductOf(ctx, db, h.months.from, h.now)
	if err != nil || len(units) < 4 || len(people) < 4 {
		t.Fatalf("%d units, %d people: %v", len(units), len(people), err)
	}
	scored := 0
	for i := range people {
		if _, ok := people[i].Score(h.tenant.Settings.Defaults().Conduct); ok {
			scored++
		}
	}
	if scored < 3 {
		t.Errorf("%d people have a score", scored)
	}
}
