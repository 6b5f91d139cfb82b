// SPDX-License-Identifier: EUPL-1.2

package durabletest

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// Small mounts a file system in memory with room for so many bytes and returns where. A test
// without the right to mount is skipped.
func Small(t testing.TB, size string) string {
	t.Helper()
	path, err := os.MkdirTemp("", "small") // t.TempDir is closed to a database's own user
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.Remove(path) })
	if err := syscall.Mount("tmpfs", path, "tmpfs", 0, "mode=0700,size="+size); err != nil {
		t.Skipf("a full disk needs the right to mount a tmpfs: %v", err)
	}
	t.Cleanup(func() { unmount(t, path) })
	return path
}

// Leave makes the disk of Small so large that so many bytes are free.
func Leave(t testing.TB, path string, free int64) {
	t.Helper()
	var disk syscall.Statfs_t
	err := syscall.Statfs(path, &disk)
	if err == nil {
		used := int64(disk.Blocks-disk.Bfree) * disk.Bsize
		err = syscall.Mount("", path, "", syscall.MS_REMOUNT, fmt.Sprint("size=", used+free))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Ext4 mounts a file system of 4 MiB as the appliance has it and returns where: it gives room to
// a file not when it is written but when it is synced. A test without the right to mount is skipped.
func Ext4(t testing.TB) string {
	t.Helper()
	image, path := filepath.Join(t.TempDir(), "image"), t.TempDir()
	if err := os.WriteFile(image, make([]byte, 4<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	// No reserve: the tests may be root, who would be given it.
	if out, err := exec.Command("mkfs.ext4", "-q", "-m", "0", image).CombinedOutput(); err != nil {
		t.Skipf("a full ext4 needs mkfs.ext4: %v %s", err, out)
	}
	if out, err := exec.Command("mount", "-o", "loop", image, path).CombinedOutput(); err != nil {
		t.Skipf("a full ext4 needs the right to mount: %v %s", err, out)
	}
	t.Cleanup(func() { unmount(t, path) })
	return path
}

func unmount(t testing.TB, path string) {
	if err := syscall.Unmount(path, 0); err != nil {
		t.Errorf("unmount: %v", err)
	}
}

// Stuff writes a file until the disk is full to its last block, then cuts it so that so many
// bytes are free.
func Stuff(t testing.TB, name string, free int64) {
	t.Helper()
	f, err := os.Create(name)
	if err != nil {
		if free == 0 && errors.Is(err, syscall.ENOSPC) {
			return
		}
		t.Fatal(err)
	}
	defer f.Close()
	block := make([]byte, 1024)
	_, _ = rand.Read(block)
	for err == nil {
		if _, err = f.Write(block); err == nil {
			continue
		}
		if !errors.Is(err, syscall.ENOSPC) {
			t.Fatal(err)
		}
	}
	size, err := f.Seek(0, 2)
	if err == nil {
		err = f.Truncate(max(0, size-free))
	}
	if err := errors.Join(err, f.Sync()); err != nil && !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
}
