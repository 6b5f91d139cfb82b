// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"errors"
	"fmt"
	"syscall"
	"testing"
)

// smallDisk mounts a disk of its own for the test.
func smallDisk(t *testing.T, size string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "mode=0700,size="+size)
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EACCES) {
		t.Skipf("mounting a small disk is not allowed here: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// room leaves so many bytes free on the disk.
func room(t *testing.T, dir string, free int64) {
	t.Helper()
	var fs syscall.Statfs_t
	err := syscall.Statfs(dir, &fs)
	if err == nil {
		used := int64(fs.Blocks-fs.Bfree) * fs.Bsize
		err = syscall.Mount("", dir, "", syscall.MS_REMOUNT, fmt.Sprint("size=", used+free))
	}
	if err != nil {
		t.Fatal(err)
	}
}
