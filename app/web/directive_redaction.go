package web

import (
	"strconv"

	"github.com/gofiber/fiber/v2"

	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/persian"
	"pasokh/scheduler/directives"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

func redactionPath(id int64) string { return directivePath(id) + "/redaction" }

// scanOf reads a directive that the person may see, with its scan; NotFound
// when it has none.
func (r *req) scanOf() (*directives.Directive, *directives.Scan, error) {
	d, err := r.directiveOf()
	if err != nil {
		return nil, nil, err
	}
	scan, err := directives.ScanOf(r.ctx, r.db, d)
	if err == nil && scan == nil {
		err = fault.New(fault.NotFound, "error.not_found")
	}
	return d, scan, err
}

// directiveRedaction is where the public copy of a scan is made: what the
// citizen must not see is covered, looked at and published.
func (w *web) directiveRedaction(r *req) error {
	boxes, ok := directives.ParseBoxes(r.query("boxes"))
	if !ok {
		return fault.New(fault.NotFound, "error.not_found")
	}
	return w.redactionPage(r, boxes, r.query("boxes") != "", nil)
}

func (w *web) redactionPage(r *req, boxes []files.Box, preview bool, cause error) error {
	d, scan, err := r.scanOf()
	if err != nil {
		return err
	}
	m := &views.Redaction{
		Scan: scan, Directive: d, Path: redactionPath(d.ID), Back: directivePath(d.ID), Boxes: boxes, Errors: views.ErrorsOf(cause),
		Issued: r.query("issued") != "" && !preview && cause == nil,
	}
	if fault.Is(cause, fault.Conflict) {
		e := fault.As(cause)
		m.Notice = r.t(e.Key, e.Args...)
	}
	if scan.Stripped != nil {
		if m.Width, m.Height, err = w.Files.Size(scan.Stripped); err != nil {
			return err
		}
	}
	if m.Past, err = directives.Redactions(r.ctx, r.db, d.ID); err != nil {
		return err
	}
	if preview && cause == nil && scan.Stripped != nil {
		m.Preview = m.Path + "/preview?boxes=" + directives.BoxText(boxes)
	}
	p := r.frame("redaction.title")
	switch fault.Of(cause) {
	case fault.Conflict:
		r.c.Status(fiber.StatusConflict)
	case fault.Invalid:
		r.c.Status(fiber.StatusUnprocessableEntity)
	}
	return r.page(parts.Desk, p, views.RedactionPage(p, m))
}

// directiveRedactionPreview is the picture as it would be published.
func (w *web) directiveRedactionPreview(r *req) error {
	_, scan, err := r.scanOf()
	if err != nil {
		return err
	}
	boxes, ok := directives.ParseBoxes(r.query("boxes"))
	if !ok || scan.Stripped == nil {
		return fault.New(fault.NotFound, "error.not_found")
	}
	r.db.Release() // a picture is decoded and written anew
	red, err := w.Files.Redact(scan.Stripped, boxes)
	if err != nil {
		return err
	}
	r.c.Set(fiber.HeaderContentType, red.MediaType)
	r.c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	r.c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; sandbox")
	r.c.Set(fiber.HeaderCacheControl, "private, no-store")
	return r.c.Send(red.Content)
}

// directiveRedactionCreate shows the covered picture, or publishes it.
func (w *web) directiveRedactionCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	d, scan, err := r.scanOf()
	if err != nil {
		return err
	}
	boxes, err := boxesOf(f)
	if err == nil && scan.Stripped != nil && f.text("do") == "preview" {
		return w.redactionPage(r, boxes, true, nil)
	}
	if err == nil {
		err = w.publishScan(r, d, scan, boxes)
	}
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return w.redactionPage(r, boxes, false, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "redaction.published")
	return r.done(directivePath(d.ID))
}

// publishScan burns the boxes in before the transaction.
func (w *web) publishScan(r *req, d *directives.Directive, scan *directives.Scan, boxes []files.Box) error {
	var got *files.Received
	if len(boxes) > 0 && scan.Stripped != nil {
		r.db.Release()
		red, err := w.Files.Redact(scan.Stripped, boxes)
		if err != nil {
			return err
		}
		if got, err = w.Files.KeepRedaction(r.db, red); err != nil {
			return err
		}
	}
	return r.write(func(tx *tenants.Tx) error { return directives.PublishScan(r.ctx, tx, d.ID, got, boxes) })
}

// boxesOf reads the rows of the form; a row of nothing is none. What is no
// number is Invalid at boxes.
func boxesOf(f form) ([]files.Box, error) {
	var boxes []files.Box
	for i := range f.values["x"] {
		var n [4]int
		empty, broken := true, false
		for k, field := range []string{"x", "y", "w", "h"} {
			if i >= len(f.values[field]) {
				return boxes, fault.Field("boxes", "redact.numbers")
			}
			text := clean(f.values[field][i])
			if text == "" {
				broken = true
				continue
			}
			var err error
			n[k], err = strconv.Atoi(persian.ToASCII(text))
			empty, broken = false, broken || err != nil
		}
		if empty {
			continue
		}
		if broken {
			return boxes, fault.Field("boxes", "redact.numbers")
		}
		boxes = append(boxes, files.Box{X: n[0], Y: n[1], W: n[2], H: n[3]})
	}
	return boxes, nil
}

// directiveRedactionRemoval takes the published picture back.
func (w *web) directiveRedactionRemoval(r *req) error {
	d, _, err := r.scanOf()
	if err != nil {
		return err
	}
	err = r.write(func(tx *tenants.Tx) error { return directives.WithdrawScan(r.ctx, tx, d.ID) })
	if fault.Is(err, fault.Conflict) {
		return w.redactionPage(r, nil, false, err)
	}
	if err != nil {
		return err
	}
	r.flash(parts.Success, "redaction.withdrawn")
	return r.done(redactionPath(d.ID))
}
