// SPDX-License-Identifier: EUPL-1.2

package session

import "time"

// A Manner is how a person wants to be served. It begins on the idle screen and
// ends with the visit.
type Manner struct {
	Language string // BCP 47; empty is the office's own
	Aloud    bool   // screens are read aloud
	Calm     bool   // light and screen stay steady: nothing flashes
}

// speak changes the language on any screen without losing the visit. An idle
// station keeps it for a while and then forgets it.
func (s State) speak(now time.Time, language string) State {
	s.Language = language
	return s.awake(now)
}

// plug notes headphones: plugging them in starts the voice, pulling them out ends it.
func (s State) plug(now time.Time, in bool) State {
	s.Plugged, s.Aloud, s.Menu = in, in, 0 // the voice is among the choices
	return s.awake(now)
}

// awake has a station without a visit remember for a while how somebody wants to be served.
func (s State) awake(now time.Time) State {
	if s.Stage == Idle || s.Stage == OutOfOrder && !s.Known() {
		s.Deadline = now.Add(patience[s.Stage])
	}
	return s
}

// serve changes how the person is served.
func (s State) serve(now time.Time, b Button) State {
	s.Menu = 0
	switch b {
	case Aloud:
		s.Aloud = !s.Aloud
	case Calm:
		s.Calm = !s.Calm
	case Repeat:
		s.Said++
	}
	return s.awake(now)
}

// A Group is an age band whose photos have rules of their own.
type Group string

// The groups (PassV Anlage 8). An empty Group is Adult.
const (
	Adult  Group = "adult"  // from ten years
	Child  Group = "child"  // below ten
	Infant Group = "infant" // below six
)

// A Subject is whom the photo shows, as the person said. The zero Subject is an
// adult with a bare head.
type Subject struct {
	Group   Group
	Covered bool // the head is covered for religious reasons
}

// portray notes whom the photo shows, as long as none has been taken.
func (s State) portray(b Button) State {
	if s.Stage != Welcome && s.Stage != Position {
		return s
	}
	s.Menu = 0
	switch b {
	case ToAdult:
		s.Group = ""
	case Cover:
		s.Covered = !s.Covered
	default:
		s.Group = Group(b)
	}
	return s
}
