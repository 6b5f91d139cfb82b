// SPDX-License-Identifier: EUPL-1.2

package kmod

import (
	"errors"
	"os"
	"strings"

	"golang.org/x/sys/unix"
)

// running is the release of the kernel that runs.
func running() (string, error) {
	var name unix.Utsname
	if err := unix.Uname(&name); err != nil {
		return "", os.NewSyscallError("uname", err)
	}
	return unix.ByteSliceToString(name.Release[:]), nil
}

// insert puts the module of a file into the kernel. That somebody was faster is fine. Packed files
// are unpacked by the kernel, where it can.
func insert(file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	flags := 0
	if !strings.HasSuffix(file, ".ko") {
		flags = unix.MODULE_INIT_COMPRESSED_FILE
	}
	if err := unix.FinitModule(int(f.Fd()), "", flags); err != nil && !errors.Is(err, unix.EEXIST) {
		return os.NewSyscallError("finit_module", err)
	}
	return nil
}
