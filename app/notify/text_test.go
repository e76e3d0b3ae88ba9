package notify_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pasokh/tenants"
	"pasokh/views/messages"
)

// Two parts of a Persian text message hold 134 characters (iran.md §5); every
// text must fit them with the longest usual words in it, where the office's own
// name is not longer than usual.
const (
	twoParts  = 134
	usualName = 30
)

func TestTextsFitIntoTwoParts(t *testing.T) {
	for _, kind := range tenants.Sectors() {
		spec, err := tenants.Sector(kind)
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range messages.Keys(messages.FA) {
			if !strings.HasPrefix(key, "sms.") {
				continue
			}
			text := messages.In(messages.FA, key, "office", spec.NameFA, "code", "PX4K-7M2Q-9TB", "unit", "خدمات پس از نصب",
				"post", "مدیرعامل", "date", "۱۴۰۵/۰۹/۰۱", "day", "یکشنبه ۲۲ شهریور", "time", "۸:۳۰", "queue", 12, "level", 2, "n", 10,
				"organization", "شرکت آب و فاضلاب استان زنجان", "source", "سازمان بازرسی کل کشور", "number", "b-12", "place", "ساختمان مرکزی، کنار پیشخوان", "committee", "کمیتهٔ تکریم", "provider", "کاوه‌نگار", "until", "۱۰:۳۰", "site", "ایستگاه آزادی", "state", "پاسخ داده شده؛ راضی ۱، ناراضی ۲ بفرستید", "user", "karimi", "name", "سمیه کریمی", "course", "تکریم ارباب رجوع", "minutes", 30, "browser", "کروم", "system", "ویندوز", "late", 12, "limit", "پیام‌های ماه", "percent", 80, "waiting", 12, "link", "https://"+spec.Slug+".pasokh.ir"+path(key))
			room := twoParts + secretRoom(key) + max(0, utf8.RuneCountInString(spec.NameFA)-usualName)
			if n := utf8.RuneCountInString(text); n > room {
				t.Errorf("%s of %s has %d characters:\n%s", key, spec.Slug, n, text)
			}
			if strings.ContainsAny(text, "{}") {
				t.Errorf("%s has a hole: %s", key, text)
			}
		}
	}
}

// path is the link's path that a message of this key has.
func path(key string) string {
	toStaff := []string{"sms.complaint.child", "sms.complaint.transfer_back", "sms.complaint.referred", "sms.complaint.escalated", "sms.complaint.objected", "sms.complaint.recalled", "sms.complaint.source_near", "sms.complaint.source_passed", "sms.directive.issued", "sms.directive.reported",
		"sms.directive.returned", "sms.directive.reminder", "sms.directive.overdue", "sms.directive.overdue_issuer", "sms.directive.part_issued", "sms.directive.part_reported", "sms.directive.part_returned", "sms.directive.part_reminder", "sms.directive.part_overdue",
		"sms.directive.extension_asked", "sms.directive.part_extension_asked", "sms.directive.part_extension_decided", "sms.directive.extension_decided", "sms.directive.digest", "sms.committee.invited", "sms.committee.cancelled"}
	switch {
	case secretRoom(key) > 0:
		return "/invitations/" + strings.Repeat("x", 43)
	case key == "sms.complaint.invited":
		return "/meetings/new?case=PX4K7M2Q9TB"
	case key == "sms.staff.new_device", key == "sms.staff.address_changed", key == "sms.staff.linked", strings.HasPrefix(key, "sms.staff.factor"):
		return "/desk/account/security"
	case strings.HasPrefix(key, "sms.meeting.session_"):
		return "/executive"
	case strings.HasPrefix(key, "sms.quota."):
		return "/desk/organization/usage"
	case strings.HasPrefix(key, "sms.emergency."):
		return "/desk/organization/emergency"
	case key == "sms.security.changed":
		return "/desk/organization/audit"
	case key == "sms.staff.password_changed":
		return "/sign-in/reset"
	case strings.HasSuffix(key, "_admin"):
		return "/desk/organization/training"
	case strings.HasPrefix(key, "sms.staff.training"):
		return "/desk/account"
	case key == "sms.box.overdue":
		return "/desk/boxes"
	case slices.Contains(toStaff, key):
		return "/d/250146311781924742"
	case key == "sms.complaint.registered":
		return "/p/0123456789abcdef"
	case strings.Contains(messages.In(messages.FA, key), "{code}"):
		return "/track"
	}
	return "/track?code=PX4K7M2Q9TB"
}

// secretRoom is the third part that a link of 256 random bits takes.
func secretRoom(key string) int {
	if key == "sms.staff.invited" || key == "sms.staff.reset" {
		return 67
	}
	return 0
}
