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
	c := New(m)
	if !c.Trusted() {
		t.Error("a program that starts again does not trust the time")
	}
	if _, err := c.Hear(time.Now(), time.Second); err != nil {
		t.Fatal(err)
	}
	for _, by := range []time.Duration{20 * 365 * 24 * time.Hour, -40 * 365 * 24 * time.Hour} {
		before, _ := c.Now()
		if err := m.Step(time.Now().Add(by)); err != nil {
			t.Fatal(err)
		}
		if now, known := c.Now(); !known || now.Sub(before) < 0 || now.Sub(before) > 5*time.Second || c.Trusted() {
			t.Errorf("the clock was set by %v: now is %v later, known %v, trusted %v", by, now.Sub(before), known, c.Trusted())
		}
	}
}
