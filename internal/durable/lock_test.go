// SPDX-License-Identifier: EUPL-1.2

package durable

import (
	"errors"
	"testing"
)

func TestLock(t *testing.T) {
	path := t.TempDir()
	open := func() *Dir {
		d, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { d.Close() })
		return d
	}
	first, second := open(), open()
	unlock, err := first.Lock()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := second.Lock(); !errors.Is(err, ErrLocked) {
		t.Errorf("the second lock: got %v, want ErrLocked", err)
	}
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
	if _, err := second.Lock(); err != nil {
		t.Errorf("after the first let go: %v", err)
	}
}
