package complaints_test

import (
	"testing"
	"time"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/tenants"
)

// saved runs a save that must do, and gives the error of one that must not.
func saved(t *testing.T, w *dbtest.World, act func(tx *tenants.Tx) error) fault.Fields {
	t.Helper()
	err := w.Try(t, tenants.SystemActor(), act)
	if err != nil && !fault.Is(err, fault.Invalid) {
		t.Fatal(err)
	}
	return fault.As(err).Fields
}

func TestTopicsHaveTwoLevels(t *testing.T) {
	w := dbtest.New(t)
	network, service := topicOf(t, w, "network"), topicOf(t, w, "service")
	service.ParentID = &network.ID
	if wrong := saved(t, w, func(tx *tenants.Tx) error { return complaints.SaveTopic(t.Context(), tx, &service) }); len(wrong) > 0 {
		t.Fatal(wrong)
	}
	pressure := topicOf(t, w, "pressure")
	pressure.ParentID = &service.ID
	if wrong := saved(t, w, func(tx *tenants.Tx) error { return complaints.SaveTopic(t.Context(), tx, &pressure) }); wrong["parent"] == "" {
		t.Error("a third level is taken")
	}
	network.Active = false
	if wrong := saved(t, w, func(tx *tenants.Tx) error { return complaints.SaveTopic(t.Context(), tx, &network) }); wrong["active"] == "" {
		t.Error("a group goes away from above its topics")
	}
	in := report(network.ID, &complaints.Form{})
	if _, err := in.Judge(t.Context(), w.DB(t)); fault.As(err).Fields["topic"] == "" {
		t.Errorf("a group takes a case: %v", err)
	}
	list, err := tenants.Topics(t.Context(), w.DB(t))
	if err != nil {
		t.Fatal(err)
	}
	leaves, groups := complaints.Leaves(list)
	if len(leaves) != len(list)-1 || groups[service.ID] == nil || groups[service.ID].ID != network.ID {
		t.Errorf("%d leaves of %d, %v", len(leaves), len(list), groups)
	}
}

func TestATopicMustBeWhole(t *testing.T) {
	w := dbtest.New(t)
	wrong := saved(t, w, func(tx *tenants.Tx) error {
		return complaints.SaveTopic(t.Context(), tx, &tenants.Topic{Code: "بد", PlaceFields: []string{"moon"}})
	})
	for _, field := range []string{"code", "name_fa", "name_en", "class"} {
		if wrong[field] == "" {
			t.Errorf("nothing beside %s", field)
		}
	}
	office, err := tenants.UnitOfKind(t.Context(), w.DB(t), tenants.UnitPROffice)
	if err != nil {
		t.Fatal(err)
	}
	topic := topicOf(t, w, "network")
	topic.UnitID = &office.ID
	if wrong := saved(t, w, func(tx *tenants.Tx) error { return complaints.SaveTopic(t.Context(), tx, &topic) }); wrong["unit"] == "" {
		t.Error("a unit that takes no referrals is taken")
	}
	twin := topicOf(t, w, "network")
	twin.ID = 0
	if wrong := saved(t, w, func(tx *tenants.Tx) error { return complaints.SaveTopic(t.Context(), tx, &twin) }); wrong["code"] == "" {
		t.Error("a code is taken twice")
	}
}

func TestMovingKeepsTheOthersInOrder(t *testing.T) {
	w := dbtest.New(t)
	before, err := complaints.AllTopics(t.Context(), w.DB(t))
	if err != nil {
		t.Fatal(err)
	}
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error { return complaints.MoveTopic(t.Context(), tx, before[0].ID, true) })
	after, err := complaints.AllTopics(t.Context(), w.DB(t))
	if err != nil || after[0].ID != before[1].ID || after[1].ID != before[0].ID || after[2].ID != before[2].ID {
		t.Errorf("%v %v", after, err)
	}
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error { return complaints.MoveTopic(t.Context(), tx, after[0].ID, false) })
	if again, err := complaints.AllTopics(t.Context(), w.DB(t)); err != nil || again[0].ID != after[0].ID {
		t.Errorf("the first one moved up: %v", err)
	}
}

