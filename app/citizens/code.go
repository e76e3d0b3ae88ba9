package citizens

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"math/big"
	"strings"
	"time"
	"unicode"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// The limits of one-time codes (security.md §7): of ten codes a day with five
// tries each, a guesser has fifty chances in a million.
const (
	CodeLife  = 10 * time.Minute // how long a code opens
	CodeWait  = time.Minute      // before the same visitor may ask again
	CodeTries = 5                // wrong guesses until a code is worthless
	codeHour  = 3                // codes sent to one number in an hour
	codeDay   = 10               // and in a day
)

// KindCodeRequested is the outbox kind of a code to be made and sent; its
// payload is CodeRequested.
const KindCodeRequested = "citizen.code_requested"

// CodeRequested is the payload of KindCodeRequested.
type CodeRequested struct {
	OTPID int64 `json:"otp_id"`
}

// Code is one one-time code on its way. It opens only for the same purpose,
// the same mobile number and the same visitor.
type Code struct {
	tenants.BaseModel `bun:"table:otp_codes,alias:code"`
	tenants.Owned
	ID        int64  `bun:",pk"`
	Purpose   string // sign_in, complaint, meeting …: the web's own words
	Mobile    string `sealed:"otp_codes.mobile,blind=mobile"` // E.164
	Holder    string // tenants.HashToken of the visitor's cookie
	Number    int    // the how-manieth code of this number: unique, so parallel requests cannot pass the limits
	CodeHash  string // empty until the job has made the code
	Tries     int
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedAt    *time.Time // used, or replaced by a newer one
	// MobileSealed is what the blind index of the column stands for.
	MobileSealed string
}

// CodeFor names what a code is bound to. Mobile is as typed.
type CodeFor struct{ Purpose, Mobile, Holder string }

// RequestCode notes that a code is to be made and sent, in place of the
// visitor's earlier one, and returns its row with ExpiresAt. TooMany is
// "code.wait" (args n: seconds until the next try), "code.hour" or "code.day".
func RequestCode(ctx context.Context, tx *tenants.Tx, in CodeFor) (*Code, error) {
	mobile, ok := persian.Mobile(in.Mobile)
	if !ok {
		return nil, fault.Field("mobile", "citizen.mobile.wrong")
	}
	in.Mobile = mobile
	sent, err := sentTo(ctx, tx, mobile)
	if err != nil {
		return nil, err
	}
	if err := mayRequest(sent, in, tx.Now()); err != nil {
		return nil, err
	}
	if err := replace(ctx, tx, in); err != nil {
		return nil, err
	}
	c := &Code{
		ID: tenants.NewID(), Purpose: in.Purpose, Mobile: mobile, Holder: in.Holder, Number: next(sent),
		CreatedAt: tx.Now(), ExpiresAt: tx.Now().Add(CodeLife),
	}
	isNew, err := tx.InsertNew(ctx, c)
	if err != nil {
		return nil, fault.Wrap(err, "citizens.RequestCode")
	}
	if !isNew { // another request for this number is ahead by a moment
		return nil, errWait(CodeWait)
	}
	return c, tx.Enqueue(ctx, KindCodeRequested, CodeRequested{OTPID: c.ID})
}

// sentTo lists the last codes to a number, newest first, as many as count.
func sentTo(ctx context.Context, r tenants.Reader, mobile string) ([]Code, error) {
	var sent []Code
	err := r.Select(&sent).Where("code.mobile = ?", r.Blind("mobile", mobile)).Order("code.number DESC").Limit(codeDay).Scan(ctx)
	return sent, fault.Wrap(tenants.Err(err), "citizens.RequestCode")
}

func next(sent []Code) int {
	if len(sent) == 0 {
		return 1
	}
	return sent[0].Number + 1
}

func mayRequest(sent []Code, in CodeFor, now time.Time) error {
	lastHour, lastDay := 0, 0
	for _, c := range sent {
		if wait := c.CreatedAt.Add(CodeWait).Sub(now); wait > 0 && c.Purpose == in.Purpose && c.Holder == in.Holder {
			return errWait(wait)
		}
		if c.CreatedAt.After(now.Add(-time.Hour)) {
			lastHour++
		}
		if c.CreatedAt.After(now.Add(-24 * time.Hour)) {
			lastDay++
		}
	}
	if lastDay >= codeDay {
		return fault.New(fault.TooMany, "code.day")
	}
	if lastHour >= codeHour {
		return fault.New(fault.TooMany, "code.hour")
	}
	return nil
}

func errWait(wait time.Duration) error {
	return fault.New(fault.TooMany, "code.wait", "n", int((wait+time.Second-1)/time.Second))
}

