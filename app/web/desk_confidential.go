package web

import (
	"slices"

	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/staff"
	"pasokh/app/timeline"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// deskSealCreate makes a case confidential.
func (w *web) deskSealCreate(r *req) error {
	return w.act(r, complaints.ActSeal, func(tx *tenants.Tx, id complaints.ID, f form) (*timeline.Event, error) {
		return complaints.Seal(r.ctx, tx, id, f.text("reason"))
	})
}

// deskLiftingCreate undoes it.
func (w *web) deskLiftingCreate(r *req) error {
	return w.act(r, complaints.ActLift, func(tx *tenants.Tx, id complaints.ID, f form) (*timeline.Event, error) {
		return complaints.Lift(r.ctx, tx, id, f.text("reason"))
	})
}

// deskNamingCreate says whom a confidential case is about.
func (w *web) deskNamingCreate(r *req) error {
	return w.act(r, complaints.ActName, func(tx *tenants.Tx, id complaints.ID, f form) (*timeline.Event, error) {
		if f.text("staff") == "" {
			return nil, fault.Field("staff", "confidential.error.staff")
		}
		return complaints.Name(r.ctx, tx, id, f.id("staff"))
	})
}

// deskIdentityCreate shows who stands behind a confidential case, for a reason.
func (w *web) deskIdentityCreate(r *req) error {
	return w.act(r, complaints.ActReveal, func(tx *tenants.Tx, id complaints.ID, f form) (*timeline.Event, error) {
		return complaints.Reveal(r.ctx, tx, id, f.text("reason"))
	})
}

// deskUnmaskingCreate shows the masked fields of the citizen, for a reason.
func (w *web) deskUnmaskingCreate(r *req) error {
	return w.act(r, complaints.ActUnmask, func(tx *tenants.Tx, id complaints.ID, f form) (*timeline.Event, error) {
		return complaints.Unmask(r.ctx, tx, id, f.text("reason"))
	})
}

// deskTakeBackCreate takes a referred case back from its unit.
func (w *web) deskTakeBackCreate(r *req) error {
	return w.act(r, complaints.ActRecall, func(tx *tenants.Tx, id complaints.ID, f form) (*timeline.Event, error) {
		return complaints.Recall(r.ctx, tx, id, f.text("reason"))
	})
}

// parted answers an act after which the person is not shown the case any more,
// and tells whether it was one.
func (r *req) parted(id int64, act complaints.Action) (bool, error) {
	if act != complaints.ActSeal && act != complaints.ActName && act != complaints.ActReclassify {
		return false, nil
	}
	_, err := complaints.ByID(r.ctx, r.db, r.principal.actor, id)
	if !fault.Is(err, fault.NotFound) {
		return false, err
	}
	r.flash(parts.Success, "desk.done."+string(act))
	return true, r.done("/desk")
}

// fillConfidential says that the case is confidential, whom it is about and, if
// that was asked for with a reason, who stands behind it.
func (r *req) fillConfidential(d *dossier, m *views.DeskCase) error {
	if m.Secret = d.Confidential; !m.Secret {
		return nil
	}
	if d.Masked() {
		m.Citizen = []parts.Fact{{Label: r.t("desk.fact.name"), Value: r.t("confidential.masked")}}
	}
	named, err := complaints.NamedOf(r.ctx, r.db, &d.Complaint)
	for _, s := range named {
		m.Named = append(m.Named, r.in(s.NameFA, s.NameEN))
	}
	return err
}

// namingForm offers the accounts that a confidential case can be about.
func (r *req) namingForm(m *views.DeskForms) error {
	if !m.Can(complaints.ActName) {
		return nil
	}
	people, err := staff.Roster(r.ctx, r.db)
	if err != nil {
		return err
	}
	people = slices.DeleteFunc(people, func(s staff.Member) bool { return s.DisabledAt != nil })
	m.People = choose(people, m.Typed.Get("staff"), func(s staff.Member) (string, string) { return idText(s.ID), r.in(s.NameFA, s.NameEN) })
	m.People = append(m.People, parts.Option{Value: "0", Label: r.t("confidential.nobody")})
	return nil
}
