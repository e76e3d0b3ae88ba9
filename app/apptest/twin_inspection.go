package apptest

import (
	"context"

	"pasokh/app/inspection"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// inspect leaves an open inspection of the complaint's unit with its report.
func (a *App) inspect(tenant *tenants.Tenant, w *Twin) {
	a.T.Helper()
	who := a.Staff(tenant, "inspector")
	who.SeesAll, who.Inspects, who.InspectsOnly = true, true, true
	a.Do(tenant, who, func(ctx context.Context, tx *tenants.Tx) error {
		list := inspection.Standard()
		list.NameFA = w.Canary
		if err := inspection.SaveChecklist(ctx, tx, list); err != nil {
			return err
		}
		v, err := inspection.Order(ctx, tx, inspection.Plan{
			UnitID: w.Unit, Place: w.Canary, Day: persian.DateOf(tx.Now().In(persian.Tehran)), Purpose: w.Canary, InspectorID: who.ID, ChecklistID: list.ID,
		})
		if err != nil {
			return err
		}
		w.Inspection, w.Checklist = v.ID, list.ID
		items, err := inspection.Items(ctx, tx, v.ID)
		if err != nil {
			return err
		}
		seen := map[int64]inspection.Seen{}
		for i := range items {
			seen[items[i].ID] = inspection.Seen{Answer: "partly", Note: w.Canary}
		}
		if _, err = inspection.Carry(ctx, tx, v.ID, inspection.Report{Finding: w.Canary, Seen: seen}); err != nil {
			return err
		}
		found, err := inspection.ReportViolation(ctx, tx, inspection.Finding{UnitID: w.Unit, Kind: "other", Severity: "minor", Text: w.Canary, InspectionID: v.ID})
		if err != nil {
			return err
		}
		w.Violation = found.ID
		return inspection.Hear(ctx, tx, found.ID, w.Canary)
	})
}
