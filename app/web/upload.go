package web

import (
	"errors"
	"mime/multipart"

	"github.com/gofiber/fiber/v2"

	"pasokh/app/audit"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/tenants"
)

// maxUploads bounds the files of one form, whatever the room allows.
const maxUploads = 10

// receive takes in the files of a form's field and stores their bytes, before
// any transaction. Good files are returned even when another was refused.
func (r *req) receive(f form, field string) (got []*files.Received, refused error) {
	return r.receiveAs(f, field, files.Upload{})
}

// receiveAs is receive with what is accepted and whether originals are kept.
func (r *req) receiveAs(f form, field string, how files.Upload) (got []*files.Received, refused error) {
	sent := f.uploads(field)
	if len(sent) > maxUploads {
		return nil, fault.Field(field, "file.many")
	}
	r.db.Release() // pictures are decoded and written anew: no connection waits for that
	for _, header := range sent {
		one, err := r.receiveOne(header, how)
		switch {
		case err == nil:
			got = append(got, one)
		case !fault.Is(err, fault.Invalid):
			return nil, err
		default:
			refused = fault.Field(field, fault.As(err).Fields[files.Field])
		}
	}
	return got, refused
}

func (r *req) receiveOne(header *multipart.FileHeader, how files.Upload) (*files.Received, error) {
	body, err := header.Open()
	if err != nil {
		return nil, fault.Wrap(err, "web.receive")
	}
	defer body.Close() //nolint:errcheck // read only
	how.Name, how.Body = header.Filename, body
	got, err := r.w.Files.Receive(r.db, how)
	return got, r.infected(err)
}

// infected puts it on record that a file was refused for what is in it.
func (r *req) infected(err error) error {
	found, ok := files.Infected(err)
	if !ok {
		return err
	}
	return errors.Join(r.write(func(tx *tenants.Tx) error {
		return audit.Record(r.ctx, tx, "file.infected", "route", 0, r.route.Method+" "+r.route.Pattern+" "+found)
	}), err)
}

// saveFiles writes the rows of received files in the transaction of their act.
func (r *req) saveFiles(tx *tenants.Tx, got []*files.Received, to files.Place) error {
	for _, one := range got {
		if _, err := files.Save(r.ctx, tx, one, to); err != nil {
			return err
		}
	}
	return nil
}

// sendFile streams a stored file. The caller has judged the right to it. A
// browser must not run it, whatever it is: pictures are shown, all else is
// saved.
func (r *req) sendFile(f *files.File) error {
	body, err := r.w.Files.Open(f)
	if err != nil {
		return err
	}
	h := r.c
	h.Set(fiber.HeaderContentType, f.MediaType)
	h.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	h.Set(fiber.HeaderContentSecurityPolicy, "default-src 'none'; sandbox")
	h.Set(fiber.HeaderCacheControl, "private, no-store")
	h.Set(fiber.HeaderContentDisposition, saved(f.Name))
	if f.IsImage() || f.Sound() {
		h.Set(fiber.HeaderContentDisposition, "inline")
	}
	return h.SendStream(body, int(f.Size))
}
