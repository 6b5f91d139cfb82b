// SPDX-License-Identifier: EUPL-1.2

package session

import (
	"time"

	"github.com/fotobox-project/fotobox/appointment"
)

// An Event is what happened to the station.
type Event interface{ event() }

// ofVisit is an event that belongs to one visit; Step drops it in another.
type ofVisit interface{ visit() uint64 }

type (
	// Tick says that a deadline may have passed.
	Tick struct{}
	// Lost says, once and at every failed attempt to get it back, that something is missing.
	Lost struct {
		Need  Need
		Opens time.Time // with Hours: when they begin, the zero time when nobody knows
	}
	// Found says that it is there again.
	Found struct{ Need Need }
	// Scanned is a code that was read or typed, and what its check said.
	Scanned struct {
		Code    appointment.Code
		Answer  appointment.Answer
		Arrives bool // the station checks in, and it is time for it
	}
	// Spoke chooses a language.
	Spoke struct {
		Visit    uint64
		Language string
	}
	// Plugged says that headphones were plugged in or pulled out.
	Plugged struct{ In bool }
	// Pressed is a button or a key.
	Pressed struct {
		Visit  uint64
		Button Button
		Photo  int // with Keep: which of the photos, counted from 0
	}
	// Seen is what one preview frame asks the person to do; empty when everything holds.
	Seen struct {
		Visit uint64
		Hint  string
	}
	// Shot is the answer to Shoot: the best photos, best first, none when nobody could be found.
	// An answer to an earlier attempt is dropped.
	Shot struct {
		Visit   uint64
		Attempt int
		Photos  []Photo
	}
	// Stored is the answer to Seal: the envelope survives a power cut.
	Stored struct {
		Visit   uint64
		Expires time.Time
	}
	// StoreFailed is the other answer to Seal; Problem is a key.
	StoreFailed struct {
		Visit   uint64
		Problem string
	}
	// Noted is the answer to Note: the arrival survives a power cut. At is when the person was there,
	// the zero time when it could not be kept.
	Noted struct {
		Visit uint64
		At    time.Time
	}
	// Told is what the office makes of the visit's arrival.
	Told struct {
		Visit  uint64
		Answer appointment.Answer
		Number int  // by which the person is called, 0 without one
		Photo  bool // the office has a photo of somebody with the code
	}
	// Arrived says that the office's receipt for the visit's capture has been verified.
	Arrived struct{ Visit uint64 }
)

func (Tick) event()        {}
func (Lost) event()        {}
func (Found) event()       {}
func (Scanned) event()     {}
func (Spoke) event()       {}
func (Plugged) event()     {}
func (Pressed) event()     {}
func (Seen) event()        {}
func (Shot) event()        {}
func (Stored) event()      {}
func (StoreFailed) event() {}
func (Arrived) event()     {}
func (Noted) event()       {}
func (Told) event()        {}

func (e Spoke) visit() uint64       { return e.Visit }
func (e Pressed) visit() uint64     { return e.Visit }
func (e Seen) visit() uint64        { return e.Visit }
func (e Shot) visit() uint64        { return e.Visit }
func (e Stored) visit() uint64      { return e.Visit }
func (e StoreFailed) visit() uint64 { return e.Visit }
func (e Arrived) visit() uint64     { return e.Visit }
func (e Noted) visit() uint64       { return e.Visit }
func (e Told) visit() uint64        { return e.Visit }

// An Effect is what the station must do. Each names its visit.
type Effect interface{ effect() }

type (
	// Shoot takes a burst, judges it and answers with Shot.
	Shoot struct {
		Visit   uint64
		Attempt int // counted from 1
		Subject Subject
		ByHand  bool // the person wanted it, whatever the guidance says
	}
	// Seal seals the visit's photos and answers with Stored or StoreFailed.
	Seal struct {
		Visit   uint64
		Code    appointment.Code
		Chosen  int
		Subject Subject
	}
	// Note notes durably that the code's person is there, answers with Noted, and tells the office
	// until it knows; its answer comes with Told.
	Note struct {
		Visit uint64
		Code  appointment.Code
	}
	// Wipe forgets every picture of the visit. It comes exactly once a visit.
	Wipe struct{ Visit uint64 }
)

func (Shoot) effect() {}
func (Seal) effect()  {}
func (Note) effect()  {}
func (Wipe) effect()  {}
