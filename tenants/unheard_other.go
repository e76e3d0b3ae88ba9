//go:build !linux

package tenants

import "syscall"

func giveUpUnheard(_, _ string, _ syscall.RawConn) error { return nil }
