package web_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"strings"
	"testing"

	"pasokh/app/apptest"
	"pasokh/app/files"
	"pasokh/app/settings"
	"pasokh/tenants"
)

const logoForm = identityPage + "/logo"

func logoPNG(t *testing.T, w, h int, c color.NRGBA) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for x := range w {
		for y := range h {
			img.SetNRGBA(x, y, color.NRGBA{c.R, c.G, c.B, uint8(min(255, x*4))}) //nolint:gosec // at most 255
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A logo stands on every page of its organization, is told in the history by
// pictures, and goes again.
func TestLogoIsShownKeptAndRemoved(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	admin := a.As("admin")
	send := func(name string, content []byte) *apptest.Page {
		admin.Get(identityPage).Is(http.StatusOK)
		return admin.PostFile(logoForm, nil, apptest.File{Field: "file", Name: name, Type: "image/png", Content: content})
	}
	a.Visit("alpha").Get("/logo").Is(http.StatusNotFound)
	for name, bad := range map[string]struct {
		file string
		raw  []byte
		want string
	}{
		"small": {"a.png", logoPNG(t, 40, 40, color.NRGBA{}), "۶۴ پیکسل"},
		"long":  {"a.png", logoPNG(t, 700, 70, color.NRGBA{}), "کشیده"},
		"large": {"a.png", make([]byte, files.MaxLogoBytes+1), "۲ مگابایت"},
		"svg":   {"a.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>`), "PNG"},
		"lies":  {"a.png", []byte("%PDF-1.4"), "PNG"},
	} {
		if page := send(bad.file, bad.raw).Is(http.StatusUnprocessableEntity); !page.Has("#file-error") || !strings.Contains(page.Text(), bad.want) {
			t.Errorf("%s: %s", name, page.Text())
		}
	}
	admin.Post(logoForm, nil).Is(http.StatusUnprocessableEntity)
	send("نشان.png", logoPNG(t, 900, 600, color.NRGBA{R: 200})).To(identityPage)
	href := admin.Get(identityPage).Doc().Find("#logo img").AttrOr("src", "")
	for _, at := range []struct {
		c    *apptest.Client
		path string
	}{{a.Visit("alpha"), "/"}, {a.Visit("alpha"), "/sign-in"}, {admin, "/desk/organization"}} {
		if src := at.c.Get(at.path).Is(http.StatusOK).Doc().Find(".brand-logo").AttrOr("src", ""); src != href || href == "" {
			t.Errorf("%s shows %q, not %q", at.path, src, href)
		}
	}
	if src := a.Visit("beta").Get("/").Doc().Find(".brand-logo").AttrOr("src", ""); strings.HasPrefix(src, "/logo") {
		t.Error("the other organization shows it")
	}
	page := a.Visit("alpha").Get(href).Is(http.StatusOK)
	img, err := png.Decode(strings.NewReader(page.Body))
	if h := page.Header; err != nil || img.Bounds().Dx() != 512 || h.Get("Content-Type") != "image/png" || !strings.Contains(h.Get("Cache-Control"), "immutable") ||
		h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") || h.Get("Set-Cookie") != "" {
		t.Errorf("%v %v", err, page.Header)
	}
	if again := a.Visit("alpha").Get("/logo?v=1").Is(http.StatusOK); strings.Contains(again.Header.Get("Cache-Control"), "immutable") {
		t.Error("another picture's address is kept for ever")
	}
	before := changes(t, a)
	send("b.png", []byte(page.Body)).To(identityPage)
	if changes(t, a) != before {
		t.Error("the same picture is a change")
	}
	send("b.png", logoPNG(t, 80, 80, color.NRGBA{B: 99})).To(identityPage)
	history := admin.Get("/desk/organization/history?area=identity").Is(http.StatusOK)
	pictures := history.Doc().Find(".change").First().Find(".change-picture img")
	if pictures.Length() != 2 || pictures.First().AttrOr("src", "") == pictures.Last().AttrOr("src", "") {
		t.Fatalf("before and after are not shown: %s", history.Text())
	}
	admin.Get(pictures.First().AttrOr("src", "")).Is(http.StatusOK)
	a.As("expert").Get(pictures.First().AttrOr("src", "")).Is(http.StatusForbidden)
	admin.Get(identityPage)
	admin.Post(logoForm+"/removal", nil).To(identityPage)
	a.Visit("alpha").Get(href).Is(http.StatusNotFound)
	back := admin.Get("/desk/organization/history?area=identity").Doc().Find(".change").First().Find("form").AttrOr("action", "")
	admin.Post(back, apptest.Form{"field": "logo_id"}).Is(http.StatusSeeOther)
	a.Visit("alpha").Get("/logo").Is(http.StatusOK)
}

// What a file of an organization carries is drawn to the same bytes again.
func TestALogoInAFileIsStable(t *testing.T) {
	t.Parallel()
	a := apptest.New(t)
	db := a.Root.For(a.A)
	defer db.Release()
	got, err := a.Files.ReceiveLogo(db, "x.png", bytes.NewReader(logoPNG(t, 900, 600, color.NRGBA{G: 77})))
	if err != nil {
		t.Fatal(err)
	}
	err = db.Write(t.Context(), tenants.SystemActor(), func(tx *tenants.Tx) error {
		_, err := settings.SaveLogo(t.Context(), tx, got)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	db.Release()
	now, err := a.Root.UnscopedTenantByID(t.Context(), a.A.ID)
	if err != nil {
		t.Fatal(err)
	}
	fresh := a.Root.For(now)
	defer fresh.Release()
	text, err := settings.ShowLogo(t.Context(), fresh, a.Files)
	if err != nil {
		t.Fatal(err)
	}
	again, err := settings.ReadLogo(fresh, a.Files, text)
	if err != nil || again.Digest() != got.Digest() {
		t.Errorf("%v: %s is not %s", err, again.Digest(), got.Digest())
	}
}