// replace ends the visitor's earlier code for the same purpose.
func replace(ctx context.Context, tx *tenants.Tx, in CodeFor) error {
	_, err := tx.Set(ctx, (*Code)(nil), "used_at = ?", []any{tx.Now()},
		"purpose = ? AND mobile = ? AND holder = ? AND used_at IS NULL", in.Purpose, tx.Blind("mobile", in.Mobile), in.Holder)
	return fault.Wrap(err, "citizens.RequestCode")
}

// IssueCode makes the six digits of a requested code, keeps their hash, and
// returns them with the mobile number they go to. Running it again makes other
// digits, which are then the only ones that open. A code that was used,
// replaced or has expired is Conflict "code.over": the job drops it.
func IssueCode(ctx context.Context, tx *tenants.Tx, otpID int64) (mobile, digits string, err error) {
	c := new(Code)
	if err := tx.Lock(ctx, c, "code.id = ?", otpID); err != nil {
		return "", "", fault.Wrap(err, "citizens.IssueCode")
	}
	if !c.live(tx.Now()) {
		return "", "", fault.New(fault.Conflict, "code.over")
	}
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return "", "", fault.Wrap(err, "citizens.IssueCode")
	}
	digits = fmt.Sprintf("%06d", n)
	c.CodeHash = c.hash(digits)
	return c.Mobile, digits, fault.Wrap(tx.Update(ctx, c, "code_hash"), "citizens.IssueCode")
}

func (c *Code) live(now time.Time) bool {
	return c.UsedAt == nil && c.Tries < CodeTries && now.Before(c.ExpiresAt)
}

// hash binds the digits to their row and visitor. A plain SHA-256 of a million
// possibilities hides nothing from somebody who holds the database; it need
// not, because the code is worthless within ten minutes and five tries, and a
// slow hash would only burden the verification.
func (c *Code) hash(digits string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d|%s|%s", c.ID, digits, c.Holder))
	return hex.EncodeToString(sum[:])
}

// VerifyCode tells whether the typed digits are the live code, and uses it up.
// The result is a value and never an error, because a wrong guess must be
// counted: commit the transaction in both cases, and only then answer
// fault.Field("code", "code.wrong"). Wrong, expired, used up, replaced and
// never requested are the same false. What is not six digits is no guess and
// is not counted.
func VerifyCode(ctx context.Context, tx *tenants.Tx, in CodeFor, typed string) (ok bool, err error) {
	oks, err := VerifyCodes(ctx, tx, []Guess{{in, typed}})
	return err == nil && oks[0], err
}

// Guess is a code as it was typed.
type Guess struct {
	CodeFor
	Typed string
}

// VerifyCodes is VerifyCode for codes that are wanted together: they are used up
// only when all of them are right, and only wrong guesses are counted until then.
func VerifyCodes(ctx context.Context, tx *tenants.Tx, list []Guess) ([]bool, error) {
	oks, codes, all := make([]bool, len(list)), make([]*Code, len(list)), true
	for i := range list {
		var err error
		if codes[i], oks[i], err = list[i].judge(ctx, tx); err != nil {
			return nil, fault.Wrap(err, "citizens.VerifyCode")
		}
		all = all && oks[i]
	}
	for i, c := range codes {
		if c == nil || oks[i] && !all {
			continue
		}
		c.Tries++
		if now := tx.Now(); all {
			c.UsedAt = &now
		}
		if err := tx.Update(ctx, c, "tries", "used_at"); err != nil {
			return nil, fault.Wrap(err, "citizens.VerifyCode")
		}
	}
	return oks, nil
}

// judge locks the live code that was guessed, and tells whether the guess is right;
// no code when there is nothing to guess.
func (g *Guess) judge(ctx context.Context, tx *tenants.Tx) (c *Code, ok bool, err error) {
	digits, isCode := readDigits(g.Typed)
	mobile, isMobile := persian.Mobile(g.Mobile)
	if !isCode || !isMobile {
		return nil, false, nil
	}
	c = new(Code)
	err = tx.Lock(ctx, c, "code.purpose = ? AND code.mobile = ? AND code.holder = ? AND code.used_at IS NULL",
		g.Purpose, tx.Blind("mobile", mobile), g.Holder)
	if fault.Is(err, fault.NotFound) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	if !c.live(tx.Now()) || c.CodeHash == "" {
		return nil, false, nil
	}
	return c, subtle.ConstantTimeCompare([]byte(c.hash(digits)), []byte(c.CodeHash)) == 1, nil
}

// readDigits reads six digits of any kind, with spaces and dashes between.
func readDigits(typed string) (string, bool) {
	digits := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, persian.ToASCII(typed))
	return digits, len(digits) == 6 && strings.Trim(digits, "0123456789") == ""
}
