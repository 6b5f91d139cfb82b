// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestCompare: what the machine says before and after a cut, and what is made of it.
func TestCompare(t *testing.T) {
	for name, tt := range map[string]struct{ said, want string }{
		"all there":           {"held a 1\nheld b 2\nwhole 5", ""},
		"one more":            {"held a 1\nheld b 2\nheld c 3\nwhole 5", ""}, // its screen had no time to say so
		"one lost":            {"held b 2\nwhole 5", "capture a was stored and is lost"},
		"one twice":           {"held a 1\nheld a 1\nheld b 2\nwhole 5", "capture a is there twice"},
		"two of one visit":    {"held a 1\nheld b 1\nwhole 5", "2 captures are of 1 visits"},
		"a fault":             {"held a 1\nheld b 2\nfault: registryd says no", "registryd says no"},
		"stored after a look": {"held a 1\nheld b 2\nwhole 5\nflow\nstored c", ""},
	} {
		b := &blackout{all: map[string]bool{"a": true, "b": true}}
		b.reset()
		for line := range strings.Lines(tt.said) {
			fmt.Fprint(b, line)
		}
		got := strings.Join(b.said.faults, "")
		if err := b.compare(); err != nil && got == "" {
			got = err.Error()
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
		if strings.Contains(tt.said, "stored c") != b.all["c"] {
			t.Errorf("%s: stored are %v", name, b.all)
		}
	}
}

// TestSearch finds a photo that lies across the pieces that are read at once.
func TestSearch(t *testing.T) {
	name := filepath.Join(t.TempDir(), "disk")
	for _, at := range []int{0, 1<<20 - 7, 1 << 20, 3<<20 - 1, 3 << 20} {
		b := make([]byte, 4<<20)
		copy(b[at:], planted)
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if found, err := contains(name, planted); !found || err != nil {
			t.Errorf("at %d: %v, %v", at, found, err)
		}
		if found, err := contains(name, planted+"!"); found || err != nil {
			t.Errorf("what is not there: %v, %v", found, err)
		}
	}
}

// TestSearchDisks: a photo in clear on either disk is an error.
func TestSearchDisks(t *testing.T) {
	if _, err := exec.LookPath(mkfs); err != nil {
		t.Skip("e2fsprogs is not installed")
	}
	for _, bad := range append(disks(), "") {
		b := &blackout{dir: t.TempDir(), size: 8 << 20}
		for _, d := range disks() {
			if err := b.format(d); err != nil {
				t.Fatal(err)
			}
		}
		if bad != "" {
			write(t, filepath.Join(b.dir, "x"), planted)
			if err := tool(debugfs, "-w", "-R", "write "+filepath.Join(b.dir, "x")+" x", b.disk(bad)); err != nil {
				t.Fatal(err)
			}
		}
		if err := b.search(); (err != nil) != (bad != "") {
			t.Errorf("photo on %q: %v", bad, err)
		}
	}
}
