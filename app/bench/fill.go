package main

import (
	"context"
	"fmt"
	"time"

	"pasokh/app/citizens"
	"pasokh/app/complaints"
	"pasokh/tenants"
)

// fill files cases through the real command until the gas tenant has enough,
// many in one transaction.
func fill(ctx context.Context, database string, r *report) error {
	root, err := openRoot(ctx, database)
	if err != nil {
		return err
	}
	defer root.Close() //nolint:errcheck // a tool's end
	t, err := root.UnscopedTenantBySlug(ctx, tenant)
	if err != nil {
		return err
	}
	db := root.For(t)
	defer db.Release()
	topics, err := tenants.Topics(ctx, db)
	if err != nil {
		return err
	}
	began := time.Now()
	const batch, filed = 200, 2000
	for done := 0; done < filed; done += batch {
		err := db.Write(ctx, tenants.Actor{Kind: tenants.Citizen}, func(tx *tenants.Tx) error {
			for i := range batch {
				if err := file(ctx, tx, topics[(done+i)%3].ID, done+i); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	r.add("register a case (batches of 200)", filed/time.Since(began).Seconds(), "cases/s", 0)
	return root.UnscopedDiscardTasks(ctx, tenants.SystemClock(), "bench")
}

func file(ctx context.Context, tx *tenants.Tx, topic int64, n int) error {
	person, err := citizens.Ensure(ctx, tx, citizens.Identity{Mobile: mobile(n), Name: "شهروند نمونه"})
	if err != nil {
		return err
	}
	_, err = complaints.Register(ctx, tx, complaints.Registration{
		Kind: complaints.KindRequest, Channel: "web", CitizenID: &person.ID, TopicID: topic,
		Text: fmt.Sprintf("درخواست شماره %d برای بررسی فشار گاز کوچه و پاسخ به خانواده", n), Place: complaints.Place{Address: "زنجان، خیابان امام", Subscription: "12345"},
	})
	return err
}

func mobile(n int) string { return fmt.Sprintf("0913%07d", n%3000) }
