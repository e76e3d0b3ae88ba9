package web

import (
	"archive/zip"
	"bufio"
	"context"
	"encoding/json"
	"io"
	"path"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"pasokh/app/audit"
	"pasokh/app/complaints"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/privacy"
	"pasokh/tenants"
	"pasokh/views"
	"pasokh/views/parts"
)

const (
	myDataPath = "/my/data"
	// myExportTime is how long a slow reader may take for the file.
	myExportTime = 10 * time.Minute
)

// myData shows the signed-in number everything that is held of it.
func (w *web) myData(r *req) error {
	m, err := r.heldOf(r.db)
	if err != nil {
		return err
	}
	return r.page(parts.Citizen, r.frame("mydata.title"), views.MyDataPage(r.frame("mydata.title"), m))
}

func (r *req) heldOf(db tenants.Reader) (*views.MyData, error) {
	h, err := privacy.HeldOf(r.ctx, db, r.principal.mobile)
	if err != nil {
		return nil, err
	}
	topics, err := complaints.AllTopics(r.ctx, db)
	if err != nil {
		return nil, err
	}
	m := &views.MyData{Held: h, Topics: map[int64]string{}, At: db.Now(), Organization: r.in(r.tenant.NameFA, r.tenant.NameEN)}
	for _, t := range topics {
		m.Topics[t.ID] = r.in(t.NameFA, t.NameEN)
	}
	return m, nil
}

// ownPerson is the person of a form, who must be one of the signed-in number.
func (r *req) ownPerson(id int64) error {
	h, err := privacy.HeldOf(r.ctx, r.db, r.principal.mobile)
	if err != nil {
		return err
	}
	for i := range h.People {
		if h.People[i].ID == id {
			r.principal.actor.ID = id
			return nil
		}
	}
	return fault.New(fault.NotFound, "error.not_found")
}

// myErasureCreate asks to be forgotten.
func (w *web) myErasureCreate(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	id := f.id("person")
	if err := r.ownPerson(id); err != nil {
		return err
	}
	if !f.yes("sure") {
		return r.myDataAgain(fault.Field("sure", "mydata.error.sure"))
	}
	err = r.write(func(tx *tenants.Tx) error {
		_, err := privacy.Ask(r.ctx, tx, id)
		return err
	})
	if err != nil {
		return err
	}
	r.flash(parts.Success, "mydata.asked")
	return r.done(myDataPath)
}

func (r *req) myDataAgain(cause error) error {
	m, err := r.heldOf(r.db)
	if err != nil {
		return err
	}
	m.Errors = views.ErrorsOf(cause)
	p := r.frame("mydata.title")
	return r.again(cause, parts.Citizen, p, views.MyDataPage(p, m))
}

// myErasureWithdraw takes the wish back.
func (w *web) myErasureWithdraw(r *req) error {
	f, err := r.form()
	if err != nil {
		return err
	}
	q, err := privacy.ByID(r.ctx, r.db, f.id("request"))
	if err != nil {
		return err
	}
	if err := r.ownPerson(q.CitizenID); err != nil {
		return err
	}
	if err := r.write(func(tx *tenants.Tx) error { return privacy.Withdraw(r.ctx, tx, q.ID) }); err != nil {
		return err
	}
	r.flash(parts.Success, "mydata.withdrawn")
	return r.done(myDataPath)
}

// myExportCreate sends everything as one file. That it was taken is on record
// before the first byte leaves.
func (w *web) myExportCreate(r *req) error {
	if err := r.count(limitExport, r.principal.mobile); err != nil {
		return err
	}
	m, err := r.heldOf(r.db)
	if err != nil {
		return err
	}
	err = r.write(func(tx *tenants.Tx) error {
		for i := range m.Held.People {
			if err := audit.Record(r.ctx, tx, "citizen.exported", "citizen", m.Held.People[i].ID, ""); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	r.c.Set(fiber.HeaderContentType, "application/zip")
	r.c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	r.c.Set(fiber.HeaderCacheControl, "private, no-store")
	r.c.Set(fiber.HeaderContentDisposition, `attachment; filename="my-data.zip"`)
	x := &myExport{words: r.outliving(), data: m}
	r.c.Context().SetBodyStreamWriter(x.send)
	return nil
}

// myExport is a file that is being sent; it holds nothing of its request.
type myExport struct {
	words *req
	data  *views.MyData
}

func (x *myExport) send(out *bufio.Writer) {
	ctx, cancel := context.WithTimeout(x.words.ctx, myExportTime)
	defer cancel()
	archive := zip.NewWriter(out)
	for _, write := range []func(context.Context, *zip.Writer) error{x.machine, x.readable, x.files} {
		if err := write(ctx, archive); err != nil {
			x.words.w.Log.Error("the export of a citizen was cut short", "error", err)
			return // without its end the archive does not open
		}
	}
	_ = archive.Close()
	_ = out.Flush()
}

func (x *myExport) machine(_ context.Context, archive *zip.Writer) error {
	f, err := archive.Create("data.json")
	if err != nil {
		return err
	}
	e := json.NewEncoder(f)
	e.SetIndent("", "  ")
	return e.Encode(x.data.Document(exportName))
}

func (x *myExport) readable(ctx context.Context, archive *zip.Writer) error {
	f, err := archive.Create("index.html")
	if err != nil {
		return err
	}
	return views.MyDataFile(x.data, exportName).Render(ctx, f)
}

// exportName is where a file lies in the archive; never a name that somebody typed.
func exportName(f *files.File) string {
	return "files/" + strconv.FormatInt(f.ID, 10) + path.Ext(f.Name)
}

func (x *myExport) files(ctx context.Context, archive *zip.Writer) error {
	list := x.data.Held.Files()
	for i := range list {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := x.file(archive, &list[i]); err != nil {
			return err
		}
	}
	return nil
}

func (x *myExport) file(archive *zip.Writer, f *files.File) error {
	from, err := x.words.w.Files.Open(f)
	if err != nil {
		return err
	}
	defer from.Close() //nolint:errcheck // only read
	to, err := archive.CreateHeader(&zip.FileHeader{Name: exportName(f), Method: zip.Store, Modified: f.CreatedAt})
	if err != nil {
		return err
	}
	_, err = io.Copy(to, from)
	return err
}
