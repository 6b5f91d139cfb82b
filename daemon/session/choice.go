// SPDX-License-Identifier: EUPL-1.2

package session

import (
	"cmp"
	"time"
)

// A Key is one of the station's three tactile keys, with which everything can be
// done: the right one goes on, the left one goes back, the middle one offers what
// else there is, one thing after the other.
type Key string

// The keys.
const (
	LeftKey   Key = "left"
	MiddleKey Key = "middle"
	RightKey  Key = "right"
)

// Keyed is the button that a key stands for now; false where it does nothing.
func (s State) Keyed(k Key, now time.Time) (Button, bool) {
	switch {
	case k == MiddleKey && s.Asks(now):
		return More, true
	case k == MiddleKey:
		return Open, len(s.Choices()) > 0
	case s.Menu > 0 && k == LeftKey:
		return Close, true
	case s.Menu > 0:
		return s.Choices()[s.Menu-1], true
	case k == LeftKey:
		return s.left()
	}
	return s.right()
}

func (s State) left() (Button, bool) {
	switch s.Stage {
	case Checked, Welcome, Position, Capture:
		return Cancel, true
	case Review:
		if s.MayRetake() {
			return Retake, true
		}
		return Counter, true
	case Consent:
		return Back, true
	case OutOfOrder:
		return Cancel, s.Known()
	}
	return "", false
}

func (s State) right() (Button, bool) {
	switch s.Stage {
	case Checked, Welcome:
		return Start, true
	case Position:
		return Release, true
	case Review:
		return Keep, true
	case Consent:
		return Agree, true
	case Done: // finish
		return Cancel, true
	case OutOfOrder:
		return Counter, s.Known()
	}
	return "", false
}

// Asks reports whether the screen asks at this moment whether anybody is there, or
// counts its last seconds, and more time may be had.
func (s State) Asks(now time.Time) bool { return s.MayExtend() && s.Deadline.Sub(now) <= Notice }

// Choices lists what the middle key offers, the likeliest first. What the other two
// keys do by themselves is not among them.
func (s State) Choices() (list []Button) {
	if s.Aloud {
		list = append(list, Repeat)
	} else {
		list = append(list, Aloud)
	}
	switch s.Stage {
	case Welcome, Position:
		list = append(list, s.groups()...)
		list = append(list, Cover)
	case Review:
		if len(s.Photos) > 1 {
			list = append(list, Other)
		}
	}
	list = append(list, Tongue, Calm)
	if s.Aloud {
		list = append(list, Aloud)
	}
	return append(list, s.exits()...)
}

// groups are the age bands that the photo is not of.
func (s State) groups() (list []Button) {
	for _, b := range []Button{ToInfant, ToChild, ToAdult} {
		if Group(b) != cmp.Or(s.Group, Adult) {
			list = append(list, b)
		}
	}
	return list
}

// exits are the ways out that no key leads to by itself, and more time.
func (s State) exits() (list []Button) {
	switch s.Stage {
	case Checked, Welcome, Position, Capture:
		list = []Button{Counter}
	case Review, Consent:
		list = []Button{Counter, Cancel}
		if left, _ := s.left(); left == Counter {
			list = list[1:]
		}
	default:
		return nil
	}
	if s.MayExtend() {
		list = append(list, More)
	}
	return list
}

// offer opens the choices, goes on to the next, or closes them. Who looks for
// choices on the idle screen by a key may not see it: the voice begins.
func (s State) offer(now time.Time, b Button) State {
	if b == Close {
		s.Menu = 0
		return s
	}
	if s.Stage == Idle && s.Menu == 0 {
		s.Aloud = true
	}
	s.Menu = s.Menu%len(s.Choices()) + 1
	return s.awake(now)
}
