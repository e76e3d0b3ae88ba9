package web

import (
	"mime"
	"mime/multipart"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"pasokh/app/fault"
	"pasokh/app/persian"
)

// form is what somebody sent, field by field. Handlers name every field they
// take; nothing is ever bound into a row type. Rooms validate: they accept
// Persian digits, spaces and dashes by themselves.
type form struct {
	values url.Values
	files  map[string][]*multipart.FileHeader
}

var errMedia = fault.New(fault.Invalid, "error.media_type")

// form reads the body: an HTML form with or without files, nothing else.
func (r *req) form() (form, error) {
	kind, _, err := mime.ParseMediaType(r.c.Get(fiber.HeaderContentType))
	if err != nil {
		return form{}, errMedia
	}
	switch kind {
	case fiber.MIMEApplicationForm:
		values, err := url.ParseQuery(string(r.c.Body()))
		if err != nil {
			return form{}, errMedia
		}
		return form{values: values}, nil
	case fiber.MIMEMultipartForm:
		m, err := r.c.MultipartForm()
		if err != nil {
			return form{}, errMedia
		}
		return form{values: m.Value, files: m.File}, nil
	}
	return form{}, errMedia
}

// text is a field as typed, without spaces around it and without characters
// that no keyboard writes; empty when it is missing.
func (f form) text(name string) string { return clean(f.values.Get(name)) }

// raw is a field exactly as sent: passwords only.
func (f form) raw(name string) string { return f.values.Get(name) }

// id is a field that names a row; 0 when it does not.
func (f form) id(name string) int64 {
	id, err := strconv.ParseInt(f.text(name), 10, 64)
	if err != nil || id < 0 {
		return 0
	}
	return id
}

// number is a field with a whole number in any digits; 0 and false when it is
// none.
func (f form) number(name string) (int, bool) {
	n, err := strconv.Atoi(persian.ToASCII(f.text(name)))
	return n, err == nil
}

// yes tells whether a checkbox was ticked.
func (f form) yes(name string) bool { return f.text(name) != "" }

// list is every value of a field that may come several times.
func (f form) list(name string) []string {
	var all []string
	for _, v := range f.values[name] {
		if v = clean(v); v != "" {
			all = append(all, v)
		}
	}
	return all
}

// uploads are the files of a field; a file field left empty gives none.
func (f form) uploads(name string) []*multipart.FileHeader {
	var all []*multipart.FileHeader
	for _, h := range f.files[name] {
		if h.Size > 0 || h.Filename != "" {
			all = append(all, h)
		}
	}
	return all
}

// clean drops what databases and pages cannot carry: broken UTF-8 and control
// characters other than line breaks and tabs.
func clean(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\r\n", "\n")
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}

// lastMicro is the end of the year 9999, in microseconds since 1970: no database
// and no calendar of ours goes further.
const lastMicro = 253_402_300_799_999_999

// instant is the moment so many microseconds after 1970, in UTC, brought into
// what a database can hold: addresses say anything.
func instant(micros int64) time.Time {
	return time.UnixMicro(min(max(micros, 0), lastMicro)).UTC()
}
