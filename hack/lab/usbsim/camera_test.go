// SPDX-License-Identifier: EUPL-1.2

package usbsim

import (
	"bytes"
	"encoding/binary"
	"testing"
)

func testCamera() *Camera {
	return &Camera{Vendor: 0x1209, Product: 1, Name: "Lab camera",
		MJPEG: []Size{{640, 480, []int{30, 15}}, {1920, 1080, []int{15}}},
		YUY2:  []Size{{640, 480, []int{10}}},
		Frame: func(m Mode, n int) []byte { return bytes.Repeat([]byte{byte(n + 1)}, m.W) }}
}

// TestDescriptorLengths walks the descriptors by their own lengths: a wrong one
// makes the kernel drop the device with a message that names no place.
func TestDescriptorLengths(t *testing.T) {
	iso := testCamera()
	iso.Iso = true
	for name, f := range map[string]Function{"camera": testCamera(), "iso camera": iso, "scanner": &Scanner{}} {
		device, config := f.Descriptors()
		if len(device) != 18 {
			t.Errorf("%s: device descriptor of %d bytes, want 18", name, len(device))
		}
		if total := int(binary.LittleEndian.Uint16(config[2:])); total != len(config) {
			t.Errorf("%s: configuration of %d bytes says %d", name, len(config), total)
		}
		endpoints := 0
		for b := config; len(b) > 0; b = b[b[0]:] {
			if int(b[0]) > len(b) || b[0] < 2 {
				t.Fatalf("%s: a descriptor of %d bytes, %d left", name, b[0], len(b))
			}
			if b[1] == 5 {
				endpoints++
			}
		}
		if endpoints != 1 {
			t.Errorf("%s: %d endpoints, want 1", name, endpoints)
		}
	}
}

func TestControls(t *testing.T) {
	c := testCamera()
	ask := func(request byte, id uint16, out ...byte) ([]byte, Answer) {
		kind := byte(0x21)
		if request&0x80 != 0 {
			kind = 0xa1
		}
		return c.Control(Setup{Type: kind, Request: request, Value: id << 8, Index: id & 0xff00}, out)
	}
	if _, got := ask(setCur, ExposureAbs, 100, 0, 0, 0); got != Stall {
		t.Error("the exposure could be set while it is automatic")
	}
	if _, got := ask(setCur, AEMode, 1); got != Done {
		t.Error("the exposure could not be made manual")
	}
	if _, got := ask(setCur, ExposureAbs, 100, 0, 0, 0); got != Done || c.ControlValue(ExposureAbs) != 100 {
		t.Errorf("exposure %d, want 100", c.ControlValue(ExposureAbs))
	}
	if _, got := ask(setCur, Gain, 0, 1); got != Stall || c.ControlValue(Gain) != 0 {
		t.Error("a gain of 256 was taken, want at most 255")
	}
	if in, got := ask(getMax, WhiteTemp); got != Done || !bytes.Equal(in, le16(6500)) {
		t.Errorf("highest white balance temperature %v, want 6500", in)
	}
	c.Mute(true)
	if _, got := ask(getCur, Gain); got != Silent {
		t.Error("a mute camera answers")
	}
}

// TestSettle: whatever the host proposes becomes a mode that the camera has.
func TestSettle(t *testing.T) {
	c := testCamera()
	probe := func(format, frame byte, interval int) Mode {
		b := make([]byte, 34)
		b[2], b[3] = format, frame
		copy(b[4:], le32(interval))
		c.negotiation(setCur, 1, b)
		c.mu.Lock()
		defer c.mu.Unlock()
		c.started = true // no stream: nobody reads it
		c.commit()
		return c.mode
	}
	for _, tt := range []struct {
		format, frame byte
		interval      int
		want          Mode
	}{
		{1, 1, 333333, Mode{true, 640, 480, 1e7 / 333333.}},
		{1, 1, 700000, Mode{true, 640, 480, 1e7 / 666666.}},
		{1, 2, 1, Mode{true, 1920, 1080, 1e7 / 666666.}},
		{1, 9, 333333, Mode{true, 640, 480, 1e7 / 333333.}},
		{2, 1, 0, Mode{false, 640, 480, 10}},
		{0, 0, 0, Mode{true, 640, 480, 1e7 / 333333.}},
	} {
		if got := probe(tt.format, tt.frame, tt.interval); got != tt.want {
			t.Errorf("probe %d %d %d: %+v, want %+v", tt.format, tt.frame, tt.interval, got, tt.want)
		}
	}
}

func TestKeys(t *testing.T) {
	for _, tt := range []struct {
		char       rune
		key, shift byte
	}{{'a', 4, 0}, {'Z', 29, 2}, {'1', 30, 0}, {'0', 39, 0}, {'\n', 40, 0}, {'-', 45, 0}, {':', 51, 2}, {'/', 56, 0}, {'?', 56, 2}, {'#', 32, 2}, {'_', 45, 2}, {'*', 37, 2}, {'.', 55, 0}, {'ü', 0, 0}} {
		if key, shift := usKey(tt.char); key != tt.key || shift != tt.shift {
			t.Errorf("%q is key %d with modifier %d, want %d and %d", tt.char, key, shift, tt.key, tt.shift)
		}
	}
}
