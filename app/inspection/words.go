package inspection

import (
	"context"
	"strconv"
	"time"
	"unicode/utf8"

	"pasokh/app/fault"
	"pasokh/app/persian"
	"pasokh/tenants"
)

// Field names the field of a form that belongs to a row.
func Field(name string, id int64) string { return name + "_" + strconv.FormatInt(id, 10) }

// words cleans a text that must be there.
func words(field, text string) (string, error) {
	text = persian.Clean(text)
	switch n := utf8.RuneCountInString(text); {
	case n == 0:
		return "", fault.Field(field, "inspection.error."+field)
	case n > MaxText:
		return "", fault.Field(field, "inspection.error.too_long")
	}
	return text, nil
}

// named is a reference to a row; none for 0.
func named(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}

// workingDue is the end of the nth working day from now.
func workingDue(ctx context.Context, tx *tenants.Tx, days int) (time.Time, error) {
	working, err := tenants.WorkingTimeOf(ctx, tx)
	if err != nil {
		return time.Time{}, err
	}
	return working.AddDays(tx.Now(), days), nil
}
