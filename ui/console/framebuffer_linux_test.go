// SPDX-License-Identifier: EUPL-1.2

package console

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"unsafe"
)

// TestSizes: the kernel writes as many bytes as its structures have (linux/fb.h).
func TestSizes(t *testing.T) {
	if got := unsafe.Sizeof(variable{}); got != 160 {
		t.Errorf("fb_var_screeninfo: %d bytes, want 160", got)
	}
	if got, at := unsafe.Sizeof(fixedInfo{}), unsafe.Offsetof(fixedInfo{}.LineLength); strconv.IntSize == 64 && (got != 80 || at != 48) {
		t.Errorf("fb_fix_screeninfo: %d bytes, line_length at %d, want 80 and 48", got, at)
	}
}

func TestNoFramebuffer(t *testing.T) {
	none := filepath.Join(t.TempDir(), "fb0")
	if _, err := OpenFramebuffer(none, "/dev/null"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no file: got %v, want fs.ErrNotExist", err)
	}
	if err := os.WriteFile(none, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	fb, err := OpenFramebuffer(none, "/dev/null")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fb.Format(); err == nil {
		t.Error("a plain file has a screen's format")
	}
	if err := fb.Close(); err != nil {
		t.Error(err)
	}
}
