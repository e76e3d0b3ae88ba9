package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"pasokh/app/handover"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

// exportPath is the page on which an organization's admin gets all of its data.
const exportPath = "/desk/organization/export"

// orgExport shows the packages that were asked for, and how far they are.
func (w *web) orgExport(r *req) error {
	list, err := handover.Orders(r.ctx, r.db)
	if err != nil {
		return err
	}
	m := views.Handover{Tenant: r.tenant, Now: r.now(), Path: exportPath}
	for i := range list {
		o := &list[i]
		m.Orders = append(m.Orders, views.HandoverOrder{Order: o, Fetch: o.Fetchable(r.principal.actor.ID, m.Now), Confirm: o.Confirmable()})
		m.Busy = m.Busy || o.Working()
	}
	p := r.frame("handover.title")
	if strings.Contains(r.c.Get("HX-Target"), "packages") {
		return r.render(views.HandoverOrders(p, m))
	}
	return r.page(parts.Desk, p, views.HandoverPage(p, m))
}

// orgExportCreate asks for a package.
func (w *web) orgExportCreate(r *req) error {
	err := r.write(func(tx *tenants.Tx) error {
		_, err := handover.Ask(r.ctx, tx, handover.ByOrganization)
		return err
	})
	if err != nil {
		return err
	}
	r.flash(parts.Success, "handover.asked")
	return r.done(exportPath)
}

// orgExportFetch sends a package to who asked for it; that they took it is on
// record before the first byte leaves.
func (w *web) orgExportFetch(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	var o *handover.Order
	err = r.write(func(tx *tenants.Tx) (err error) {
		o, err = handover.Fetched(r.ctx, tx, id)
		return err
	})
	if err != nil {
		return err
	}
	body, err := handover.OpenPackage(w.Files, o)
	if err != nil {
		return err
	}
	h := r.c
	h.Set(fiber.HeaderContentType, "application/x-tar")
	h.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	h.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; sandbox")
	h.Set(fiber.HeaderCacheControl, "private, no-store")
	h.Set(fiber.HeaderContentDisposition, saved(r.tenant.Slug+"-"+o.TakenMoment.Format("20060102")+".tar"))
	return h.SendStream(body, int(o.Bytes))
}

// orgExportConfirm says that the organization holds its data.
func (w *web) orgExportConfirm(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	if err := r.write(func(tx *tenants.Tx) error { return handover.Confirm(r.ctx, tx, id) }); err != nil {
		return err
	}
	r.flash(parts.Success, "handover.confirmed")
	return r.done(exportPath)
}
