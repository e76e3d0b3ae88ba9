package tenants

import "syscall"

// tcpUserTimeout is TCP_USER_TIMEOUT of Linux, in milliseconds: after so long
// without a word that what was sent has arrived, the connection is over.
const tcpUserTimeout = 18

// giveUpUnheard ends connections whose other side has vanished without a word,
// whoever waits on them; a server that is busy still says that it has heard.
func giveUpUnheard(_, _ string, raw syscall.RawConn) error {
	var err error
	if wrong := raw.Control(func(fd uintptr) {
		err = syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, tcpUserTimeout, int(dialTime.Milliseconds()))
	}); wrong != nil {
		return wrong
	}
	return err
}
