package settings

import (
	"context"
	"encoding/base64"
	"io"
	"strings"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/tenants"
)

// SaveLogo makes a picture that files.ReceiveLogo took in the organization's
// logo, and tells whether it is another than before. Field errors: file.
func SaveLogo(ctx context.Context, tx *tenants.Tx, got *files.Received) (bool, error) {
	now, err := tx.Own(ctx)
	if err != nil {
		return false, fault.Wrap(err, "settings.SaveLogo")
	}
	if id := now.Settings.LogoID; id != 0 {
		stands, err := files.Logo(ctx, tx, id)
		if err != nil || stands.SHA256 == got.Digest() {
			return false, err
		}
	}
	f, err := files.Save(ctx, tx, got, files.LogoPlace())
	if err != nil {
		return false, err
	}
	return true, changeLogo(ctx, tx, f.ID)
}

// RemoveLogo brings the product's own mark back, and tells whether there was a
// logo.
func RemoveLogo(ctx context.Context, tx *tenants.Tx) (bool, error) {
	now, err := tx.Own(ctx)
	if err != nil || now.Settings.LogoID == 0 {
		return false, fault.Wrap(err, "settings.RemoveLogo")
	}
	return true, changeLogo(ctx, tx, 0)
}

func changeLogo(ctx context.Context, tx *tenants.Tx, id int64) error {
	if err := tx.ChangeSettings(ctx, func(s *tenants.Settings) { s.LogoID = id }); err != nil {
		return err
	}
	return audit.Record(ctx, tx, "organization:edit", "settings", tx.Tenant().ID, "logo")
}

// logoPrefix begins the text of a logo in an organization's file.
const logoPrefix = "data:image/png;base64,"

// ShowLogo gives the logo as text for the file of the organization; empty when
// it has none.
func ShowLogo(ctx context.Context, r tenants.Reader, store *files.Store) (string, error) {
	id := r.Tenant().Settings.LogoID
	if id == 0 {
		return "", nil
	}
	f, err := files.Logo(ctx, r, id)
	if err != nil {
		return "", err
	}
	body, err := store.Open(f)
	if err != nil {
		return "", err
	}
	defer body.Close() //nolint:errcheck // read only
	raw, err := io.ReadAll(body)
	return logoPrefix + base64.StdEncoding.EncodeToString(raw), fault.Wrap(err, "settings.ShowLogo")
}

// ReadLogo takes in the logo that a file of an organization carries: a data
// address of a PNG, JPEG or WebP. The text empty is nil: no logo is named.
func ReadLogo(r tenants.Reader, store *files.Store, text string) (*files.Received, error) {
	if text == "" {
		return nil, nil //nolint:nilnil // none is named
	}
	kind, data, ok := strings.Cut(strings.TrimPrefix(text, "data:image/"), ";base64,")
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(data))
	if !ok || err != nil {
		return nil, fault.Field(files.Field, "logo.type")
	}
	return store.ReceiveLogo(r, "logo."+kind, strings.NewReader(string(raw)))
}
