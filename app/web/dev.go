package web

import (
	"pasokh/views"
	"pasokh/views/parts"
)

// devMessages shows what would have gone to the citizens' phones.
func (w *web) devMessages(r *req) error {
	m := views.DevMessages{Now: r.now()}
	return r.page(parts.Citizen, r.frame("dev.messages"), views.DevMessagesPage(m))
}

// devParts shows every part of the design system in every state.
func (w *web) devParts(r *req) error {
	p := r.frame("dev.parts")
	return r.render(parts.Plain(p))
}
