// SPDX-License-Identifier: EUPL-1.2

package panel

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Settings say how a panel is wired, and its scenes. Lines are named as the kernel names them
// ("GPIO17"), chips by their label, since numbers change from kernel to kernel.
type Settings struct {
	// Chip is the label of the GPIO chip: pinctrl-bcm2711 on a Raspberry Pi 4, pinctrl-rp1 on a 5.
	Chip string `toml:"chip"`
	// Power is the line that switches the lamps' supply, high is on. It must be there when a lamp is
	// dimmed by PWM, which goes on when the program dies; a line does not.
	Power string `toml:"power"`
	// Occupied is the line of a sensor that is high while somebody stands before the station.
	Occupied string `toml:"occupied"`
	// Headphones is the line of the socket's contact, which connects it to ground while they are in.
	Headphones string `toml:"headphones"`
	// Lamps are wired by the names left, right, fill, background and ring.
	Lamps map[string]Wire `toml:"lamps"`
	// Keys are the lines of left, middle and right; a key connects its line to ground.
	Keys map[string]string `toml:"keys"`
	// Scenes replace the default brightness of the lamps, 0 to 1, scene by scene. A lamp that a
	// scene does not name is off in it.
	Scenes map[string]map[string]float64 `toml:"scenes"`
}

// A Wire is what a lamp hangs on: a line, high is on, or a channel of PWM.
type Wire struct {
	Line    string  `toml:"line"`
	PWM     string  `toml:"pwm"`     // device of the PWM chip: fe20c000.pwm on a Raspberry Pi 4, 1f00098000.pwm on a 5
	Channel int     `toml:"channel"` // of that chip, from 0
	Level   float64 `toml:"level"`   // how much of the PWM's range a brightness of 1 takes, 0 to 1; 0 means 1
}

// full is what a brightness of 1 takes.
func (w Wire) full() float64 {
	if w.Level == 0 {
		return 1
	}
	return w.Level
}

// SceneNames lists the scenes: approach is an idle station that somebody stands before, hold is
// position while everything holds and the picture is about to be taken, each other one is the stage
// of a visit.
func SceneNames() []string {
	return []string{"idle", "approach", "check-in", "checked", "welcome", "position", "hold", "capture", "review", "consent", "store", "done", "out-of-order"}
}

// Scene is the scene of that name; an unknown one is dark.
//
// By default the booth is lit as for a photo from before somebody comes until the picture is taken,
// and half lit afterwards: what the guidance saw holds for the picture, eyes are used to the light
// instead of being shut by it, warm lamps keep their colour, and the idle station can see whether
// its calibration still fits. The ring shines for whoever comes near, and draws the eyes to the lens
// in the last second; in the picture it would be seen in eyes and glasses (PassV Annex 8). A station
// out of order is dark.
func (s Settings) Scene(name string) Scene {
	scene := Scene{Name: name}
	levels, ok := s.Scenes[name]
	if !ok {
		scene.Levels = defaultLevels(name)
		return scene
	}
	for lamp, level := range levels {
		if l, ok := ParseLamp(lamp); ok {
			scene.Levels[l] = level
		}
	}
	return scene
}

func defaultLevels(scene string) Levels {
	photo := Levels{Left: 1, Right: 1, Fill: 1, Background: 1}
	switch scene {
	case "idle", "check-in", "checked", "welcome", "position", "capture":
		return photo
	case "approach", "hold":
		photo[Ring] = 1
		return photo
	case "review", "consent", "store", "done":
		return Levels{Left: 0.5, Right: 0.5, Fill: 0.5, Background: 0.5}
	}
	return Levels{}
}

// Check names the first value that cannot be.
func (s Settings) Check() error {
	if s.Chip == "" {
		return errors.New(`panel: key "chip" is missing: the label of the GPIO chip, such as "pinctrl-bcm2711"`)
	}
	if err := s.checkLamps(); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(s.Keys)) {
		if !slices.Contains(keyNames(), name) {
			return fmt.Errorf("panel.keys.%s: must be one of %q", name, keyNames())
		}
	}
	if err := s.checkLines(); err != nil {
		return err
	}
	return s.checkScenes()
}

func keyNames() []string { return []string{"left", "middle", "right"} }

func (s Settings) checkLamps() error {
	for _, name := range slices.Sorted(maps.Keys(s.Lamps)) {
		w := s.Lamps[name]
		_, ok := ParseLamp(name)
		switch {
		case !ok:
			return fmt.Errorf("panel.lamps.%s: must be one of %q", name, lampNames())
		case (w.Line == "") == (w.PWM == ""):
			return fmt.Errorf(`panel.lamps.%s: needs either "line" or "pwm"`, name)
		case w.Channel < 0 || w.PWM == "" && w.Channel != 0:
			return fmt.Errorf("panel.lamps.%s: channel = %d: must be a channel of its PWM chip, from 0", name, w.Channel)
		case w.Level < 0 || w.Level > 1 || w.PWM == "" && w.Level != 0:
			return fmt.Errorf("panel.lamps.%s: level = %v: must be 0 to 1, and only a PWM lamp has one", name, w.Level)
		case w.PWM != "" && s.Power == "":
			return fmt.Errorf("panel.lamps.%s: PWM goes on when the program dies: name the line that switches the lamps' supply as panel.power", name)
		}
	}
	return nil
}

// checkLines finds what is wired twice.
func (s Settings) checkLines() error {
	used := map[string]string{}
	take := func(what, wire string) error {
		if other, taken := used[wire]; taken && wire != "" {
			return fmt.Errorf("panel: %s is wired as %s and as %s", wire, other, what)
		}
		used[wire] = what
		return nil
	}
	err := errors.Join(take("power", s.Power), take("occupied", s.Occupied), take("headphones", s.Headphones))
	for _, name := range slices.Sorted(maps.Keys(s.Lamps)) {
		w := s.Lamps[name]
		wire := w.Line
		if w.PWM != "" {
			wire = fmt.Sprintf("%s, channel %d", w.PWM, w.Channel)
		}
		err = errors.Join(err, take("lamp "+name, wire))
	}
	for _, name := range slices.Sorted(maps.Keys(s.Keys)) {
		err = errors.Join(err, take("key "+name, s.Keys[name]))
	}
	return err
}

func (s Settings) checkScenes() error {
	for _, name := range slices.Sorted(maps.Keys(s.Scenes)) {
		if !slices.Contains(SceneNames(), name) {
			return fmt.Errorf("panel.scenes.%s: must be one of %q", name, SceneNames())
		}
		for _, lamp := range slices.Sorted(maps.Keys(s.Scenes[name])) {
			_, ok := ParseLamp(lamp)
			if level := s.Scenes[name][lamp]; !ok || level < 0 || level > 1 {
				return fmt.Errorf("panel.scenes.%s: %s = %v: must be one of %q with a brightness of 0 to 1", name, lamp, level, lampNames())
			}
		}
	}
	return nil
}
