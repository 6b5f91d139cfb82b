// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"fmt"
	"time"
)

// A version is a root partition and the release in it.
type version struct {
	Root    int    `json:"root"` // 2 or 3
	Release string `json:"release"`
}

// limits say how long guardd waits.
type limits struct {
	confirm  time.Duration // from boot until a new version must have become healthy
	steady   time.Duration // of unbroken health, before a version is confirmed
	hang     time.Duration // of silence, before a station that was healthy is restarted
	patience time.Duration // of silence, before one that never was is restarted
	boots    int           // that a new version gets to become healthy
}

// A state is what guardd knows. What is exported outlives a boot.
type state struct {
	Confirmed version `json:"confirmed"` // the last version that was healthy: the way back
	Trial     version `json:"trial"`     // a version that has not been healthy yet; zero: none
	Boots     int     `json:"boots"`     // of Trial
	Boot      string  `json:"boot"`      // the boot that was counted last
	Story     []entry `json:"story"`     // what happened, newest last

	running version
	leaving bool          // the way back has been taken
	process string        // the station's process
	since   time.Duration // when it was first seen, or last said that it is sick
	good    time.Duration // when it last was healthy; 0: never
	calm    time.Duration // since when it is healthy without a break; 0: it is not
}

// An entry is one thing that happened.
type entry struct {
	At      time.Time `json:"at"` // by a clock that nobody may have set yet
	Version version   `json:"version"`
	What    string    `json:"what"`
}

// storyLength is how many entries are kept: what led to today's trouble, in one block of the card.
const storyLength = 30

// A moment is a time: since boot for decisions, of the clock for the story.
type moment struct {
	up   time.Duration
	wall time.Time
}

// A started event says which version runs, in which boot.
type started struct {
	running version
	boot    string
}

// An asked event is how the station's process answered; process is empty when there is none.
type asked struct {
	process string
	answer  answer
}

// An answer is what the station says about itself.
type answer int

const (
	silent  answer = iota // nothing, or that it does not get on: only a restart helps
	sick                  // that it works but cannot open, which a restart would not change
	healthy               // that all is well
)

// An action is what guardd does next.
type action int

const (
	wait    action = iota
	keep           // store the state
	restart        // store the state, kill the station's process; init starts it again
	back           // store the state, switch to the other root, reboot
)

// step decides. It has no clock and touches nothing.
func step(s state, l limits, now moment, event any) (state, action) {
	switch e := event.(type) {
	case started:
		return s.start(l, now, e)
	case asked:
		return s.hear(l, now, e)
	}
	panic(fmt.Sprintf("guardd: event %T", event))
}

func (s state) start(l limits, now moment, e started) (state, action) {
	s.running = e.running
	if s.running == s.Confirmed {
		if s.Trial == (version{}) {
			return s, wait
		}
		s.Trial, s.Boots, s.Boot = version{}, 0, ""
		return s.tell(now, "runs again"), keep
	}
	if s.Trial != s.running {
		s.Trial, s.Boots, s.Boot = s.running, 0, ""
		s = s.tell(now, "first start")
	}
	if s.Boot == e.boot {
		return s, wait // guardd itself was restarted
	}
	s.Boot = e.boot
	s.Boots++
	if s.Boots > l.boots && s.wayBack() {
		return s.leave(now, fmt.Sprintf("not healthy after %d boots", l.boots))
	}
	return s, keep
}

func (s state) hear(l limits, now moment, e asked) (state, action) {
	if e.process != s.process {
		s.process, s.since, s.good, s.calm = e.process, now.up, 0, 0
	}
	if e.answer == sick {
		s.since = now.up
	}
	if e.answer != healthy {
		s.calm = 0
		if s.onTrial() && now.up >= l.confirm && s.wayBack() {
			return s.leave(now, fmt.Sprintf("not healthy %v after boot", l.confirm))
		}
		return s.missed(l, now)
	}
	s.good = now.up
	if s.calm == 0 {
		s.calm = now.up
	}
	switch {
	case !s.onTrial():
		return s, wait
	case now.up-s.calm >= l.steady:
		s.Confirmed, s.Trial, s.Boots, s.Boot = s.running, version{}, 0, ""
		return s.tell(now, "confirmed"), keep
	case now.up >= l.confirm+l.steady && s.wayBack():
		return s.leave(now, "healthy, but never for long")
	}
	return s, wait
}

// missed decides about a process that does not answer, or not well.
func (s state) missed(l limits, now moment) (state, action) {
	quiet, limit := now.up-max(s.since, s.good), l.patience
	if s.good != 0 {
		limit = l.hang
	}
	if s.process == "" || quiet < limit {
		return s, wait
	}
	s.since, s.good = now.up, 0 // a process that outlives its kill is killed again after patience
	return s.tell(now, fmt.Sprintf("station restarted: no answer for %v", quiet.Round(time.Second))), restart
}

func (s state) onTrial() bool { return s.running.Root != 0 && s.Trial == s.running }

// wayBack: the other root holds a version that was healthy.
func (s state) wayBack() bool { return s.Confirmed.Root != 0 && s.Confirmed.Root != s.running.Root }

func (s state) leave(now moment, why string) (state, action) {
	if !s.leaving {
		s.leaving = true
		s = s.tell(now, "switched back to "+s.Confirmed.Release+": "+why)
	}
	return s, back
}

// tell adds to the story.
func (s state) tell(now moment, what string) state {
	story := append(s.Story[:len(s.Story):len(s.Story)], entry{now.wall.UTC(), s.running, what})
	s.Story = story[max(0, len(story)-storyLength):]
	return s
}
