package web

import (
	"slices"
	"strings"

	"pasokh/app/inbound"
	"pasokh/app/persian"
	"pasokh/views"
)

// cameIn lists what came in by message, mail or voice and belongs to the case,
// whole. Of a confidential case only the story tells.
func (r *req) cameIn(d *dossier) ([]views.CameIn, error) {
	byMessage := slices.Contains([]string{"sms", "email", "voicemail"}, d.Channel)
	if d.Confidential || !(byMessage || d.happened("complaint.completed")) {
		return nil, nil
	}
	list, err := inbound.OfCase(r.ctx, r.db, d.ID)
	var out []views.CameIn
	for i := range list {
		m := &list[i]
		one := views.CameIn{Message: *m, Sender: m.Sender}
		if strings.HasPrefix(m.Sender, "+98") {
			one.Sender = persian.ShowMobile(m.Sender)
		}
		for j := range d.files {
			f := &d.files[j]
			switch {
			case m.EventID == nil || f.EventID == nil || *f.EventID != *m.EventID:
			case f.Sound():
				one.Sounds = append(one.Sounds, fileItem(d.ID, f).Href)
			default:
				one.Files = append(one.Files, fileItem(d.ID, f))
			}
		}
		out = append(out, one)
	}
	return out, err
}
