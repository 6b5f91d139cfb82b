// SPDX-License-Identifier: EUPL-1.2

package v4l2

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/blackjack/webcam"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"
)

func TestSettingText(t *testing.T) {
	for _, text := range []string{"auto", "face", "0", "-3", "4600"} {
		var s Setting
		if err := s.UnmarshalText([]byte(text)); err != nil || s.String() != text {
			t.Errorf("%q became %q, %v", text, s, err)
		}
	}
	for _, text := range []string{"", "on", "1.5", "99999999999", "Auto"} {
		var s Setting
		if err := s.UnmarshalText([]byte(text)); err == nil || !strings.Contains(err.Error(), `"auto"`) {
			t.Errorf("%q became %q, %v", text, s, err)
		}
	}
	if got := (Setting{}).String(); got != "auto" {
		t.Errorf("the zero setting is %q", got)
	}
}

func TestSensorCheck(t *testing.T) {
	face := Setting{how: metered}
	for want, s := range map[string]Sensor{
		"":                      {Rotation: 270, Exposure: face},
		"rotation = 45":         {Rotation: 45},
		"rotation = -90":        {Rotation: -90},
		"rotation = 360":        {Rotation: 360},
		`gain = "face"`:         {Gain: face},
		`white_balance = "face`: {WhiteBalance: face},
		`focus = "face"`:        {Focus: face},
	} {
		if err := s.Check(); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q", s, err, want)
		}
	}
}

// all is a sensor with every value fixed.
func all() Sensor {
	return Sensor{Exposure: Fixed(156), Gain: Fixed(17), WhiteBalance: Fixed(4600), Focus: Fixed(33)}
}

func TestApply(t *testing.T) {
	b := newBoard()
	writes, err := all().writes(b.GetControls())
	if err == nil {
		err = apply(b, writes)
	}
	if err != nil {
		t.Fatal(err)
	}
	want := map[webcam.ControlID]int32{
		powerLine: 1, exposureAuto: exposeManual, exposureTime: 156, gain: 17, autoWhite: 0, whiteKelvin: 4600,
		autoFocus: 0, focusPosition: 35, // in steps of five
	}
	if diff := cmp.Diff(want, b.values); diff != "" {
		t.Errorf("the camera holds (-want +got):\n%s", diff)
	}
	b.set = nil
	if err := apply(b, writes); err != nil || len(b.set) > 1 { // the focus differs by its step
		t.Errorf("again: set %v, %v, want only what differs", b.set, err)
	}
	writes, err = Sensor{}.writes(b.GetControls())
	if err == nil {
		err = apply(b, writes)
	}
	if err != nil || b.value(exposureAuto) != exposeAperture || b.value(autoWhite) != 1 || b.value(autoFocus) != 1 {
		t.Errorf("automatic: %v, the camera holds %v", err, b.values)
	}
}

func TestApplyFails(t *testing.T) {
	b := newBoard()
	for want, s := range map[string]Sensor{
		"exposure = 2: this camera takes 3 to 2047":            {Exposure: Fixed(2)},
		"white_balance = 9000: this camera takes 2000 to 6500": {WhiteBalance: Fixed(9000)},
	} {
		if _, err := s.writes(b.GetControls()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	delete(b.ranges, focusPosition)
	if _, err := all().writes(b.GetControls()); err == nil || !strings.Contains(err.Error(), "focus = 33: this camera has no such control") {
		t.Errorf("no focus: %v", err)
	}
	b = newBoard()
	writes, err := all().writes(b.GetControls())
	if err != nil {
		t.Fatal(err)
	}
	if err := apply(clamping{b}, writes); err == nil || !strings.Contains(err.Error(), "exposure = 156: the camera made 100 of it") {
		t.Errorf("a camera that clamps: %v", err)
	}
	if err := apply(gone{b}, writes); !errors.Is(err, unix.ENODEV) {
		t.Errorf("a camera that goes: %v", err)
	}
}

// clamping is a camera that takes no value above 100.
type clamping struct{ *board }

func (c clamping) SetControl(id webcam.ControlID, value int32) error {
	return c.board.SetControl(id, min(value, 100))
}

// gone is a camera that is unplugged while it is set.
type gone struct{ *board }

func (gone) SetControl(webcam.ControlID, int32) error { return unix.ENODEV }

// TestZeroSensor: what the documentation says of no settings at all.
func TestZeroSensor(t *testing.T) {
	b := newBoard()
	if l := newLight(nil, Sensor{}, b.GetControls()); l == nil || !l.gains || !l.auto {
		t.Errorf("got %+v, want the face metered with time and gain", l)
	}
	for text, s := range map[string]Sensor{
		"fixed exposure": {Exposure: Fixed(156)}, "the camera's exposure": {Exposure: Setting{how: automatic}},
	} {
		if l := newLight(nil, s, b.GetControls()); l != nil {
			t.Errorf("%s: the face is metered", text)
		}
	}
	if l := newLight(nil, Sensor{Gain: Fixed(9)}, b.GetControls()); l == nil || l.gains {
		t.Errorf("fixed gain: got %+v, want the time alone", l)
	}
	delete(b.ranges, exposureTime)
	if l := newLight(nil, Sensor{}, b.GetControls()); l != nil {
		t.Error(fmt.Sprint("a camera without exposure is metered: ", l))
	}
}
