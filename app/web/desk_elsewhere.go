package web

import (
	"strings"

	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/persian"
	"pasokh/views/messages"
)

// elsewhere names those who are known with the same national ID under another
// mobile number or name; empty when nobody is.
func (r *req) elsewhere(in citizens.Identity) (string, error) {
	list, err := citizens.Elsewhere(r.ctx, r.db, in)
	if err != nil {
		return "", err
	}
	names := make([]string, len(list))
	for i, c := range list {
		name := c.Name
		if name == "" {
			name = r.t("desk.intake.unnamed")
		}
		names[i] = name + " (" + isolated(messages.Digits(r.ctx, r.mobile(c.Mobile))) + ")"
	}
	return strings.Join(names, r.t("complaint.place.or")), nil
}

// phones tells whether the person is shown whole mobile numbers.
func (r *req) phones() bool { return r.can(complaints.MayIdentify) || r.can(complaints.MayPhone) }

// mobile writes a number as the person is shown it: whole or masked.
func (r *req) mobile(number string) string {
	if r.phones() {
		return persian.ShowMobile(number)
	}
	return persian.MaskMobile(number)
}
