// SPDX-License-Identifier: EUPL-1.2

package panel

import (
	"strings"
	"testing"
)

func TestSettingsCheck(t *testing.T) {
	type lampsOf = map[string]Wire
	for _, tc := range []struct {
		name string
		set  Settings
		want string // in the error; empty: none
	}{
		{"smallest", Settings{Chip: "x"}, ""},
		{"all", Settings{
			Chip: "x", Power: "GPIO26", Occupied: "GPIO27",
			Lamps:  lampsOf{"left": {Line: "GPIO5"}, "fill": {PWM: "fe20c000.pwm", Channel: 1, Level: 0.5}},
			Keys:   map[string]string{"left": "GPIO22", "middle": "GPIO23", "right": "GPIO24"},
			Scenes: map[string]map[string]float64{"idle": {"ring": 1}},
		}, ""},
		{"no chip", Settings{}, `"chip"`},
		{"unknown lamp", Settings{Chip: "x", Lamps: lampsOf{"top": {Line: "GPIO5"}}}, "panel.lamps.top"},
		{"no wire", Settings{Chip: "x", Lamps: lampsOf{"left": {}}}, "either"},
		{"two wires", Settings{Chip: "x", Power: "p", Lamps: lampsOf{"left": {Line: "a", PWM: "b"}}}, "either"},
		{"PWM without power", Settings{Chip: "x", Lamps: lampsOf{"left": {PWM: "b"}}}, "panel.power"},
		{"negative channel", Settings{Chip: "x", Power: "p", Lamps: lampsOf{"left": {PWM: "b", Channel: -1}}}, "channel = -1"},
		{"level of a line", Settings{Chip: "x", Lamps: lampsOf{"left": {Line: "b", Level: 0.5}}}, "level = 0.5"},
		{"too bright", Settings{Chip: "x", Power: "p", Lamps: lampsOf{"left": {PWM: "b", Level: 1.5}}}, "level = 1.5"},
		{"unknown key", Settings{Chip: "x", Keys: map[string]string{"red": "GPIO5"}}, "panel.keys.red"},
		{"wired twice", Settings{Chip: "x", Occupied: "GPIO5", Keys: map[string]string{"left": "GPIO5"}}, "GPIO5 is wired as occupied and as key left"},
		{"channel twice", Settings{Chip: "x", Power: "p", Lamps: lampsOf{"left": {PWM: "b"}, "right": {PWM: "b"}}}, "b, channel 0"},
		{"unknown scene", Settings{Chip: "x", Scenes: map[string]map[string]float64{"disco": {}}}, "panel.scenes.disco"},
		{"lamp of a scene", Settings{Chip: "x", Scenes: map[string]map[string]float64{"idle": {"top": 1}}}, "top = 1"},
		{"brightness of a scene", Settings{Chip: "x", Scenes: map[string]map[string]float64{"idle": {"ring": 20}}}, "ring = 20"},
	} {
		err := tc.set.Check()
		if tc.want == "" && err != nil || tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)) {
			t.Errorf("%s: got %v, want an error with %q", tc.name, err, tc.want)
		}
	}
}

func TestScenes(t *testing.T) {
	set := Settings{Scenes: map[string]map[string]float64{"review": {"ring": 0.25}}}
	if got, want := set.Scene("review"), (Scene{"review", Levels{Ring: 0.25}}); got != want {
		t.Errorf("replaced: got %v, want %v", got, want)
	}
	if set.Scene("position").Levels != set.Scene("capture").Levels {
		t.Error("position and capture differ: the guidance would see another light than the picture")
	}
	if set.Scene("capture").Levels[Ring] != 0 {
		t.Error("capture: the ring would be seen in the eyes")
	}
	if got := set.Scene("out-of-order").Levels; got != (Levels{}) {
		t.Errorf("out of order: got %v, want dark", got)
	}
}
