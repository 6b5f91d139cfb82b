// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// loseAfter sets how long data that was sent may stay unanswered (tcp(7), TCP_USER_TIMEOUT).
func loseAfter(c syscall.RawConn, d time.Duration) error {
	var failed error
	err := c.Control(func(fd uintptr) {
		failed = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(d.Milliseconds()))
	})
	if err != nil {
		return err
	}
	return os.NewSyscallError("setsockopt", failed)
}
