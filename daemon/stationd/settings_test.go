// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"strings"
	"testing"

	"github.com/fotobox-project/fotobox/capture/camera/v4l2"
)

func TestMinimalSettings(t *testing.T) {
	s, err := parseSettings(strings.NewReader(minimal))
	if err != nil {
		t.Fatal(err)
	}
	if s.State != "/var/lib/fotobox-station" || s.Listen == "" || s.Mode != "lobby" || s.Burst == 0 {
		t.Errorf("got %+v: the defaults are not there", s)
	}
}

// TestUSBCamera: a camera is named and set without being there.
func TestUSBCamera(t *testing.T) {
	s, err := parseSettings(strings.NewReader(`state = "x"
camera = "usb:046d:085e"
[sensor]
rotation = 270
exposure = "face"
gain = "auto"
white_balance = 4600
focus = 35
`))
	if err != nil {
		t.Fatal(err)
	}
	if want := (v4l2.Sensor{Rotation: 270, Exposure: s.Sensor.Exposure, Gain: s.Sensor.Gain, WhiteBalance: v4l2.Fixed(4600), Focus: v4l2.Fixed(35)}); s.Sensor != want || s.Sensor.Exposure.String() != "face" {
		t.Errorf("got %+v", s.Sensor)
	}
	d, err := s.device()
	if err != nil || d.String() != "usb:046d:085e" {
		t.Errorf("device = %v, %v", d, err)
	}
}

// TestBadSettings: every mistake is named with what it was.
func TestBadSettings(t *testing.T) {
	const state = "state = \"x\"\ncamera = \"sitter\"\n"
	const usb = "state = \"x\"\ncamera = \"usb\"\n[sensor]\n"
	for _, tc := range []struct{ name, file, want string }{
		{"empty", "", `"state"`},
		{"unknown key", state + "lamp = 3\n", `line 3: unknown key "lamp"`},
		{"not TOML", state + "mode = lobby\n", "line 3"},
		{"wrong kind", state + "burst = \"five\"\n", "line 3"},
		{"unknown mode", state + "mode = \"attic\"\n", `mode = "attic"`},
		{"unknown clock", state + "clock = \"sun\"\n", `clock = "sun"`},
		{"unknown language", state + "language = \"tlh\"\n", `language = "tlh"`},
		{"unknown zone", state + "zone = \"Mars/Base\"\n", "Mars/Base"},
		{"no camera", "state = \"x\"\n", `camera = ""`},
		{"no such camera", "state = \"x\"\ncamera = \"webcam\"\n", `camera = "webcam"`},
		{"camera without a name", "state = \"x\"\ncamera = \"usb:\"\n", `camera = "usb:"`},
		{"sensor askew", usb + "rotation = 45\n", "sensor.rotation = 45: must be 0, 90, 180 or 270"},
		{"exposure that is none", usb + "exposure = \"bright\"\n", "line 4"},
		{"focus on the face", usb + "focus = \"face\"\n", `sensor.focus = "face"`},
		{"unknown key of the sensor", usb + "zoom = 2\n", `line 4: unknown key "sensor.zoom"`},
		{"missing folder", "state = \"x\"\ncamera = \"folder:/does/not/exist\"\n", "/does/not/exist"},
		{"open maintenance", state + "maintenance = \":8081\"\n", "set maintenance_password"},
		{"short password", state + "maintenance = \":8081\"\nmaintenance_password = \"elf\"\n", "12 characters"},
		{"no address", state + "maintenance = \"here\"\n", "127.0.0.1:8081"},
		{"no address of the office", state + "office = [\"here\"]\n", `office: address "here" is not host:port`},
		{"proxy over TLS", state + "proxy = \"https://u:SECRET@proxy:3128\"\n", "proxy: must be an address"},
		{"proxy without a host", state + "proxy = \"http://\"\n", "proxy: must be an address"},
		{"no file of the proxy", state + "proxy = \"file:/does/not/exist\"\n", "/does/not/exist"},
		{"no burst", state + "burst = 0\n", "burst = 0"},
		{"panel without a chip", state + "[panel]\n", `"chip"`},
		{"unknown key of a lamp", state + "[panel]\nchip = \"x\"\nlamps.left = { lines = \"GPIO5\" }\n", "line 5: unknown key"},
		{"layout of the scanner", state + "[scanner]\nlayout = \"fr\"\n", `scanner.layout = "fr"`},
	} {
		_, err := parseSettings(strings.NewReader(tc.file))
		if err == nil || !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%s: got %v, want an error with %q", tc.name, err, tc.want)
		}
	}
}

// TestStatus: the appliance's init would never start a station again that ended with 0.
func TestStatus(t *testing.T) {
	if got := status(nil, true); got != 0 {
		t.Errorf("stopped on Linux: got %d, want 0", got)
	}
	t.Setenv("PATH", "/user:/gokrazy")
	if got := status(nil, true); got != 143 {
		t.Errorf("stopped on the appliance: got %d, want 143", got)
	}
	if got := status(errNotEnrolled, false); got != 1 {
		t.Errorf("failed: got %d, want 1", got)
	}
}
