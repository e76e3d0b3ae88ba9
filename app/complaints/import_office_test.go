package complaints_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"pasokh/app/apptest/dbtest"
	"pasokh/app/complaints"
	"pasokh/app/files"
	"pasokh/app/sheet"
	"pasokh/app/staff"
	"pasokh/tenants"
)

// importing is a world in which files are imported.
type importing struct {
	*dbtest.World
	t      testing.TB
	store  *files.Store
	who    tenants.Actor
	topics []tenants.Topic
	units  []tenants.Unit
}

func newImporting(t testing.TB) *importing {
	t.Helper()
	w := &importing{World: dbtest.New(t), t: t}
	store, err := files.OpenStore(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	w.store = store
	db := w.DB(t)
	if w.topics, err = tenants.Topics(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	if w.units, err = tenants.Units(t.Context(), db, tenants.UnitExecutive); err != nil {
		t.Fatal(err)
	}
	w.Write(t, tenants.SystemActor(), func(tx *tenants.Tx) error {
		s := &staff.Staff{ID: tenants.NewID(), UserName: "importer", PasswordHash: "x", NameFA: "وارد کننده", NameEN: "Importer", CreatedAt: tx.Now()}
		w.who = tenants.Actor{Kind: tenants.Staff, ID: s.ID, Name: s.NameFA, SeesAll: true}
		return tx.Insert(t.Context(), s)
	})
	return w
}

const headerLine = "نوع,کانال,موضوع,شرح,نام,تلفن همراه,کد ملی,منبع,شماره پیگیری,تاریخ ثبت,واحد,آدرس\n"

// lines are n good lines; the numbers in the source begin with prefix.
func (w *importing) lines(prefix string, n int) string {
	var b strings.Builder
	b.WriteString(headerLine)
	topic := w.calm().Code
	for i := range n {
		fmt.Fprintf(&b, "درخواست,تلفنی,%s,بوی نامطبوع در کوچه از دیروز شماره %d,شهروند %d,0912%07d,,samad,%s%d,۱۴۰۵/۸/۱,,خیابان آزادی %d\n",
			topic, i, i, i/2, prefix, i, i)
	}
	return b.String()
}

// calm is a topic that is not urgent and asks nothing.
func (w *importing) calm() tenants.Topic {
	w.t.Helper()
	db := w.Root.For(w.A)
	defer db.Release()
	forms, err := complaints.FormsByTopic(w.t.Context(), db)
	if err != nil {
		w.t.Fatal(err)
	}
	leaves, _ := complaints.Leaves(w.topics)
	for _, topic := range leaves {
		if !topic.Urgent && !topic.Confidential && len(forms[topic.ID].Questions) == 0 {
			return topic
		}
	}
	for _, topic := range leaves {
		if !topic.Urgent && !topic.Confidential {
			return topic
		}
	}
	w.t.Fatal("no calm topic")
	return tenants.Topic{}
}

func (w *importing) upload(text string) *complaints.Batch {
	w.t.Helper()
	t := w.t
	db := w.DB(t)
	key, err := w.store.Keep(db, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	table, err := sheet.Read(t.Context(), sheet.CSV, []byte(text), "", complaints.SampleRows)
	if err != nil {
		t.Fatal(err)
	}
	var b *complaints.Batch
	w.Write(t, w.who, func(tx *tenants.Tx) (err error) {
		b, err = complaints.Upload(t.Context(), tx, "cases.csv", sheet.CSV, key, table)
		return err
	})
	return b
}

func (w *importing) check(b *complaints.Batch) *complaints.Batch {
	w.t.Helper()
	w.Write(w.t, w.who, func(tx *tenants.Tx) error {
		return complaints.CheckBatch(w.t.Context(), tx, b.ID, b.Mapping.Columns, b.Mapping.Fixed)
	})
	b = w.batch(b)
	db := w.Root.For(w.A)
	defer db.Release()
	if _, err := complaints.RunCheck(w.t.Context(), db, w.store, order(b), quiet); err != nil {
		w.t.Fatal(err)
	}
	return w.batch(b)
}

func (w *importing) order(b *complaints.Batch, tell bool) *complaints.Batch {
	w.t.Helper()
	w.Write(w.t, w.who, func(tx *tenants.Tx) error { return complaints.ImportBatch(w.t.Context(), tx, b.ID, tell) })
	return w.batch(b)
}

func (w *importing) apply(b *complaints.Batch) (string, error) {
	db := w.Root.For(w.A)
	defer db.Release()
	return complaints.RunApply(context.Background(), db, w.store, order(b), w.who, quiet)
}

// imported uploads, checks and imports.
func (w *importing) imported(text string, tell bool) *complaints.Batch {
	w.t.Helper()
	b := w.check(w.upload(text))
	if b.State != complaints.BatchChecked || b.Wrong != 0 {
		w.t.Fatalf("%+v\n%+v", b, w.problems(b))
	}
	b = w.order(b, tell)
	if result, err := w.apply(b); err != nil || result != "applied" {
		w.t.Fatal(result, err)
	}
	return w.batch(b)
}

func (w *importing) batch(b *complaints.Batch) *complaints.Batch {
	w.t.Helper()
	db := w.Root.For(w.A)
	defer db.Release()
	b, err := complaints.BatchByID(w.t.Context(), db, b.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return b
}

func (w *importing) problems(b *complaints.Batch) []complaints.Problem {
	w.t.Helper()
	db := w.Root.For(w.A)
	defer db.Release()
	list, _, err := complaints.Problems(w.t.Context(), db, b.ID, 0, 1000)
	if err != nil {
		w.t.Fatal(err)
	}
	return list
}

func (w *importing) cases(b *complaints.Batch) []complaints.Complaint {
	w.t.Helper()
	db := w.Root.For(w.A)
	defer db.Release()
	var list []complaints.Complaint
	if err := db.Select(&list).Where("c.batch_id = ?", b.ID).Order("c.id").Scan(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	return list
}

func (w *importing) count(kind string) int {
	w.t.Helper()
	db := w.Root.For(w.A)
	defer db.Release()
	n, err := db.Select((*tenants.Task)(nil)).Where("task.kind = ?", kind).Count(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	return int(n)
}

func order(b *complaints.Batch) complaints.BatchOrder {
	return complaints.BatchOrder{BatchID: b.ID, Turn: b.Turn}
}

func quiet(int, int) {}
