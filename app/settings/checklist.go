package settings

import (
	"context"
	"slices"
	"time"

	"pasokh/app/audit"
	"pasokh/app/complaints"
	"pasokh/app/notify"
	"pasokh/app/persian"
	"pasokh/app/privacy"
	"pasokh/app/staff"
	"pasokh/scheduler/directives"
	"pasokh/scheduler/meetings"
	"pasokh/tenants"
)

// Item is one line of the set-up checklist. Names are of what is missing, in
// both languages.
type Item struct {
	Key     string // contacts, units …
	Done    bool
	Missing [][2]string
}

// Checklist tells what an organization still needs until it can take cases and
// hold meetings, all of it read from the data.
func Checklist(ctx context.Context, r tenants.Reader) ([]Item, error) {
	var list []Item
	for _, part := range []func(context.Context, tenants.Reader) ([]Item, error){publicItems, peopleItems, workItems, meetingItems} {
		items, err := part(ctx, r)
		if err != nil {
			return nil, err
		}
		list = append(list, items...)
	}
	rules, err := privacy.RulesOf(ctx, r)
	if err != nil {
		return nil, err
	}
	return append(list, Item{Key: "retention", Done: rules.Version > 0}), nil
}

// Progress counts the lines that are done.
func Progress(list []Item) (done int) {
	for _, i := range list {
		if i.Done {
			done++
		}
	}
	return done
}

// Left are the keys of the lines that are not done.
func Left(list []Item) (keys []string) {
	for _, i := range list {
		if !i.Done {
			keys = append(keys, i.Key)
		}
	}
	return keys
}

func publicItems(ctx context.Context, r tenants.Reader) ([]Item, error) {
	contacts, err := tenants.Contacts(ctx, r)
	reached := slices.ContainsFunc(contacts, func(c tenants.Contact) bool { return c.Kind != "link" && c.HoursFA != "" })
	return []Item{{Key: "contacts", Done: reached}}, err
}

func peopleItems(ctx context.Context, r tenants.Reader) ([]Item, error) {
	units, err := tenants.Units(ctx, r, tenants.UnitExecutive)
	if err != nil {
		return nil, err
	}
	people, err := staff.Roster(ctx, r)
	if err != nil {
		return nil, err
	}
	rights, err := staff.RightsTo(ctx, r, staff.FactorRights()...)
	if err != nil {
		return nil, err
	}
	heads, crew, factor := Item{Key: "units"}, Item{Key: "staff"}, Item{Key: "factor"}
	works := map[int64]bool{}
	for _, p := range people {
		if p.DisabledAt != nil {
			continue
		}
		if p.UnitID != nil {
			works[*p.UnitID] = true
		}
		can := func(permission string) bool { return rights.Can(p.Roles, permission) }
		if p.FactorAt == nil && staff.NeedsFactor(r.Tenant(), can) {
			factor.Missing = append(factor.Missing, [2]string{p.NameFA, p.NameEN})
		}
	}
	for _, u := range units {
		name := [2]string{u.NameFA, u.NameEN}
		if u.HeadID == nil {
			heads.Missing = append(heads.Missing, name)
		}
		if !works[u.ID] {
			crew.Missing = append(crew.Missing, name)
		}
	}
	heads.Done, crew.Done = len(units) > 0 && len(heads.Missing) == 0, len(units) > 0 && len(crew.Missing) == 0
	factor.Done = len(people) > 0 && len(factor.Missing) == 0
	return []Item{heads, crew, factor}, nil
}

func workItems(ctx context.Context, r tenants.Reader) ([]Item, error) {
	topics, err := tenants.Topics(ctx, r)
	if err != nil {
		return nil, err
	}
	group, routed := map[int64]bool{}, false
	for _, t := range topics {
		if t.ParentID != nil {
			group[*t.ParentID] = true
		}
		routed = routed || t.UnitID != nil && !group[t.ID]
	}
	gateways, err := notify.Gateways(ctx, r)
	if err != nil {
		return nil, err
	}
	trials, err := r.Select((*audit.Entry)(nil)).Where("entry.act = 'gateway.tried'").Limit(1).Count(ctx)
	if err != nil {
		return nil, err
	}
	tried := trials > 0 && slices.ContainsFunc(gateways, func(g notify.Gateway) bool { return g.Channel == "sms" && g.Enabled && g.Problem == "" })
	texts, err := complaints.AllTemplates(ctx, r)
	if err != nil {
		return nil, err
	}
	classes, err := tenants.SLAClasses(ctx, r)
	if err != nil {
		return nil, err
	}
	bare := slices.ContainsFunc(classes, func(c tenants.SLAClass) bool { return len(c.Rungs) == 0 })
	year, err := thisYear(ctx, r)
	return []Item{
		{Key: "topics", Done: routed}, {Key: "classes", Done: len(classes) > 0 && !bare}, {Key: "calendar", Done: year},
		{Key: "gateway", Done: tried}, {Key: "texts", Done: slices.ContainsFunc(texts, func(t complaints.Template) bool { return t.Active })},
	}, err
}

// thisYear tells whether the holidays of the current Solar Hijri year are known
// beyond what is over.
func thisYear(ctx context.Context, r tenants.Reader) (bool, error) {
	year := persian.DateOf(r.Now().In(persian.Tehran)).Year
	from := persian.Date{Year: year, Month: 1, Day: 1}.Time(0, 0, persian.Tehran)
	until := from.AddDate(1, 0, 0).Format(time.DateOnly)
	list, err := tenants.Holidays(ctx, r, from.Format(time.DateOnly), until)
	if err != nil || len(list) > 0 {
		return err == nil, err
	}
	own, err := tenants.Closures(ctx, r, tenants.ClosureHoliday, from.Format(time.DateOnly), until)
	return len(own) > 0, err
}

func meetingItems(ctx context.Context, r tenants.Reader) ([]Item, error) {
	posts, err := directives.Executives(ctx, r)
	if err != nil {
		return nil, err
	}
	windows, err := meetings.Windows(ctx, r, 0)
	if err != nil {
		return nil, err
	}
	sites, err := meetings.Sites(ctx, r)
	opens := slices.ContainsFunc(windows, func(w meetings.Window) bool {
		return w.Active && slices.ContainsFunc(posts, func(e directives.Executive) bool { return e.ID == w.ExecutiveID })
	})
	return []Item{{Key: "executive", Done: opens}, {Key: "site", Done: slices.ContainsFunc(sites, func(s meetings.Site) bool { return s.Active })}}, err
}
