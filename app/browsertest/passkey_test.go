package browsertest_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"

	"pasokh/app/apptest"
	"pasokh/app/web"
)

// A passkey is made, signs in without a password, and proves anew who sits
// there. Browsers have passkeys on safe origins only, and localhost is one.
func TestPasskeyIsMadeAndSignsIn(t *testing.T) {
	w := newWorld(t, func(o *web.Options) { o.BaseDomain, o.BaseURL = "localhost", "http://localhost" })
	b := w.open(t, "alpha", 390)
	b.origin = fmt.Sprintf("http://alpha.localhost:%d", w.port)
	b.run(webauthn.Enable(), chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := webauthn.AddVirtualAuthenticator(&webauthn.VirtualAuthenticatorOptions{
			Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
			HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
		}).Do(ctx)
		return err
	}))
	b.visit("/sign-in")
	b.fill("input[name=user]", "manager")
	b.fill("input[name=password]", apptest.Password("manager"))
	b.submit("/session")

	b.visit("/desk/account/security")
	b.shot("security")
	b.submit("/account/security/passkeys")
	b.says("این کدها فقط همین یک بار نشان داده می‌شوند")
	b.shot("codes")
	b.visit("/desk/account/security")
	b.says("کروم روی")
	b.says("۱۰ کد مانده است")
	b.visit("/desk/confirm?next=/desk/account/security")
	b.submit("/desk/confirm/passkey")
	b.at("/desk/account/security")
	b.shot("with passkey")
	b.visit("/desk")
	b.submit("/session/end")

	// With the password a second step is asked for, which the passkey takes.
	b.visit("/sign-in")
	b.fill("input[name=user]", "manager")
	b.fill("input[name=password]", apptest.Password("manager"))
	b.submit("/session")
	b.at("/sign-in/factor")
	b.shot("factor")
	b.submit("/sign-in/passkey")
	b.at("/desk")
	b.submit("/session/end")
	b.visit("/sign-in")
	b.submit("/sign-in/passkey") // nothing typed at all
	b.at("/desk")
}
