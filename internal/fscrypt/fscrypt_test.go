// SPDX-License-Identifier: EUPL-1.2

package fscrypt

import (
	"errors"
	"io/fs"
	"path/filepath"
	"testing"
)

func TestOpenWithoutParent(t *testing.T) {
	if err := Open(filepath.Join(t.TempDir(), "no", "folder"), Key{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Open = %v, want %v", err, fs.ErrNotExist)
	}
}

// TestOpenWhereNothingEncrypts: a file system that was not made for it says so,
// since the caller decides what that means.
func TestOpenWhereNothingEncrypts(t *testing.T) {
	dir := "/dev/shm" // memory is never encrypted
	if err := Open(dir, Key{}); !errors.Is(err, ErrUnsupported) && !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Open(%s) = %v, want %v", dir, err, ErrUnsupported)
	}
}
