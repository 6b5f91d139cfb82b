// SPDX-License-Identifier: EUPL-1.2

package store

import (
	"errors"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// loseAfterSilence sets how long data that was sent may stay unanswered (tcp(7), TCP_USER_TIMEOUT).
func loseAfterSilence(network, _ string, c syscall.RawConn) error {
	if !strings.HasPrefix(network, "tcp") {
		return nil
	}
	var failed error
	err := c.Control(func(fd uintptr) {
		failed = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(silence.Milliseconds()))
	})
	return errors.Join(err, failed)
}
