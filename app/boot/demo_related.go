package boot

import (
	"context"
	"fmt"
	"time"

	"pasokh/app/complaints"
	"pasokh/app/timeline"
	"pasokh/jobs"
	"pasokh/tenants"
)

// What the demonstration shows of related cases: the gas company has one cluster
// of four complainants, one case with two parts at other units, and one case that
// went to the water company.

// relatedCases is how many cases that makes; the nine months hold so many fewer
// others.
const relatedCases = 4 + 3 + 1

// relatedBefore is how long before now they begin.
const relatedBefore = 6 * time.Hour

// relatedWords are what the citizens say, in the order of their registration.
var relatedWords = []struct{ topic, text, address string }{
	{"pressure", "از دیشب فشار گاز مجتمع ما آن‌قدر کم است که پکیج روشن نمی‌شود.", "زنجان، شهرک کارمندان، خیابان دهم، بلوک ۳"},
	{"pressure", "فشار گاز خیابان دهم خیلی افت کرده و خانه سرد است؛ بچه کوچک داریم.", "زنجان، شهرک کارمندان، خیابان دهم، پلاک ۱۲"},
	{"pressure", "چند ساعت است که شعله اجاق بالا نمی‌آید؛ همسایه‌ها هم همین مشکل را دارند.", "زنجان، شهرک کارمندان، خیابان دهم، پلاک ۲۷"},
	{"pressure", "بخاری ما از شب گذشته مدام خاموش می‌شود، فشار گاز کم است.", "زنجان، شهرک کارمندان، خیابان دهم، بلوک ۵"},
	{"network", "علمک گاز باید پیش از آسفالت کوچه جابه‌جا شود و کنتور هم زنگ زده است.", "زنجان، خیابان صفا، کوچه لاله، پلاک ۸"},
	{"other", "لوله آب کنار حفاری گاز شکسته و آب به زیرزمین ما می‌آید.", "زنجان، خیابان فردوسی، کوچه نسترن، پلاک ۴"},
}

// related writes them, one step after the other.
type related struct {
	*history
	ids []complaints.ID
}

// loadRelated writes the related cases of the demonstration, once, when all its
// organizations stand.
func (a *App) loadRelated(ctx context.Context, home *tenants.DB) error {
	if !withHistory {
		return nil
	}
	if begun, err := recorded(ctx, home, demoBound, home.Tenant().ID); err != nil || begun {
		return err
	}
	if err := record(ctx, home, demoBound, home.Tenant().ID); err != nil {
		return err
	}
	past, err := a.openPast(ctx)
	if err != nil {
		return err
	}
	defer past.Root.Close() //nolint:errcheck // everything is committed by then
	return past.writeRelated(ctx)
}

func (p *pastApp) writeRelated(ctx context.Context) error {
	gas, err := p.Root.UnscopedTenantBySlug(ctx, string(tenants.Gas))
	if err != nil {
		return err
	}
	water, err := p.Root.UnscopedTenantBySlug(ctx, string(tenants.Water))
	if err != nil {
		return err
	}
	h, err := openHistory(ctx, p.Root, p.clock, gas, p.now)
	if err != nil {
		return err
	}
	defer h.db.Release()
	p.clock.now = p.now.Add(-relatedBefore)
	r := &related{history: h}
	for _, write := range []func(context.Context) error{r.register, r.cluster, r.divide, func(ctx context.Context) error { return r.send(ctx, p, water) }} {
		if err := write(ctx); err != nil {
			return fmt.Errorf("related cases: %w", err)
		}
	}
	p.clock.now = p.now
	return p.Root.UnscopedDiscardTasks(ctx, p.now, "history")
}

// step lets somebody act, a few minutes after the step before.
func (r *related) step(ctx context.Context, who tenants.Actor, do func(*tenants.Tx) (*timeline.Event, error)) error {
	r.clock.now = r.clock.now.Add(9 * time.Minute)
	return r.db.Write(ctx, who, func(tx *tenants.Tx) error {
		_, err := do(tx)
		return err
	})
}

