// SPDX-License-Identifier: EUPL-1.2

package outbox

import (
	"bytes"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// small mounts a file system of 1 MB in memory.
func small(t *testing.T) string {
	t.Helper()
	path := t.TempDir()
	if err := syscall.Mount("tmpfs", path, "tmpfs", 0, "size=1m"); err != nil {
		t.Skipf("the full disk needs the right to mount a tmpfs: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(path, 0); err != nil {
			t.Errorf("unmount: %v", err)
		}
	})
	return path
}

// TestFullDisk fills the disk with envelopes: the one that does not fit is ErrFull, and nothing
// that was stored before is lost.
func TestFullDisk(t *testing.T) {
	path := small(t)
	o := mustOpen(t, path)
	stored, err := fill(o)
	if !errors.Is(err, ErrFull) || len(stored) < 5 {
		t.Fatalf("after %d envelopes the error is %v, want ErrFull after more", len(stored), err)
	}
	check := func(when string, o *Outbox, pending int) {
		t.Helper()
		for n, i := range stored {
			if got, want := stateOf(t, o, i).pending, n >= len(stored)-pending; got != want {
				t.Errorf("%s: item %d is pending: %v, want %v", when, n, got, want)
			}
		}
	}
	check("full", o, len(stored))

	// Somebody else takes the last block: the receipt still finds room, and its envelope makes more.
	stuff(t, filepath.Join(path, "log"))
	if err := o.Sent(stored[0], []byte("receipt")); err != nil {
		t.Fatalf("keep a receipt on a full disk: %v", err)
	}
	check("one sent", o, len(stored)-1)
	if !o.has(".", ballast) {
		t.Error("the ballast was not put back")
	}
	if err := o.Close(); err != nil {
		t.Error(err)
	}
	stuff(t, filepath.Join(path, "log2"))
	again := mustOpen(t, path)
	check("reopened, full", again, len(stored)-1)
	if err := again.Refuse(stored[1], "409 Conflict"); err != nil {
		t.Errorf("refuse on a full disk: %v", err)
	}
	if lost, err := again.Expire(stored[len(stored)-1].Expires()); err != nil || lost != len(stored)-1 {
		t.Errorf("Expire on a full disk = %d, %v, want %d", lost, err, len(stored)-1)
	}
	if err := again.Close(); err != nil {
		t.Error(err)
	}
}

// mustOpen opens without a cleanup: the tests close before the file system goes away.
func mustOpen(t *testing.T, path string) *Outbox {
	t.Helper()
	o, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// fill puts envelopes until one fails.
func fill(o *Outbox) (stored []Item, err error) {
	for n := range byte(200) {
		i := item(n, morning.Add(time.Duration(n)*time.Minute))
		if err := o.Put(i, bytes.NewReader(sealed(i))); err != nil {
			return stored, err
		}
		stored = append(stored, i)
	}
	return stored, nil
}

// stuff writes a file until the disk is full to its last block.
func stuff(t *testing.T, name string) {
	t.Helper()
	f, err := os.Create(name)
	if err != nil {
		if errors.Is(err, syscall.ENOSPC) {
			return
		}
		t.Fatal(err)
	}
	defer f.Close()
	block := make([]byte, 512)
	_, _ = rand.Read(block)
	for {
		if _, err := f.Write(block); err != nil {
			if !errors.Is(err, syscall.ENOSPC) {
				t.Fatal(err)
			}
			return
		}
	}
}
