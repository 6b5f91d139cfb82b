// SPDX-License-Identifier: EUPL-1.2

//go:build !linux

package main

import (
	"syscall"
	"time"
)

// loseAfter does nothing: only Linux has the setting.
func loseAfter(syscall.RawConn, time.Duration) error { return nil }
