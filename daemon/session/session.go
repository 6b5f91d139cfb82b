// SPDX-License-Identifier: EUPL-1.2

// Package session is the citizen's way through the station, as a pure function.
package session

import (
	"fmt"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
)

// A Stage is one step of the citizen's way; each has one screen.
type Stage int

// The stages in the order of the way.
const (
	Idle       Stage = iota // waits for a code and knows nobody
	CheckIn                 // who is there is noted and told to the office
	Checked                 // what came of it; the photo is next
	Welcome                 // code accepted: who, when, what to take off
	Position                // live guidance until everything holds
	Capture                 // the burst
	Review                  // the best photos and their open findings
	Consent                 // nothing leaves the station without it
	Store                   // sealing, until the outbox has it durably
	Done                    // how the visit ended
	OutOfOrder              // something is missing
)

var stageNames = [...]string{"idle", "check-in", "checked", "welcome", "position", "capture", "review", "consent", "store", "done", "out-of-order"}

func (s Stage) String() string { return stageNames[s] }

// MarshalText writes the stage's name.
func (s Stage) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// patience is how long the station waits in a stage. What happens then is
// decided by State.expire. Idle waits only to forget a chosen language.
var patience = [...]time.Duration{
	Idle:       60 * time.Second,
	CheckIn:    20 * time.Second,
	Checked:    90 * time.Second,
	Welcome:    90 * time.Second,
	Position:   120 * time.Second,
	Capture:    15 * time.Second,
	Review:     120 * time.Second,
	Consent:    120 * time.Second,
	Store:      20 * time.Second,
	Done:       20 * time.Second,
	OutOfOrder: 60 * time.Second,
}

// Patience is how long the station waits in stage g before it acts by itself.
func Patience(g Stage) time.Duration { return patience[g] }

const (
	// MaxFailures is after how many photos that break a rule the office decides
	// (UK and NZ practice: staff after three).
	MaxFailures = 3
	// MaxAttempts bounds all photos of one visit, good ones too.
	MaxAttempts = 6
	// MaxExtensions is how often a person may ask for more time (WCAG 2.2.1: at least ten).
	MaxExtensions = 10
	// HoldStill is how long everything must hold before the picture is released.
	HoldStill = 1200 * time.Millisecond
	// HintRest is how long a hint stays at least, so that it can be read.
	HintRest = time.Second
	// SlowAfter is how long the guidance may be without success before the
	// station says what it does about it.
	SlowAfter = 10 * time.Second
	// Notice is how long before the end the station asks whether anybody is there
	// (WCAG 2.2.1: at least 20 s to react).
	Notice = 20 * time.Second
	// Lifetime is how long a photo may exist (PassDEUEV 1f(2)).
	Lifetime = 96 * time.Hour
)

// HintNoFace is the hint with which the guidance begins.
const HintNoFace = "no-face"

// An Outcome is how a visit ended.
type Outcome string

// The outcomes. Kept becomes Delivered when the office's receipt has been verified.
const (
	Refused   Outcome = "refused"    // the code does not hold; State.Answer says why
	Kept      Outcome = "kept"       // sealed, here, and will be sent
	Delivered Outcome = "delivered"  // at the office
	NotStored Outcome = "not-stored" // could not be kept
	Staff     Outcome = "staff"      // goes on at the counter
	Present   Outcome = "checked-in" // no photo was wanted, or none any more; State.Arrival says what came of the check-in
)

// A Photo is what the session knows of one picture; the picture itself is kept elsewhere.
type Photo struct {
	Accepted bool
	Advice   []string // keys of the open findings, most important first
}

