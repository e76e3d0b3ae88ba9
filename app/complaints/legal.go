package complaints

import (
	"time"

	"pasokh/app/persian"
)

// legalDue is the end of the day by which a definitive written answer, yes or
// no, must have been given: some Solar Hijri months after registration
// (Administrative Justice Court Act, art. 16 note 4; iran.md §2).
func legalDue(registered time.Time, months int) time.Time {
	day := persian.DateOf(registered.In(persian.Tehran)).AddMonths(months)
	return day.Time(23, 59, persian.Tehran).UTC()
}

// LegalDeadline is when the definitive written answer to a case registered then
// is due by law: a pure function of the moment and the number of months.
func LegalDeadline(registered time.Time, months int) time.Time { return legalDue(registered, months) }