func (r *related) register(ctx context.Context) error {
	for _, w := range relatedWords {
		who := r.people.stranger()
		err := r.step(ctx, tenants.Actor{Kind: tenants.Citizen}, func(tx *tenants.Tx) (*timeline.Event, error) {
			citizen, err := who.ensure(ctx, tx, true)
			if err != nil {
				return nil, err
			}
			got, err := complaints.Register(ctx, tx, complaints.Registration{
				Kind: complaints.KindComplaint, Channel: "web", CitizenID: &citizen.ID, TopicID: r.topics[w.topic].ID,
				Text: w.text, Place: complaints.Place{Address: w.address},
			})
			if err == nil {
				r.ids = append(r.ids, got.Complaint.ID)
			}
			return nil, err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// refer has the PR office give a case to a unit, which takes it.
func (r *related) refer(ctx context.Context, id complaints.ID, unit string) error {
	dice := r.dice(3)
	err := r.step(ctx, r.one(dice, "pr_officer"), func(tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Refer(ctx, tx, id, complaints.Order{UnitID: r.units[unit].ID})
	})
	if err != nil {
		return err
	}
	return r.take(ctx, id, unit)
}

func (r *related) take(ctx context.Context, id complaints.ID, unit string) error {
	return r.step(ctx, r.crew(unit), func(tx *tenants.Tx) (*timeline.Event, error) { return complaints.Take(ctx, tx, id) })
}

// crew is somebody who works in a unit.
func (r *related) crew(unit string) tenants.Actor { return r.cast.crews[r.units[unit].ID][0] }

// cluster merges three cases into the first, which its unit works on.
func (r *related) cluster(ctx context.Context) error {
	for _, id := range r.ids[1:4] {
		err := r.step(ctx, r.one(r.dice(3), "pr_officer"), func(tx *tenants.Tx) (*timeline.Event, error) {
			return complaints.Merge(ctx, tx, id, r.ids[0])
		})
		if err != nil {
			return err
		}
	}
	return r.refer(ctx, r.ids[0], "pressure")
}

// divide gives two parts of a case to other units; one has answered.
func (r *related) divide(ctx context.Context) error {
	parent := r.ids[4]
	if err := r.refer(ctx, parent, "network"); err != nil {
		return err
	}
	parts := []complaints.Part{
		{UnitID: r.units["service"].ID, Text: "کنتور این نشانی زنگ زده است؛ بازرسی و در صورت نیاز تعویض شود."},
		{UnitID: r.units["pressure"].ID, Text: "فشار شبکه را پیش از جابه‌جایی علمک اندازه بگیرید."},
	}
	for _, part := range parts {
		err := r.step(ctx, r.one(r.dice(3), "pr_officer"), func(tx *tenants.Tx) (*timeline.Event, error) {
			return complaints.OpenChild(ctx, tx, parent, part)
		})
		if err != nil {
			return err
		}
	}
	c, err := complaints.Plain(ctx, r.db, parent)
	if err != nil {
		return err
	}
	list, err := complaints.Relatives(ctx, r.db, tenants.SystemActor(), c)
	if err != nil {
		return err
	}
	answered := list[1].ID
	if err := r.take(ctx, answered, "pressure"); err != nil {
		return err
	}
	return r.step(ctx, r.crew("pressure"), func(tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Answer(ctx, tx, answered, "فشار شبکه عادی است؛ جابه‌جایی علمک مانعی ندارد.")
	})
}

// send gives the last case to the water company, where it arrives at once.
func (r *related) send(ctx context.Context, p *pastApp, water *tenants.Tenant) error {
	err := r.step(ctx, r.one(r.dice(3), "pr_officer"), func(tx *tenants.Tx) (*timeline.Event, error) {
		return complaints.Send(ctx, tx, r.ids[5], water, "شکستگی لوله آب در حیطه شرکت آب و فاضلاب است و همان شرکت رسیدگی می‌کند.")
	})
	if err != nil {
		return err
	}
	task := new(tenants.Task)
	if err := tenants.Err(r.db.Select(task).Where("task.kind = ? AND task.done_at IS NULL", complaints.KindTransferSent).Limit(1).Scan(ctx)); err != nil {
		return err
	}
	r.db.Release()
	deps := &jobs.Deps{Root: p.Root, Post: p.Jobs.Post, Files: p.Files, Log: p.Log}
	done, err := jobs.Run(ctx, deps, r.tenant.ID, task.ID)
	if err == nil {
		err = done.Failure
	}
	return err
}
