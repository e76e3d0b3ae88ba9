package web

import (
	"cmp"
	"strings"

	"pasokh/app/complaints"
	"pasokh/app/timeline"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/messages"
	"pasokh/views/parts"
)

// deskReclassificationCreate corrects what a case is about.
func (w *web) deskReclassificationCreate(r *req) error {
	return w.act(r, complaints.ActReclassify, func(tx *tenants.Tx, id complaints.ID, f form) (*timeline.Event, error) {
		return complaints.Reclassify(r.ctx, tx, id, complaints.Correction{TopicID: f.id("topic"), Kind: complaints.Kind(f.text("kind")), Reason: f.text("reason")})
	})
}

// reclassifyForm offers the topics and kinds, those of the case chosen.
func (r *req) reclassifyForm(d *dossier, m *views.DeskForms) error {
	if !m.Can(complaints.ActReclassify) {
		return nil
	}
	topics, err := tenants.Topics(r.ctx, r.db)
	if err != nil {
		return err
	}
	topic, kind := d.TopicID, string(d.Kind)
	if m.Act == complaints.ActReclassify && m.Typed != nil {
		topic, kind = number(m.Typed.Get("topic")), m.Typed.Get("kind")
	}
	m.Topics = r.topicOptions(topics, topic)
	for _, k := range complaints.Kinds() {
		m.Kinds = append(m.Kinds, parts.Option{Value: string(k), Label: r.t("complaint.kind." + string(k)), Selected: string(k) == kind})
	}
	m.Promised = messages.DateTime(r.ctx, d.PromisedAt)
	return nil
}

// readCorrections reads what the case was about before, with the names of the
// topics, those no longer offered too.
func (r *req) readCorrections(d *dossier) (err error) {
	if !d.happened(complaints.KindReclassified) {
		return nil
	}
	if d.corrections, err = complaints.Reclassifications(r.ctx, r.db, d.ID); err != nil {
		return err
	}
	topics, err := complaints.AllTopics(r.ctx, r.db)
	d.topics = make(map[int64]string, len(topics))
	for _, t := range topics {
		d.topics[t.ID] = r.in(t.NameFA, t.NameEN)
	}
	return err
}

// correction says what a correction changed, and why.
func (r *req) correction(d *dossier, e *timeline.Event) string {
	for _, one := range d.corrections {
		if e.RefID == nil || one.ID != *e.RefID {
			continue
		}
		var lines []string
		if one.FromTopicID != one.ToTopicID {
			lines = append(lines, r.t("reclassify.topic", "from", cmp.Or(d.topics[one.FromTopicID], "—"), "to", cmp.Or(d.topics[one.ToTopicID], "—")))
		}
		if one.FromKind != one.ToKind {
			lines = append(lines, r.t("reclassify.kind", "from", r.t("complaint.kind."+string(one.FromKind)), "to", r.t("complaint.kind."+string(one.ToKind))))
		}
		return strings.Join(append(lines, one.Reason), "\n")
	}
	return ""
}
