// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"os"
	"syscall"
)

// dropCache makes the next read come from the card and not from memory. A file
// that is no device has no such memory to drop.
func dropCache(f *os.File) {
	const flushBuffers = 0x1261 // BLKFLSBUF
	_, _, _ = syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), flushBuffers, 0)
}
