// SPDX-License-Identifier: EUPL-1.2

package usbsim

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func needLab(t *testing.T) {
	t.Helper()
	if os.Getenv("FOTOBOX_LAB") == "" {
		t.Skip("needs the lab: make lab")
	}
}

// named waits until a file of the pattern holds the name, or none does any more.
func named(t *testing.T, pattern, name string, want bool) string {
	t.Helper()
	for range 500 {
		found := ""
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if b, err := os.ReadFile(f); err == nil && strings.TrimSpace(string(b)) == name {
				found = f
			}
		}
		if (found != "") == want {
			return found
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("%s with the name %q: want %t", pattern, name, want)
	return ""
}

// TestLabCamera: the kernel's own driver takes the camera, both kinds, again and again.
func TestLabCamera(t *testing.T) {
	needLab(t)
	for i := range 4 {
		c := testCamera()
		c.Iso = i%2 == 1
		p, err := Plug(c, HighSpeed, nil)
		if err != nil {
			t.Fatal(err)
		}
		named(t, "/sys/class/video4linux/*/name", "Lab camera: Lab camera", true)
		p.Unplug()
		named(t, "/sys/class/video4linux/*/name", "Lab camera: Lab camera", false)
	}
}

// TestLabScanner: the keys of a code arrive in order at the input device.
func TestLabScanner(t *testing.T) {
	needLab(t)
	s := &Scanner{Vendor: 0x05e0, Product: 0x1200, Name: "Lab scanner"}
	p, err := Plug(s, FullSpeed, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Unplug()
	node := filepath.Base(filepath.Dir(filepath.Dir(named(t, "/sys/class/input/event*/device/name", "Lab Lab scanner", true))))
	f, err := os.Open("/dev/input/" + node)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	go s.Scan("Ab1", time.Millisecond)
	const typeKey, pressed = 1, 1
	var keys []uint16
	for event := make([]byte, 24); len(keys) < 5; {
		if _, err := f.Read(event); err != nil {
			t.Fatal(err)
		}
		if le := binary.LittleEndian; le.Uint16(event[16:]) == typeKey && le.Uint32(event[20:]) == pressed {
			keys = append(keys, le.Uint16(event[18:]))
		}
	}
	want := []uint16{42, 30, 48, 2, 28} // shift, A, B, 1, enter
	for i, k := range keys {
		if k != want[i] {
			t.Fatalf("keys %v, want %v", keys, want)
		}
	}
}
