// SPDX-License-Identifier: EUPL-1.2

package panel

import (
	"fmt"
	"os"
	"syscall"
	"testing"
)

// TestApart: what is closed apart stays open for everybody else, also when the main thread was asked,
// and whose files are then still the program's.
func TestApart(t *testing.T) {
	f, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	fd := int(f.Fd())
	main := 0
	for range 200 {
		done := make(chan error, 1)
		go apart(func() {
			if syscall.Gettid() == syscall.Getpid() {
				main++
			}
			if err := syscall.Close(fd); err != nil {
				t.Errorf("close apart: %v", err)
			}
		}, done)
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	if main > 0 {
		t.Errorf("the main thread was given a table of its own %d times", main)
	}
	if _, err := f.Stat(); err != nil {
		t.Errorf("the program's own descriptor: %v", err)
	}
	later, err := os.Open(os.DevNull)
	if err != nil {
		t.Fatal(err)
	}
	defer later.Close()
	if _, err := os.Readlink(fmt.Sprintf("/proc/self/fd/%d", later.Fd())); err != nil {
		t.Errorf("the main thread does not see what is opened later: %v", err)
	}
}
