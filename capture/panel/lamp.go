// SPDX-License-Identifier: EUPL-1.2

package panel

import "slices"

// A Lamp is one light of the booth. Left and right are the person's, as the camera sees the
// picture: the left lamp stands on the left of a preview that is not mirrored.
type Lamp int

// The lamps.
const (
	Left Lamp = iota
	Right
	Fill       // from below, against shadows under eyes and chin
	Background // on the wall
	Ring       // around the lens: says where to look
	lamps      // how many there are
)

func lampNames() []string { return []string{"left", "right", "fill", "background", "ring"} }

// Lamps lists every lamp.
func Lamps() []Lamp { return []Lamp{Left, Right, Fill, Background, Ring} }

func (l Lamp) String() string { return lampNames()[l] }

// ParseLamp returns the lamp of that name, or false.
func ParseLamp(name string) (Lamp, bool) {
	i := slices.Index(lampNames(), name)
	return Lamp(max(i, 0)), i >= 0
}

// Levels are the brightness of every lamp, from 0, off, to 1. A lamp that cannot be dimmed is on
// from 0.5.
type Levels [lamps]float64

// A Scene is how the lamps are lit, by the name under which the settings have it.
type Scene struct {
	Name   string
	Levels Levels
}

// An Input is a key, the occupancy sensor or the headphones' socket.
type Input int

// The inputs. A key is on while it is held, Occupied while somebody stands there, Headphones while
// they are plugged in.
const (
	LeftKey Input = iota
	MiddleKey
	RightKey
	Occupied
	Headphones
	inputs // how many there are
)

func inputNames() []string {
	return []string{"left key", "middle key", "right key", "occupied", "headphones"}
}

func (in Input) String() string { return inputNames()[in] }

// Inputs are the levels of all inputs at one moment. What is not wired is off.
type Inputs [inputs]bool
