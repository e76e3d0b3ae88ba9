package web

import (
	"context"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/settings"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

const logoPath = identityPath + "/logo"

// logoURL is the address of the organization's logo, another for each picture;
// empty when it has none.
func logoURL(t *tenants.Tenant) string {
	if t.Settings.LogoID == 0 {
		return ""
	}
	return "/logo?v=" + strconv.FormatInt(t.Settings.LogoID, 10)
}

// logo sends the logo of the host's organization to anybody: it stands on every
// page, also on those of a body that is shut. There is no session to ask for, so
// it is kept by browsers and proxies for as long as its address stands.
func (w *web) logo(c *fiber.Ctx) error {
	ctx, cancel := context.WithTimeout(tenants.WithPatience(w.span(c), w.DatabaseTime), requestTime)
	defer cancel()
	t, err := w.tenantOf(ctx, string(c.Request().Host()))
	if err != nil {
		return err
	}
	db := w.Root.For(t)
	defer db.Release()
	if t.Settings.LogoID == 0 {
		return fiber.ErrNotFound
	}
	f, err := files.Logo(ctx, db, t.Settings.LogoID)
	if err != nil {
		return err
	}
	cache := "no-cache"
	if c.Query("v") == strconv.FormatInt(f.ID, 10) {
		cache = "public, max-age=31536000, immutable"
	}
	return w.sendPicture(c, f, cache)
}

// sendPicture streams a picture that was drawn anew here.
func (w *web) sendPicture(c *fiber.Ctx, f *files.File, cache string) error {
	body, err := w.Files.Open(f)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, f.MediaType)
	c.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; sandbox")
	c.Set(fiber.HeaderContentDisposition, "inline")
	c.Set(fiber.HeaderCacheControl, cache)
	return c.SendStream(body, int(f.Size))
}

// orgLogo sends a logo that is or was the organization's, for the history.
func (w *web) orgLogo(r *req) error {
	id, err := r.id("id")
	if err != nil {
		return err
	}
	f, err := files.Logo(r.ctx, r.db, id)
	if err != nil {
		return err
	}
	return w.sendPicture(r.c, f, "private, no-store")
}

// orgLogoSave takes another logo.
func (w *web) orgLogoSave(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	got, err := r.sentLogo(f)
	if err == nil {
		err = r.write(func(tx *tenants.Tx) error {
			_, err := settings.SaveLogo(r.ctx, tx, got)
			return err
		})
	}
	return r.answered(err, func(err error) error { return r.identityForm(r.tenant.Identity(), err) }, identityPath)
}

// sentLogo takes in the picture of the form.
func (r *req) sentLogo(f form) (*files.Received, error) {
	sent := f.uploads(files.Field)
	if len(sent) == 0 {
		return nil, fault.Field(files.Field, "logo.none")
	}
	body, err := sent[0].Open()
	if err != nil {
		return nil, fault.Wrap(err, "web.sentLogo")
	}
	defer body.Close() //nolint:errcheck // read only
	r.db.Release()     // the picture is drawn anew: no connection waits for that
	got, err := r.w.Files.ReceiveLogo(r.db, sent[0].Filename, body)
	return got, r.infected(err)
}

// orgLogoRemovalCreate takes the logo away.
func (w *web) orgLogoRemovalCreate(r *req) error {
	err := r.write(func(tx *tenants.Tx) error {
		_, err := settings.RemoveLogo(r.ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	r.flash(parts.Success, "logo.removed")
	return r.done(identityPath)
}

// logoShown is what the page of the identity shows of the logo.
func (r *req) logoShown(cause error) views.OrgLogo {
	return views.OrgLogo{URL: logoURL(r.tenant), Action: logoPath, Errors: views.ErrorsOf(cause)}
}

// picture is a change of the logo, shown by what it was and is.
func (s *settingWords) picture(f tenants.FieldChange, c *tenants.SettingChange) views.SettingField {
	url := func(raw []byte) string {
		if len(raw) == 0 {
			return ""
		}
		return identityPath + "/logos/" + string(raw)
	}
	return views.SettingField{
		Field: f.Field, Label: s.label(f.Field), Picture: true, BeforePicture: url(f.Before), AfterPicture: url(f.After),
		Restorable: c.Act == tenants.SettingChanged && c.Restorable(f.Field),
	}
}
