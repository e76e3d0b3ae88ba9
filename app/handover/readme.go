package handover

import (
	"strings"

	"pasokh/app/persian"
)

// readme explains the package to whoever opens it, without the program.
func readme(m *Manifest) string {
	day := persian.DateOf(m.Taken.In(persian.Tehran)).String()
	return strings.NewReplacer("{name}", m.Organization.NameFA, "{day}", day, "{program}", m.Program, "{schema}", m.Schema).Replace(readmeText)
}

const readmeText = `بستهٔ کامل داده‌های «{name}»
تاریخ: {day} · سامانه: پاسخ {program} · طرح پایگاه داده: {schema}

هشدار: این بسته داده‌های شخصی مردم (نام، تلفن همراه، شمارهٔ ملی، نشانی و متن پیام‌ها) را آشکار دارد.
آن را تنها روی رسانهٔ رمزگذاری‌شده نگه دارید و به کسی جز مسئول داده‌های دستگاه ندهید.

چه چیز کجاست
- manifest.json : شناسنامهٔ بسته: دستگاه، فهرست جدول‌ها با شمار سطرها و اثر انگشت SHA-256، شمار پرونده‌ها.
- tables/نام.jsonl : هر جدول در یک پرونده؛ هر سطر یک شیء JSON با کدگذاری UTF-8 (قالب JSON Lines).
- files/کلید.اثرانگشت : پیوست‌ها و نگاره‌ها؛ «کلید» همان ستون blob در جدول files است و نام، نوع و موضوع هر پرونده در همان سطر آمده است.
  «اثرانگشت» همان SHA-256 محتوای پرونده است و با sha256sum می‌توان آن را سنجید.

چگونه بخوانیم
- شناسه‌ها عددهای ۶۴ بیتی‌اند؛ در ابزارهایی که عدد را اعشاری می‌خوانند، آن‌ها را متن بگیرید.
- زمان‌ها به وقت هماهنگ جهانی (UTC) و در قالب RFC 3339 هستند؛ روزها میلادی‌اند.
- پیوند جدول‌ها با ستون‌هایی است که به _id پایان می‌یابند: complaints.citizen_id همان citizens.id است.
- رویدادهای هر پرونده در events با subject_kind و subject_id آمده‌اند.
- audit_entries کارنامهٔ زنجیره‌ای است: هر سطر اثر انگشت سطر پیشین را دارد.
- در complaints.search_key واژه‌هایی که با ~ آغاز می‌شوند از داده‌های شخصی‌اند.

چه چیز در بسته نیست
گذرواژه‌ها، رازهای ورود دومرحله‌ای، کلیدهای رمز، رازهای درگاه پیامک و صندوق رایانامه، و نشست‌های باز.
فهرست کامل با دلیل در manifest.json زیر left_out و left_out_columns است.

بازگرداندن
pasokh tenant import بسته --into نام-کوتاه
دستگاه با همان شناسه‌ها و با کلیدهای تازه ساخته می‌شود، شمار و اثر انگشت هر جدول با این بسته سنجیده می‌شود
و دستگاه در وضعیت «معلق» می‌ماند تا کسی آن را بازبینی و فعال کند.
`
