package apptest

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"path/filepath"
	"testing"
)

// Clamd is a daemon that finds a virus in whatever holds the word EICAR, and
// gives the socket where it listens until the test ends. It reads the protocol
// strictly, so that a mistake of ours is an error of the test.
func Clamd(t testing.TB) (socket string, stop func()) {
	t.Helper()
	socket = filepath.Join(t.TempDir(), "clamd.sock")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	stop = func() { _ = l.Close() }
	t.Cleanup(stop)
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close() //nolint:errcheck // a test
				_, _ = io.WriteString(conn, answer(conn)+"\x00")
			}()
		}
	}()
	return socket, stop
}

// answer reads one command and its stream.
func answer(conn io.Reader) string {
	var command []byte
	for one := make([]byte, 1); ; command = append(command, one[0]) {
		if _, err := io.ReadFull(conn, one); err != nil || len(command) > 20 {
			return "UNKNOWN COMMAND"
		}
		if one[0] == 0 {
			break
		}
	}
	switch string(command) {
	case "zVERSION":
		return "ClamAV 1.4.2/27463/test"
	case "zINSTREAM":
		return judge(conn)
	}
	return "UNKNOWN COMMAND"
}

func judge(conn io.Reader) string {
	var content []byte
	for {
		var size uint32
		if err := binary.Read(conn, binary.BigEndian, &size); err != nil || size > 25<<20 {
			return "INSTREAM size limit exceeded. ERROR"
		}
		if size == 0 {
			break
		}
		part := make([]byte, size)
		if _, err := io.ReadFull(conn, part); err != nil {
			return "stream: ERROR"
		}
		content = append(content, part...)
	}
	if bytes.Contains(content, []byte("EICAR")) {
		return "stream: Win.Test.EICAR_HDB-1 FOUND"
	}
	return "stream: OK"
}