// State is everything the station knows about the citizen in front of it. The
// zero State is the idle station, which knows nobody.
type State struct {
	Visit    uint64 // counts citizens; only it and Plugged outlive one
	Stage    Stage
	Entered  time.Time // when the stage began
	Deadline time.Time
	Plugged  bool // headphones are in; outlives a visit as they may

	Manner
	Subject
	Menu int // which of Choices the keys offer, from 1; 0: none
	Said int // how often the person asked to hear the screen again

	Code     appointment.Code
	Arrival  Arrival
	Late     bool // the photo would be erased before the appointment's slot
	Extended int  // how often the person asked for more time in this stage

	Hint      string // what the person should do now; empty when everything holds
	HintSince time.Time
	Slow      bool // the guidance has not succeeded for SlowAfter

	Attempts int // photos taken
	Failures int // photos that broke a rule, or showed nobody
	Photos   []Photo
	Chosen   int
	Problem  string // what went wrong in this stage, a key
	Missing  Need   // why the station is out of order

	Opens time.Time // with Missing Hours: when they begin, the zero time when nobody knows

	Outcome Outcome
	Answer  appointment.Answer // of a refused code
	Expires time.Time          // when the kept photo is erased at the latest
}

// MayRetake reports whether another photo may be taken.
func (s State) MayRetake() bool { return s.Failures < MaxFailures && s.Attempts < MaxAttempts }

// Step answers one event at one instant. It does no input or output, and it
// drops what belongs to another visit, so that a late photo of one person can
// never be shown to the next.
func Step(s State, now time.Time, ev Event) (State, []Effect) {
	if of, ok := ev.(ofVisit); ok && of.visit() != s.Visit {
		return s, nil
	}
	switch ev := ev.(type) {
	case Tick:
		return s.tick(now)
	case Spoke:
		return s.speak(now, ev.Language), nil
	case Lost:
		return s.lose(now, ev), nil
	case Found:
		return s.recover(now, ev.Need)
	case Plugged:
		return s.plug(now, ev.In), nil
	case Pressed:
		return s.press(now, ev)
	}
	return s.answer(now, ev)
}

// answer takes what readers, the camera and the outbox report.
func (s State) answer(now time.Time, ev Event) (State, []Effect) {
	switch ev := ev.(type) {
	case Scanned:
		return s.scan(now, ev)
	case Seen:
		return s.see(now, ev)
	case Shot:
		return s.look(now, ev)
	case Stored:
		return s.stored(now, ev)
	case StoreFailed:
		if s.Stage == Store {
			s.Problem, s.Outcome = ev.Problem, ""
			return s.enter(Consent, now), nil
		}
	case Arrived:
		return s.arrived(now), nil
	case Noted:
		return s.noted(now, ev)
	case Told:
		return s.told(now, ev)
	}
	return s, nil
}

// scan begins a visit, of somebody else where the one before it is over but for its screen:
// they may speak another language. In every other stage no code is read.
func (s State) scan(now time.Time, ev Scanned) (State, []Effect) {
	switch s.Stage {
	case Idle:
		return s.begin(now, ev)
	case Done:
		return s.next().begin(now, ev)
	case Checked:
		if ev.Answer != appointment.OK || ev.Code.ID == s.Code.ID { // something, or their own, before the camera
			return s, nil
		}
		next, effects := s.next().begin(now, ev)
		return next, append([]Effect{Wipe{s.Visit}}, effects...)
	}
	return s, nil
}

// begin is the visit of the code that was read.
func (s State) begin(now time.Time, ev Scanned) (State, []Effect) {
	s = State{Visit: s.Visit, Plugged: s.Plugged, Manner: s.Manner}
	if ev.Answer != appointment.OK {
		s.Answer = ev.Answer
		return s.end(Refused, now)
	}
	s.Code, s.Late = ev.Code, ev.Code.Start.After(now.Add(Lifetime))
	if ev.Arrives {
		return s.enter(CheckIn, now), []Effect{Note{s.Visit, s.Code}}
	}
	return s.enter(Welcome, now), nil
}

// see takes one frame's hint. A hint stays long enough to be read; everything
// holding for HoldStill releases the picture, unless the person is choosing something.
func (s State) see(now time.Time, ev Seen) (State, []Effect) {
	if s.Stage != Position {
		return s, nil
	}
	rested := s.Hint == "" || now.Sub(s.HintSince) >= HintRest
	if ev.Hint != s.Hint && rested {
		s.Hint, s.HintSince = ev.Hint, now
	}
	s.Slow = s.Slow || s.Hint != "" && now.Sub(s.Entered) >= SlowAfter
	if s.Menu > 0 {
		s.HintSince = now
		return s, nil
	}
	if s.Hint == "" && ev.Hint == "" && now.Sub(s.HintSince) >= HoldStill {
		return s.shoot(now, false)
	}
	return s, nil
}

