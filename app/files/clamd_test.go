package files_test

import (
	"bytes"
	"io"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pasokh/app/apptest"
	"pasokh/app/fault"
	"pasokh/app/files"
)

func scanner(t *testing.T, s *files.Store, address string) *files.Clamd {
	t.Helper()
	d, err := files.ParseClamd(address)
	if err != nil {
		t.Fatal(err)
	}
	s.Scanner = d
	return d
}

func TestInfectedFilesAreRefused(t *testing.T) {
	store, _ := newStore(t)
	socket, stop := apptest.Clamd(t)
	d := scanner(t, store, socket)
	if version, err := d.Ping(t.Context()); err != nil || !strings.HasPrefix(version, "ClamAV") {
		t.Fatalf("%q %v", version, err)
	}
	large := bytes.Repeat([]byte("x"), 9<<20) // more than one part, the end of it infected
	for name, content := range map[string][]byte{"small": []byte("EICAR"), "large": append(large, "EICAR"...)} {
		err := store.Inspect(t.Context(), content)
		if found, ok := files.Infected(err); !ok || found != "Win.Test.EICAR_HDB-1" || fault.As(err).Fields[files.Field] != "file.infected" {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, content := range map[string][]byte{"nothing": {}, "small": []byte("x"), "one part": large[:64<<10], "large": large} {
		if err := store.Inspect(t.Context(), content); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	stop()
	if err := store.Inspect(t.Context(), []byte("x")); !files.Unscanned(err) {
		t.Errorf("while it is away: %v", err)
	}
	if d.Lenient = true; store.Inspect(t.Context(), []byte("x")) != nil {
		t.Error("is refused though it should be taken")
	}
}

// A daemon that says nothing, nonsense, or only a part of it finds nothing good.
func TestADaemonThatMisbehavesIsAway(t *testing.T) {
	for name, reply := range map[string]string{"nothing": "", "silence": "-", "nonsense": "stream: MAYBE\x00", "error": "INSTREAM size limit exceeded. ERROR\x00", "no name": "stream:  FOUND\x00"} {
		socket := filepath.Join(t.TempDir(), "s")
		l, err := net.Listen("unix", socket)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = l.Close() })
		go func() {
			for {
				conn, err := l.Accept()
				if err != nil {
					return
				}
				if reply == "-" {
					continue // holds the line and says nothing
				}
				_, _ = io.CopyN(io.Discard, conn, 10)
				_, _ = io.WriteString(conn, reply)
				_ = conn.Close()
			}
		}()
		store, _ := newStore(t)
		scanner(t, store, socket).Limit = 50 * time.Millisecond
		if err := store.Inspect(t.Context(), []byte("x")); !files.Unscanned(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFilesGoToPrivateAddressesOnly(t *testing.T) {
	for address, good := range map[string]bool{
		"/run/clamav/clamd.ctl": true, "127.0.0.1:3310": true, "[::1]:3310": true, "10.0.0.5:3310": true, "clamav:3310": true,
		"8.8.8.8:3310": false, "[2001:4860::1]:3310": false, "0.0.0.0:3310": false, "169.254.1.1:3310": false, "clamd": false, ":3310": false, "": false, "clamav:": false,
	} {
		if _, err := files.ParseClamd(address); (err == nil) != good {
			t.Errorf("%q: %v", address, err)
		}
	}
}
