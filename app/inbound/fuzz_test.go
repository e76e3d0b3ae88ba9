package inbound_test

import (
	"testing"

	"pasokh/app/fault"
	"pasokh/app/files"
	"pasokh/app/inbound"
)

// A mail is read within its bounds or refused as none.
func FuzzReadLetter(f *testing.F) {
	head := "From: a@example.ir\r\nMessage-ID: <1@x>\r\nMIME-Version: 1.0\r\n"
	for _, seed := range []string{
		head + "\r\nhello", head + "Content-Type: text/html\r\n\r\n<p>x<script>y</script>", head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b\r\nContent-Disposition: attachment; filename=a.pdf\r\n\r\n%PDF-\r\n--b--\r\n",
		head + "Subject: =?utf-8?b?AAAA?=\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!", head + "Content-Type: text/plain; charset=windows-1256\r\n\r\n\xe4\xc7\xe3", "From: \xff\r\n\r\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		l, err := inbound.ReadLetter(raw)
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Fatalf("%v is no error of a field", err)
			}
			return
		}
		if l.ID == "" || len(l.Files) > files.CitizenFiles {
			t.Fatalf("%+v", l)
		}
	})
}