func TestDistrictsMakeATree(t *testing.T) {
	w := dbtest.New(t)
	list, err := tenants.Districts(t.Context(), w.DB(t))
	if err != nil || len(list) < 2 || list[1].ParentID == nil || *list[1].ParentID != list[0].ID {
		t.Fatalf("%d districts, %v", len(list), err)
	}
	top, below := list[0], list[1]
	save := func(d tenants.District) fault.Fields {
		return saved(t, w, func(tx *tenants.Tx) error { return complaints.SaveDistrict(t.Context(), tx, &d) })
	}
	loop := top
	loop.ParentID = &below.ID
	if save(loop)["parent"] == "" {
		t.Error("a wider one stands below a narrower one")
	}
	narrow := top
	narrow.Kind = tenants.DistrictPart
	if save(narrow)["kind"] == "" {
		t.Error("one becomes narrower than what it holds")
	}
	gone := top
	gone.Active = false
	if save(gone)["active"] == "" {
		t.Error("one goes away from above others")
	}
	if save(tenants.District{Code: "alone", Kind: tenants.DistrictStation, NameFA: "ایستگاه", NameEN: "Station", Active: true})["parent"] == "" {
		t.Error("a station stands on no line")
	}
	below.NameFA = "شهرستان نو"
	if wrong := save(below); len(wrong) > 0 {
		t.Error(wrong)
	}
}

func TestNoticesRunWhereAndWhileTheySay(t *testing.T) {
	w := dbtest.New(t)
	topic := topicOf(t, w, "pressure").ID
	list, err := tenants.Districts(t.Context(), w.DB(t))
	if err != nil {
		t.Fatal(err)
	}
	city, county := list[2], list[1] // the county holds the city
	var elsewhere tenants.District
	for _, d := range list {
		if d.Kind == county.Kind && d.ID != county.ID {
			elsewhere = d
		}
	}
	now := w.DB(t).Now()
	write := func(n complaints.Notice) complaints.Notice {
		w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error { return complaints.SaveNotice(t.Context(), tx, &n) })
		return n
	}
	everywhere := write(complaints.Notice{TopicID: &topic, TextFA: "افت فشار", StartsAt: now.Add(-time.Hour), EndsAt: now.Add(time.Hour)})
	local := write(complaints.Notice{DistrictID: &county.ID, TextFA: "تعمیر", StartsAt: now, EndsAt: now.Add(2 * time.Hour)})
	write(complaints.Notice{TopicID: &topic, TextFA: "فردا", StartsAt: now.Add(3 * time.Hour), EndsAt: now.Add(9 * time.Hour)})
	count := func(topic int64, district *int64) int {
		db := w.Root.For(w.A)
		defer db.Release()
		found, err := complaints.NoticesFor(t.Context(), db, topic, list, district)
		if err != nil {
			t.Fatal(err)
		}
		return len(found)
	}
	other := topicOf(t, w, "network").ID
	for name, got := range map[string][2]int{
		"no district yet":    {count(topic, nil), 2},
		"inside":             {count(topic, &city.ID), 2},
		"elsewhere":          {count(topic, &elsewhere.ID), 1},
		"another topic":      {count(other, &elsewhere.ID), 0},
		"another topic here": {count(other, &city.ID), 1},
	} {
		if got[0] != got[1] {
			t.Errorf("%s: %d notices, want %d", name, got[0], got[1])
		}
	}
	w.Clock.Advance(90 * time.Minute)
	if n := count(topic, &city.ID); n != 1 {
		t.Errorf("%d notices after the first is over", n)
	}
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error { return complaints.EndNotice(t.Context(), tx, local.ID) })
	if n := count(topic, &city.ID); n != 0 {
		t.Errorf("%d notices after both are over", n)
	}
	err = w.Try(t, tenants.SystemActor(), func(tx *tenants.Tx) error { return complaints.EndNotice(t.Context(), tx, everywhere.ID) })
	if !fault.Is(err, fault.Conflict) {
		t.Errorf("what is over ends again: %v", err)
	}
	wrong := saved(t, w, func(tx *tenants.Tx) error {
		return complaints.SaveNotice(t.Context(), tx, &complaints.Notice{StartsAt: now, EndsAt: now.Add(-time.Hour)})
	})
	if wrong["text_fa"] == "" || wrong["until"] == "" || wrong["topic"] == "" {
		t.Error(wrong)
	}
}

