package web

import (
	"pasokh/app/fault"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// readLists reads what the case names of the organization's lists.
func (r *req) readLists(d *dossier) (err error) {
	if d.Arrival != nil { // another organization of the deployment
		d.source = tenants.Source{NameFA: d.Arrival.OtherFA, NameEN: d.Arrival.OtherEN}
	} else if d.Source != "" {
		source, err := tenants.SourceByCode(r.ctx, r.db, d.Source)
		if fault.Is(err, fault.NotFound) { // of a list that was never kept
			source, err = &tenants.Source{NameFA: d.Source, NameEN: d.Source}, nil
		}
		if err != nil {
			return err
		}
		d.source = *source
	}
	if d.DistrictID != nil {
		d.districts, err = tenants.AllDistricts(r.ctx, r.db)
	}
	return err
}

// whereFacts are the answers to the topic's questions and where the matter is.
func (r *req) whereFacts(d *dossier) []parts.Fact {
	facts := views.AnswerFacts(r.ctx, d.Answers)
	if d.DistrictID != nil {
		facts = append(facts, parts.Fact{Label: r.t("intake.district"), Value: views.DistrictName(r.ctx, d.districts, *d.DistrictID)})
	}
	return append(facts, r.placeFacts(d.Place)...)
}
