package tenants

import "time"

// Booking holds the rules of booking a meeting that an organization sets itself
// and that came later than its settings: a zero is the default, None is none.
type Booking struct {
	OfferHours     int `json:"offer_hours" yaml:"offer_hours"`           // how long an offered seat is kept, by day
	ReleaseLeast   int `json:"release_least" yaml:"release_least"`       // minutes until a seat given up can be booked again, at least
	ReleaseMost    int `json:"release_most" yaml:"release_most"`         // … and at most; None gives it free at once
	DrawCloseHours int `json:"draw_close_hours" yaml:"draw_close_hours"` // a draw is held this long before its session
	DocumentDays   int `json:"document_days" yaml:"document_days"`       // a seat is kept this long for documents asked for
	AppealDays     int `json:"appeal_days" yaml:"appeal_days"`           // an absence may be explained this long
}

// None is the setting "not at all" where zero is the default.
const None = -1

func (b Booking) or(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return max(n, 0)
}

// Offer is how long an offered seat is kept; only the day counts.
func (b Booking) Offer() time.Duration { return time.Duration(b.or(b.OfferHours, 2)) * time.Hour }

// Release is between what lengths of time a seat that was given up comes back.
func (b Booking) Release() (least, most time.Duration) {
	most = time.Duration(b.or(b.ReleaseMost, 45)) * time.Minute
	return min(time.Duration(b.or(b.ReleaseLeast, 5))*time.Minute, most), most
}

// DrawClose is how long before a session its draw is held.
func (b Booking) DrawClose() time.Duration {
	return time.Duration(b.or(b.DrawCloseHours, 72)) * time.Hour
}

// Documents is how many days a seat is kept for documents that were asked for.
func (b Booking) Documents() int { return max(b.or(b.DocumentDays, 3), 1) }

// Appeal is for how many days an absence may be explained.
func (b Booking) Appeal() int { return max(b.or(b.AppealDays, 14), 1) }