func TestGuidanceIsCountedAndNoCase(t *testing.T) {
	w := dbtest.New(t)
	topic, other := topicOf(t, w, "pressure").ID, topicOf(t, w, "network").ID
	now := w.DB(t).Now()
	n := complaints.Notice{TopicID: &topic, TextFA: "افت فشار", StartsAt: now, EndsAt: now.Add(time.Hour)}
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		if err := complaints.SaveNotice(t.Context(), tx, &n); err != nil {
			return err
		}
		_, err := complaints.Guide(t.Context(), tx, complaints.Guidance{TopicID: topic, NoticeID: &n.ID, Channel: "web"})
		return err
	})
	rows, _, err := complaints.Notices(t.Context(), w.DB(t), complaints.Cursor{})
	if err != nil || len(rows) != 1 || rows[0].Answered != 1 {
		t.Errorf("%+v %v", rows, err)
	}
	if got, err := complaints.Guided(t.Context(), w.DB(t), now, now.Add(time.Hour)); err != nil || got != 1 {
		t.Errorf("%d guided, %v", got, err)
	}
	err = w.Try(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		_, err := complaints.Guide(t.Context(), tx, complaints.Guidance{TopicID: other, NoticeID: &n.ID, Channel: "web"})
		return err
	})
	if !fault.Is(err, fault.NotFound) {
		t.Errorf("a notice answers what it is not about: %v", err)
	}
	if wrong := saved(t, w, func(tx *tenants.Tx) error {
		_, err := complaints.Guide(t.Context(), tx, complaints.Guidance{Channel: "pigeon"})
		return err
	}); wrong["topic"] == "" || wrong["channel"] == "" {
		t.Error(wrong)
	}
}

func TestNearbyCasesAreThoseOfTheSamePlace(t *testing.T) {
	w := dbtest.New(t)
	topic := topicOf(t, w, "pressure").ID
	in := report(topic, &complaints.Form{})
	in.Place = complaints.Place{Subscription: "۱۲۳۴۵"}
	w.Write(t, tenants.Actor{Kind: tenants.Citizen}, func(tx *tenants.Tx) error {
		_, err := complaints.Register(t.Context(), tx, in)
		return err
	})
	all := tenants.Actor{Kind: tenants.Staff, SeesAll: true}
	found := func(topic int64, p complaints.Place) int {
		db := w.Root.For(w.A)
		defer db.Release()
		list, err := complaints.Nearby(t.Context(), db, all, topic, p, nil)
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	if n := found(topic, complaints.Place{Subscription: "12345"}); n != 1 {
		t.Errorf("%d of the same subscription", n)
	}
	if n := found(topic, complaints.Place{Subscription: "99999"}) + found(topic, complaints.Place{}) + found(topicOf(t, w, "network").ID, complaints.Place{Subscription: "12345"}); n != 0 {
		t.Errorf("%d of other places and topics", n)
	}
	w.Clock.Advance(15 * 24 * time.Hour)
	if n := found(topic, complaints.Place{Subscription: "12345"}); n != 0 {
		t.Errorf("%d long ago", n)
	}
}
