package web

import (
	"bytes"
	"encoding/json"
	"mime"
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"

	"pasokh/app/carriers"
	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/inbound"
	"pasokh/tenants"
)

// The other side of a door calls these addresses. The word in the address is all
// that proves it; a wrong one is like none.

var (
	limitHook      = limit{"hook", 600, time.Minute, false}      // door
	limitHookVoice = limit{"hook_voice", 60, time.Minute, false} // door
)

// hookForm is what a machine sent: in the address, as a form or as JSON.
func (r *req) hookForm() (form, error) {
	values := url.Values{}
	for key, value := range r.c.Queries() {
		values.Set(key, value)
	}
	kind, _, err := mime.ParseMediaType(r.c.Get(fiber.HeaderContentType))
	if err != nil && len(r.c.Body()) > 0 {
		return form{}, errMedia
	}
	f := form{values: values}
	switch kind {
	case fiber.MIMEApplicationJSON:
		var fields map[string]any
		body := json.NewDecoder(bytes.NewReader(r.c.Body()))
		body.UseNumber() // a long number of a message keeps all its digits
		if err := body.Decode(&fields); err != nil {
			return form{}, errMedia
		}
		for key, value := range fields {
			values.Set(key, jsonText(value))
		}
	case fiber.MIMEApplicationForm, fiber.MIMEMultipartForm:
		sent, err := r.form()
		if err != nil {
			return form{}, err
		}
		for key, list := range sent.values {
			values[key] = list
		}
		f.files = sent.files
	}
	return f, nil
}

func jsonText(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

// first is the first of the names that a provider uses for one field.
func (f form) first(names ...string) string {
	for _, name := range names {
		if v := f.text(name); v != "" {
			return v
		}
	}
	return ""
}

// hookDoor finds the door behind the word, and refuses floods.
func (r *req) hookDoor(kind string, l limit) (*inbound.Door, error) {
	if err := r.limited(limitMisses, r.ip()); err != nil {
		return nil, err
	}
	d, err := inbound.DoorByWord(r.ctx, r.db, kind, r.c.Params("token"))
	if fault.Is(err, fault.NotFound) {
		if err := r.count(limitMisses, r.ip()); err != nil {
			return nil, err
		}
	}
	if err != nil {
		return nil, err
	}
	return d, r.count(l, idText(d.ID))
}

// received answers a machine: the same whether it came for the first time or again.
func (r *req) received() error { return r.c.SendStatus(fiber.StatusNoContent) }

// hookSMS takes a text message that a gateway brings.
func (w *web) hookSMS(r *req) error {
	d, err := r.hookDoor(inbound.SMS, limitHook)
	if err != nil {
		return err
	}
	f, err := r.hookForm()
	if err != nil {
		return err
	}
	in := carriers.Incoming{
		ID: f.first("messageid", "messageId", "MsgID", "id"), From: f.first("from", "sender", "mobile"),
		To: f.first("to", "receptor", "lineNumber", "number"), Text: f.first("message", "messageText", "text", "body"),
	}
	if in.From == "" {
		return fault.Field("from", "inbound.error.caller")
	}
	err = r.write(func(tx *tenants.Tx) error {
		_, err := inbound.Take(r.ctx, tx, d, in)
		return err
	})
	if err != nil {
		return err
	}
	return r.received()
}

// hookCall tells the operators that somebody calls.
func (w *web) hookCall(r *req) error {
	d, err := r.hookDoor(inbound.Calls, limitHook)
	if err != nil {
		return err
	}
	f, err := r.hookForm()
	if err != nil {
		return err
	}
	key, caller, extension := f.first("id", "uniqueid", "call_id"), f.first("caller", "callerid", "from", "src"), f.first("extension", "ext", "dst", "to")
	err = r.write(func(tx *tenants.Tx) error {
		_, err := inbound.Ring(r.ctx, tx, d, key, caller, extension)
		return err
	})
	if err != nil {
		return err
	}
	return r.received()
}

// hookVoicemail takes a voice message that the exchange recorded.
func (w *web) hookVoicemail(r *req) error {
	d, err := r.hookDoor(inbound.Voicemail, limitHookVoice)
	if err != nil {
		return err
	}
	f, err := r.hookForm()
	if err != nil {
		return err
	}
	var sound *files.Received
	for _, name := range []string{"file", "audio", "recording"} {
		if len(f.uploads(name)) == 0 {
			continue
		}
		got, err := r.receiveAs(f, name, files.Upload{Accept: files.Sounds})
		if err != nil {
			return err
		}
		sound = got[0]
		break
	}
	if sound == nil {
		return fault.Field(files.Field, "file.empty")
	}
	key, caller, text := f.first("id", "uniqueid", "call_id"), f.first("caller", "callerid", "from", "src"), f.first("text", "transcript")
	err = r.write(func(tx *tenants.Tx) error {
		return inbound.TakeVoice(r.ctx, tx, d, inbound.Voice{Key: key, Caller: caller, Text: text, Sound: sound})
	})
	if err != nil {
		return err
	}
	return r.received()
}

// hookMail takes a mail as a mail server passes it on: the whole of it as the body.
func (w *web) hookMail(r *req) error {
	d, err := r.hookDoor(inbound.Mail, limitHookVoice)
	if err != nil {
		return err
	}
	l, err := inbound.ReadLetter(r.c.Body())
	if err != nil {
		return err
	}
	r.db.Release() // pictures are decoded and written anew
	got, err := l.Receive(r.db, w.Files)
	if files.Unscanned(err) {
		return errUnavailable // the mail server comes again
	}
	if err != nil {
		return err
	}
	if err := r.write(func(tx *tenants.Tx) error { return inbound.TakeLetter(r.ctx, tx, d, l, got) }); err != nil {
		return err
	}
	return r.received()
}
