package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/redis/go-redis/v9"

	"pasokh/app/fault"
)

// limit allows max events per subject in each window of time.
type limit struct {
	name   string
	max    int64
	per    time.Duration
	closed bool // without Redis nothing passes
}

// The limits of security.md, section 7. Sending and checking codes has limits
// in the database besides; these stop floods before they reach it.
var (
	limitSignIn     = limit{"sign_in", 10, 15 * time.Minute, true}     // user name and address, or user name and known browser
	limitSignInName = limit{"sign_in_name", 50, time.Hour, true}       // user name, from unknown browsers
	limitReset      = limit{"reset", 5, time.Hour, true}               // user name and address
	limitResetIP    = limit{"reset_ip", 30, time.Hour, true}           // address
	limitPassword   = limit{"password", 10, 15 * time.Minute, true}    // member of staff: tries of the current password
	limitStrength   = limit{"strength", 300, 10 * time.Minute, false}  // address: passwords judged while they are typed
	limitSignInIP   = limit{"sign_in_ip", 100, 15 * time.Minute, true} // address
	limitFactor     = limit{"factor", 10, 15 * time.Minute, true}      // account: second factors, and proofs anew
	limitPasskey    = limit{"passkey", 60, 15 * time.Minute, true}     // address
	limitCodes      = limit{"codes", 10, time.Hour, true}              // address
	limitCodesOrg   = limit{"codes_org", 1200, time.Hour, true}        // organization: what a flood from many addresses may cost it
	limitCodesAll   = limit{"codes_all", 6000, time.Hour, true}        // all organizations together
	limitCodeChecks = limit{"code_checks", 20, 10 * time.Minute, true} // address
	limitVisitCodes = limit{"visit_codes", 30, time.Hour, true}        // member of staff
	limitProblems   = limit{"problems", 10, time.Hour, true}           // address: reports of what does not work
	limitMisses     = limit{"misses", 10, time.Minute, false}          // address: look-ups that found nothing
	limitMissesCode = limit{"misses_code", 5, time.Hour, false}        // tracking code
	limitColleagues = limit{"colleagues", 240, time.Minute, false}     // member of staff: names while a note is typed
	limitExport     = limit{"export", 3, time.Hour, true}              // mobile: everything that is held of it, as a file
	limitLost       = limit{"lost_number", 5, 24 * time.Hour, true}    // mobile: claims of another number
	limitFiling     = limit{"filing", 20, time.Hour, false}            // address
)

// limitTime is how long a counter is waited for.
const limitTime = 800 * time.Millisecond

var errUnavailable = errors.New("a service that this act needs is away")

// limited refuses the subject when its count has reached the limit; it counts
// nothing.
func (r *req) limited(l limit, subject string) error {
	ctx, cancel := context.WithTimeout(r.ctx, limitTime)
	defer cancel()
	n, err := r.w.Redis.Get(ctx, r.limitKey(l, subject)).Int64()
	if err != nil && !errors.Is(err, redis.Nil) {
		return r.withoutRedis(l, err)
	}
	if n >= l.max {
		return r.tooMany(l)
	}
	return nil
}

// countedOnce keeps the window fixed: it begins with the first event and ends
// whatever comes after.
var countedOnce = redis.NewScript(`
local n = redis.call('INCR', KEYS[1])
if n == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return n`)

// count adds one event of the subject and refuses it beyond the limit.
func (r *req) count(l limit, subject string) error { return r.countAt(l, r.limitKey(l, subject)) }

// countCode counts a code that is to be sent: by the address that asks, then for
// the organization, then for all; the database counts those of the number.
func (r *req) countCode() error {
	if err := r.count(limitCodes, r.ip()); err != nil {
		return err
	}
	return r.countBudget()
}

// countBudget counts a code to the organization's budget and to that of all.
func (r *req) countBudget() error {
	if err := r.count(limitCodesOrg, ""); err != nil {
		return err
	}
	return r.countAt(limitCodesAll, "limit:all:"+limitCodesAll.name)
}

func (r *req) countAt(l limit, key string) error {
	ctx, cancel := context.WithTimeout(r.ctx, limitTime)
	defer cancel()
	n, err := countedOnce.Run(ctx, r.w.Redis, []string{key}, l.per.Milliseconds()).Int64()
	if err != nil {
		return r.withoutRedis(l, err)
	}
	if n > l.max {
		return r.tooMany(l)
	}
	return nil
}

func (r *req) withoutRedis(l limit, err error) error {
	r.w.Log.Error("limit", "limit", l.name, "request_id", requestID(r.c), "error", err)
	if l.closed {
		return fmt.Errorf("%w: %w", errUnavailable, err)
	}
	return nil
}

// limitKey names the counter. Subjects are hashed: addresses, user names and
// codes are nobody's business in Redis.
func (r *req) limitKey(l limit, subject string) string {
	digest := sha256.Sum256([]byte(subject))
	return fmt.Sprintf("limit:%d:%s:%s", r.tenant.ID, l.name, hex.EncodeToString(digest[:12]))
}

// tooMany tells when to come again: the whole window, which is never too soon.
func (r *req) tooMany(l limit) error {
	r.w.Metrics.Limited(l.name)
	r.c.Set(fiber.HeaderRetryAfter, strconv.Itoa(int(l.per.Seconds())))
	return fault.New(fault.TooMany, "error.too_many", "minutes", max(1, int(l.per.Minutes())))
}

// ip is the address of whoever asks, for limits.
func (r *req) ip() string { return r.w.clientIP(r.c) }
