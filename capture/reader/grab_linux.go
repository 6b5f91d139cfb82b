// SPDX-License-Identifier: EUPL-1.2

package reader

import (
	"fmt"
	"os"
	"syscall"
)

// grab opens an input device for this program alone: what a scanner reads never reaches a console
// or a browser. The file does not block, so that it can be closed while it is read.
func grab(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	conn, err := f.SyscallConn()
	if err == nil {
		const eviocgrab = 0x40044590 // _IOW('E', 0x90, int), linux/input.h
		var errno syscall.Errno
		err = conn.Control(func(fd uintptr) { _, _, errno = syscall.Syscall(syscall.SYS_IOCTL, fd, eviocgrab, 1) })
		if errno != 0 {
			err = fmt.Errorf("take %s for this program alone: %w", path, errno)
		}
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}
