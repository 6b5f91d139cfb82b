// SPDX-License-Identifier: EUPL-1.2

package panel

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// wires are lines of a test: what was asked for, what was set and what is read.
type wires struct {
	outputs []string
	ins     []input
	out     uint64
	read    uint64
	sets    []string
	closed  bool
}

func (w *wires) Out(bits, mask uint64) error {
	w.out = w.out&^mask | bits&mask
	w.sets = append(w.sets, fmt.Sprintf("%b/%b", bits, mask))
	return nil
}

func (w *wires) Wait(time.Duration) (uint64, error) { return w.read, nil }
func (w *wires) Close() error                       { w.closed = true; return nil }

func wired() Settings {
	return Settings{
		Chip: "lab", Power: "POWER", Occupied: "DOOR",
		Lamps: map[string]Wire{
			"left": {Line: "L"}, "right": {Line: "R"}, "ring": {PWM: "1f00098000.pwm", Channel: 2, Level: 0.5},
		},
		Keys: map[string]string{"left": "K1", "right": "K3"},
	}
}

func TestHardware(t *testing.T) {
	var w wires
	h := &hardware{settings: wired(), class: fakeClass(t)}
	h.request = func(label string, outputs []string, ins []input) (lines, error) {
		w.outputs, w.ins = outputs, ins
		return &w, nil
	}
	b, err := h.Open()
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"L", "R", "POWER"}; !slices.Equal(w.outputs, want) {
		t.Errorf("outputs: got %v, want %v", w.outputs, want)
	}
	if want := []input{{LeftKey, "K1", true}, {RightKey, "K3", true}, {Occupied, "DOOR", false}}; !slices.Equal(w.ins, want) {
		t.Errorf("inputs: got %v, want %v", w.ins, want)
	}
	if w.out != 0b100 {
		t.Errorf("opened: lines are %b, want power alone", w.out)
	}
	duty := filepath.Join(h.class, "pwmchip4")
	fresh(t, duty, "pwm2/duty_cycle")
	if err := b.Light(Levels{Left: 1, Right: 0.4, Ring: 0.5}); err != nil {
		t.Fatal(err)
	}
	if got := content(t, duty, "pwm2/duty_cycle"); w.out != 0b101 || got != "12500" {
		t.Errorf("lit: lines are %b, duty %s, want 101 and 12500 (half of half)", w.out, got)
	}
	w.read = 0b110_000 | w.out // K1 low: pressed; K3 high; DOOR high
	if in, err := b.Wait(0); err != nil || in != (Inputs{LeftKey: true, Occupied: true}) {
		t.Errorf("inputs: got %v, %v", in, err)
	}
	w.sets = nil
	if err := b.Close(); err != nil || !w.closed || w.out != 0 || w.sets[0] != "0/100" {
		t.Errorf("closed: %v, lines are %b after %v, want power off first", err, w.out, w.sets)
	}
}

// TestHardwareWithoutPWM: lines that were taken are given back when a lamp cannot be had.
func TestHardwareWithoutPWM(t *testing.T) {
	var w wires
	h := &hardware{settings: wired(), class: t.TempDir()}
	h.request = func(string, []string, []input) (lines, error) { return &w, nil }
	if _, err := h.Open(); err == nil || !w.closed || w.out != 0 {
		t.Errorf("got %v, closed %v, lines %b", err, w.closed, w.out)
	}
}

// TestMissingChip: a chip that is not there is not looked for until the chips change.
func TestMissingChip(t *testing.T) {
	asked := 0
	h := &hardware{settings: Settings{Chip: "away"}}
	h.request = func(string, []string, []input) (lines, error) { asked++; return nil, errNoChip }
	for range 3 {
		if _, err := h.Open(); !errors.Is(err, errNoChip) {
			t.Errorf("got %v, want %v", err, errNoChip)
		}
	}
	if asked != 1 {
		t.Errorf("looked %d times, want once", asked)
	}
	h.missed = []string{"/dev/gpiochip9 as it was"}
	if _, err := h.Open(); !errors.Is(err, errNoChip) || asked != 2 {
		t.Errorf("chips changed: looked %d times, want twice", asked)
	}
}
