package web

import (
	"pasokh/app/fault"
	"pasokh/app/notify"
	"pasokh/views"
	"pasokh/views/parts"
)

// devMessages shows what would have gone to the citizens' phones.
func (w *web) devMessages(r *req) error {
	list, err := notify.ConsoleMessages(r.ctx, w.Redis, r.tenant.ID)
	if err != nil {
		return err
	}
	m := views.DevMessages{Now: r.now(), List: make([]views.DevMessage, len(list))}
	for i, line := range list {
		m.List[i] = views.DevMessage{At: line.At, To: line.To, Text: line.Text}
	}
	return r.page(parts.Citizen, r.frame("dev.messages"), views.DevMessagesPage(m))
}

// devParts shows every part of the design system in every state.
func (w *web) devParts(r *req) error { return r.render(parts.Gallery(r.frame("dev.parts"))) }

// devPartsPage shows a whole made-up page in its layout.
func (w *web) devPartsPage(r *req) error {
	page, ok := parts.GalleryPage(r.c.Params("name"), r.frame("dev.parts"))
	if !ok {
		return fault.New(fault.NotFound, "error.not_found")
	}
	return r.render(page)
}
