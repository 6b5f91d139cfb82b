// SPDX-License-Identifier: EUPL-1.2

package session

import (
	"strings"
	"time"
)

// A Need is something that the station cannot work without; several add up.
type Need uint8

// The needs, the gravest first: a screen names one.
const (
	Hours  Need = 1 << iota // the station's own: outside of them it is closed
	Disk                    // a place that keeps captures through a power cut
	Clock                   // the true time
	Camera                  // frames
	Lamps                   // light for a photo, where the station has lamps
)

// Worst is the gravest of the needs, 0 of none.
func (n Need) Worst() Need { return n & -n }

func (n Need) String() string {
	var names []string
	for i, name := range [...]string{"hours", "disk", "clock", "camera", "lamps"} {
		if n&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, "+")
}

// lose shows that something is missing, where it is needed. A visit waits for it;
// one that has begun within the hours is finished after them.
func (s State) lose(now time.Time, ev Lost) State {
	if ev.Need == Hours && (s.Known() || s.Stage == Done) {
		return s
	}
	switch s.Stage {
	case Idle, Welcome, Position, Capture:
		s = s.enter(OutOfOrder, now)
		s.Missing, s.Opens = ev.Need, ev.Opens
	case OutOfOrder:
		s.Missing |= ev.Need
		if ev.Need == Hours {
			s.Opens = ev.Opens
		}
	}
	return s
}

// recover goes on when nothing is missing any more: a citizen begins again at
// Welcome and keeps the attempts already made.
func (s State) recover(now time.Time, n Need) (State, []Effect) {
	if s.Stage != OutOfOrder {
		return s, nil
	}
	if s.Missing &^= n; s.Missing != 0 {
		return s, nil
	}
	switch {
	case !s.Known():
		return s.fresh(s.Visit), nil
	case !s.MayRetake():
		return s.end(Staff, now)
	}
	return s.enter(Welcome, now), nil
}

// abandon forgets the citizen who waited for what is missing.
func (s State) abandon(now time.Time) (State, []Effect) {
	next, effects := s.forget()
	next = next.enter(OutOfOrder, now)
	next.Missing = s.Missing
	return next, effects
}
