// SPDX-License-Identifier: EUPL-1.2

package v4l2

import (
	"errors"
	"fmt"
	"strconv"

	"github.com/blackjack/webcam"
	"golang.org/x/sys/unix"
)

// The controls that are set, in the numbers of V4L2.
const (
	powerLine     webcam.ControlID = 0x00980918 // menu: 1 is 50 Hz
	autoWhite     webcam.ControlID = 0x0098090c
	whiteKelvin   webcam.ControlID = 0x0098091a
	autoGain      webcam.ControlID = 0x00980912
	gain          webcam.ControlID = 0x00980913
	exposureAuto  webcam.ControlID = 0x009a0901 // menu: 0 auto, 1 manual, 3 aperture priority
	exposureTime  webcam.ControlID = 0x009a0902 // in 100 microseconds
	exposureRate  webcam.ControlID = 0x009a0903 // 1: the rate may fall in the dark
	focusPosition webcam.ControlID = 0x009a090a
	autoFocus     webcam.ControlID = 0x009a090c
)

// The menu of exposureAuto.
const (
	exposeManual   = 1
	exposeAperture = 3 // the time is the camera's: what USB cameras call automatic
)

// Sensor says how the sensor is mounted and set. Numbers are in the camera's own units, whose ranges
// Device.Details lists; the zero Sensor is upright, metered on the face, and else automatic.
type Sensor struct {
	// Rotation turns the pictures clockwise until they are upright: 0, 90, 180 or 270 degrees.
	Rotation int `toml:"rotation"`
	// Exposure is "face" (metered on the face while the person positions), "auto" (the camera's own)
	// or a number of 100 microseconds.
	Exposure Setting `toml:"exposure"`
	// Gain is "auto", then it helps the exposure, or a number.
	Gain Setting `toml:"gain"`
	// WhiteBalance is "auto" or a number, mostly kelvin.
	WhiteBalance Setting `toml:"white_balance"`
	// Focus is "auto" or a number.
	Focus Setting `toml:"focus"`
}

// Check names the first value that cannot be of any camera.
func (s Sensor) Check() error {
	if s.Rotation%90 != 0 || s.Rotation < 0 || s.Rotation > 270 {
		return fmt.Errorf("rotation = %d: must be 0, 90, 180 or 270 degrees", s.Rotation)
	}
	for _, other := range []struct {
		name string
		set  Setting
	}{{"gain", s.Gain}, {"white_balance", s.WhiteBalance}, {"focus", s.Focus}} {
		if other.set.how == metered {
			return fmt.Errorf(`%s = "face": only the exposure is metered on the face; must be "auto" or a number`, other.name)
		}
	}
	return nil
}

// A Setting is a number, or who chooses it. The zero Setting leaves that to this package.
type Setting struct {
	how   string // "", metered, automatic or fixed
	value int32  // of a fixed one
}

const (
	metered   = "face"
	automatic = "auto"
	fixed     = "number"
)

// Fixed is the setting of a number.
func Fixed(value int32) Setting { return Setting{fixed, value} }

// UnmarshalText reads "face", "auto" or a whole number.
func (s *Setting) UnmarshalText(text []byte) error {
	if t := string(text); t == metered || t == automatic {
		*s = Setting{how: t}
		return nil
	}
	n, err := strconv.ParseInt(string(text), 10, 32)
	if err != nil {
		return fmt.Errorf(`%q must be "auto", "face" or a whole number`, text)
	}
	*s = Fixed(int32(n))
	return nil
}

// String is what UnmarshalText reads; "auto" for the zero Setting.
func (s Setting) String() string {
	switch s.how {
	case fixed:
		return strconv.Itoa(int(s.value))
	case "":
		return automatic
	}
	return s.how
}

// A write sets one control. One that must be fails where the camera does not take it.
type write struct {
	id    webcam.ControlID
	name  string // the settings' key
	value int32
	step  int32
	must  bool
}

// writes lists what to set on a camera that has those controls, in order: whatever is automatic
// refuses values, so it goes off first.
func (s Sensor) writes(can map[webcam.ControlID]webcam.Control) ([]write, error) {
	list := []write{{id: powerLine, value: 1}, {id: exposureRate, value: 0}} // lamps flicker on the European mains
	for _, c := range []struct {
		name    string
		set     Setting
		auto    webcam.ControlID
		off, on int32
		value   webcam.ControlID
	}{
		{"exposure", s.Exposure, exposureAuto, exposeManual, exposeAperture, exposureTime},
		{"gain", s.Gain, autoGain, 0, 1, gain},
		{"white_balance", s.WhiteBalance, autoWhite, 0, 1, whiteKelvin},
		{"focus", s.Focus, autoFocus, 0, 1, focusPosition},
	} {
		if c.set.how != fixed {
			list = append(list, write{id: c.auto, value: c.on})
			continue
		}
		r, ok := can[c.value]
		switch {
		case !ok:
			return nil, fmt.Errorf("%s = %d: this camera has no such control; leave the line out", c.name, c.set.value)
		case c.set.value < r.Min || c.set.value > r.Max:
			return nil, fmt.Errorf("%s = %d: this camera takes %d to %d in steps of %d", c.name, c.set.value, r.Min, r.Max, r.Step)
		}
		list = append(list, write{id: c.auto, value: c.off},
			write{id: c.value, name: c.name, value: c.set.value, step: max(1, r.Step), must: true})
	}
	var there []write
	for _, w := range list {
		if _, ok := can[w.id]; ok {
			there = append(there, w)
		}
	}
	return there, nil
}

// describe lists the values of the settings' controls and their ranges.
func describe(p panel, can map[webcam.ControlID]webcam.Control) (list []string) {
	for _, c := range []struct {
		name string
		id   webcam.ControlID
	}{{"exposure", exposureTime}, {"gain", gain}, {"white_balance", whiteKelvin}, {"focus", focusPosition}} {
		r, ok := can[c.id]
		if v, err := p.GetControl(c.id); ok && err == nil {
			list = append(list, fmt.Sprintf("%s %d of %d to %d", c.name, v, r.Min, r.Max))
		}
	}
	return list
}

// apply sets the controls and reads back what must be: cameras clamp and round silently.
func apply(p panel, writes []write) error {
	for _, w := range writes {
		got, err := p.GetControl(w.id)
		if err == nil && got == w.value {
			continue
		}
		if err == nil {
			err = p.SetControl(w.id, w.value)
		}
		switch {
		case errors.Is(err, unix.ENODEV) || errors.Is(err, unix.ETIMEDOUT):
			return err // the next one would take as long
		case !w.must:
			continue
		case err != nil:
			return fmt.Errorf("%s = %d: %w", w.name, w.value, err)
		}
		if got, err = p.GetControl(w.id); err != nil {
			return fmt.Errorf("%s: read back: %w", w.name, err)
		}
		if d := got - w.value; d > w.step || d < -w.step {
			return fmt.Errorf("%s = %d: the camera made %d of it; set that, or a value it takes", w.name, w.value, got)
		}
	}
	return nil
}
