package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/app/timeline"
	"pasokh/jobs"
	"pasokh/tenants"
)

// tenant is the organization whose pages are measured.
const tenant = "scale-0001"

// example is one case of the filled ones, and the main statements of the pages.
type example struct {
	tenant, id          int64
	code, phone, word   string
	inbox, search, read string
}

func (s *server) sample(ctx context.Context) (x example, err error) {
	root, err := openRoot(ctx, s.database)
	if err != nil {
		return x, err
	}
	defer root.Close() //nolint:errcheck // a tool's end
	t, err := root.UnscopedTenantBySlug(ctx, tenant)
	if err != nil {
		return x, err
	}
	var last string
	root.OnStatement = func(query string) { last = query }
	db := root.For(t)
	defer db.Release()
	officer := tenants.Actor{Kind: tenants.Staff, SeesAll: true}
	rows, _, err := complaints.List(ctx, db, officer, complaints.Filter{Tab: complaints.TabOpen})
	if err != nil || len(rows) == 0 {
		return x, errors.Join(errors.New("no open case"), err)
	}
	x.inbox = last
	typical, err := usual(ctx, db, rows)
	if err != nil {
		return x, err
	}
	x.tenant, x.id, x.code = t.ID, typical.ID, typical.Code
	c, err := complaints.FolderByID(ctx, db, officer, x.id)
	if err != nil {
		return x, err
	}
	x.read, x.word = last, strings.Fields(c.Place.Address)[1]
	if _, _, err := complaints.List(ctx, db, officer, complaints.Filter{Text: x.word + " نشتی سالمند"}); err != nil {
		return x, err
	}
	x.word, x.search = x.word+" نشتی سالمند", last
	person, err := citizens.ByID(ctx, db, *c.CitizenID)
	x.phone = "0" + strings.TrimPrefix(person.Mobile, "+98")
	return x, err
}

// usualEvents is how much has happened to the case whose page is measured, so
// that every shape measures the same page.
const usualEvents = 8

// usual is the case of the rows that is nearest to a usual one.
func usual(ctx context.Context, db *tenants.DB, rows []complaints.Listed) (complaints.Listed, error) {
	ids := make([]int64, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	events, err := timeline.OfEach(ctx, db, "complaint", ids)
	off := func(row complaints.Listed) int {
		return max(len(events[row.ID])-usualEvents, usualEvents-len(events[row.ID]))
	}
	return slices.MinFunc(rows, func(a, b complaints.Listed) int { return off(a) - off(b) }), err
}

// sweep measures one round of the real clock over a database of open cases, of
// which ten thousand are due, and one with nothing left to do.
func (s *server) sweep(ctx context.Context, r *report) error {
	root, err := openRoot(ctx, s.database)
	if err != nil {
		return err
	}
	defer root.Close() //nolint:errcheck // a tool's end
	due, err := root.UnscopedDueComplaints(ctx, time.Now(), sweptCases+1)
	if err != nil {
		return err
	}
	r.add(s.shape+" due", float64(len(due)), "cases", 0)
	for _, name := range []string{"sweep of the due", "sweep with nothing due"} {
		began := time.Now()
		if err := jobs.SweepComplaints(ctx, &jobs.Deps{Root: root}); err != nil {
			return fmt.Errorf("sweep: %w", err)
		}
		r.add(s.shape+" "+name, time.Since(began).Seconds(), "s", 0)
	}
	return nil
}
