// SPDX-License-Identifier: EUPL-1.2

package clock

import (
	"os"
	"testing"
	"time"
)

// TestLabMachine sets the clock of a real kernel, which nothing else depends on.
func TestLabMachine(t *testing.T) {
	if os.Getenv("FOTOBOX_LAB") != "1" {
		t.Skip("sets the machine's clock: runs in the lab only (make lab)")
	}
	var m Machine
	if m.Synchronised() {
		t.Error("a kernel that has just started says that its time is true")
	}
	to := time.Date(2031, 5, 6, 7, 8, 9, 0, time.UTC)
	if err := m.Step(to); err != nil {
		t.Fatal(err)
	}
	if off := time.Since(to); off < 0 || off > 5*time.Second {
		t.Errorf("the clock is off by %v", off)
	}
	if err := m.Slew(-3 * time.Second); err != nil {
		t.Error(err)
	}
	if !m.Synchronised() {
		t.Error("the kernel has forgotten that its time is true")
	}
	if !New(m).Trusted() {
		t.Error("a program that starts again does not trust the time")
	}
}