func (s State) shoot(now time.Time, byHand bool) (State, []Effect) {
	s.Attempts++
	s.Problem = ""
	return s.enter(Capture, now), []Effect{Shoot{s.Visit, s.Attempts, s.Subject, byHand}}
}

// look takes the burst's best photos. A burst that shows nobody is a failure too.
func (s State) look(now time.Time, ev Shot) (State, []Effect) {
	if s.Stage != Capture || ev.Attempt != s.Attempts {
		return s, nil
	}
	if len(ev.Photos) == 0 || !ev.Photos[0].Accepted {
		s.Failures++
	}
	if len(ev.Photos) > 0 {
		s.Photos, s.Chosen = ev.Photos, 0
		return s.enter(Review, now), nil
	}
	if !s.MayRetake() {
		return s.end(Staff, now)
	}
	s.Problem = "no-photo"
	return s.enter(Position, now), nil
}

func (s State) stored(now time.Time, ev Stored) (State, []Effect) {
	if s.Stage != Store {
		return s, nil
	}
	outcome := Kept
	if s.Outcome == Delivered {
		outcome = Delivered
	}
	s, effects := s.end(outcome, now)
	s.Expires = ev.Expires
	return s, effects
}

// arrived notes the office's receipt. On a fast line it overtakes Stored.
func (s State) arrived(now time.Time) State {
	switch {
	case s.Stage == Store:
		s.Outcome = Delivered
	case s.Stage == Done && s.Outcome == Kept:
		s.Outcome = Delivered
		return s.enter(Done, now)
	}
	return s
}

// tick acts when a deadline has passed.
func (s State) tick(now time.Time) (State, []Effect) {
	if s.Deadline.IsZero() || now.Before(s.Deadline) {
		return s, nil
	}
	switch s.Stage {
	case Idle:
		return s.fresh(s.Visit), nil
	case Capture: // as a burst that shows nobody; a lost camera is reported by itself
		return s.look(now, Shot{s.Visit, s.Attempts, nil})
	case CheckIn:
		return s.checked(now)
	case Store:
		return s.end(NotStored, now)
	case OutOfOrder:
		if !s.Known() { // whoever chose a language has gone
			s.Manner = Manner{Aloud: s.Plugged}
			return s.enter(OutOfOrder, now), nil
		}
		return s.abandon(now)
	}
	return s.forget()
}

// Known reports whether a citizen's code has been accepted and not yet been forgotten.
func (s State) Known() bool { return s.Code.ID != appointment.ID{} }

// enter moves to a stage and starts its deadline.
func (s State) enter(g Stage, now time.Time) State {
	s.Stage, s.Entered, s.Deadline = g, now, now.Add(patience[g])
	s.Hint, s.HintSince, s.Slow, s.Extended, s.Menu = "", time.Time{}, false, 0, 0
	if g == Position {
		s.Hint, s.HintSince = HintNoFace, now
	}
	return s
}

// end shows how the visit ended and wipes it; only what the last screen says is kept.
func (s State) end(o Outcome, now time.Time) (State, []Effect) {
	last := State{Visit: s.Visit, Plugged: s.Plugged, Manner: s.Manner, Outcome: o, Answer: s.Answer, Arrival: s.Arrival}
	return last.enter(Done, now), []Effect{Wipe{s.Visit}}
}

// forget returns the idle station, with a wipe unless the visit has had its own.
func (s State) forget() (State, []Effect) {
	if s.Stage == Done {
		return s.next(), nil
	}
	return s.next(), []Effect{Wipe{s.Visit}}
}

// next is the station that waits for the next citizen.
func (s State) next() State { return s.fresh(s.Visit + 1) }

// fresh is an idle station that knows nobody. Headphones that are still in go on speaking.
func (s State) fresh(visit uint64) State {
	return State{Visit: visit, Plugged: s.Plugged, Manner: Manner{Aloud: s.Plugged}}
}

// String is the state in one line for a log: nothing of the citizen.
func (s State) String() string { return fmt.Sprintf("visit %d, %s", s.Visit, s.Stage) }
