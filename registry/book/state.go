// SPDX-License-Identifier: EUPL-1.2

package book

import (
	"time"

	"github.com/fotobox-project/fotobox/appointment"
)

// A State is how far an appointment has come. The zero State is that of one
// that is not made yet.
type State string

// The states. A reserved seat is held while somebody fills the form, an offered
// one for a wish; a preconfirmed appointment waits for the answer to a mail.
const (
	Reserved     State = "reserved"
	Offered      State = "offered"
	Preconfirmed State = "preconfirmed"
	Confirmed    State = "confirmed"
	Arrived      State = "arrived"
	Captured     State = "captured" // who has arrived, and whose photo is at the office
	Called       State = "called"
	Serving      State = "serving"
	Parked       State = "parked" // something is missing that the citizen fetches
	Done         State = "done"
	Missed       State = "missed"
	Cancelled    State = "cancelled"
)

// States are all of them, in the order of a visit.
func States() []State {
	return []State{Reserved, Offered, Preconfirmed, Confirmed, Arrived, Captured, Called, Serving, Parked, Done, Missed, Cancelled}
}

// How long a seat is kept for somebody who has not answered yet.
const (
	HoldTime    = 10 * time.Minute // to fill the form
	ConfirmTime = 30 * time.Minute // to answer the mail
)

// Early is how long before the slot somebody can arrive.
const Early = appointment.Early

// Stands says whether the appointment was confirmed and not cancelled: its code holds.
func (s State) Stands() bool {
	switch s {
	case "", Reserved, Offered, Preconfirmed, Cancelled:
		return false
	}
	return true
}

// A Verb is what is done with an appointment, in the past as the record has it.
type Verb string

// The verbs. The first four make an appointment.
const (
	Hold    Verb = "held"
	Offer   Verb = "offered"
	Enter   Verb = "entered"  // by the office, at once confirmed
	Ticket  Verb = "ticketed" // drawn on site, of nobody in particular
	Submit  Verb = "submitted"
	Confirm Verb = "confirmed"
	Move    Verb = "moved"
	Arrive  Verb = "arrived"
	Capture Verb = "captured"
	Call    Verb = "called"
	Serve   Verb = "served"
	Park    Verb = "parked"
	Finish  Verb = "finished"
	Miss    Verb = "missed"
	Cancel  Verb = "cancelled"
	Lapse   Verb = "lapsed" // nobody answered in time

	// Displace notes that other rules have no seat for it any more, and that its
	// citizen is told. It stands until somebody moves or cancels it.
	Displace Verb = "displaced"
)

// A way leads from some states to one.
type way struct {
	do   Verb
	from []State
	to   State
}

// ways is every transition there is. Who was missed and comes after all arrives once more.
func ways() []way {
	return []way{
		{Hold, []State{""}, Reserved},
		{Offer, []State{""}, Offered},
		{Enter, []State{""}, Confirmed},
		{Ticket, []State{""}, Confirmed},
		{Submit, []State{Reserved}, Preconfirmed},
		{Confirm, []State{Reserved, Offered, Preconfirmed}, Confirmed},
		{Move, []State{Confirmed}, Confirmed},
		{Displace, []State{Confirmed}, Confirmed},
		{Arrive, []State{Confirmed, Missed}, Arrived},
		{Capture, []State{Arrived}, Captured},
		{Call, []State{Arrived, Captured, Called, Parked}, Called},
		{Serve, []State{Called}, Serving},
		{Park, []State{Serving}, Parked},
		{Finish, []State{Serving, Parked}, Done},
		{Miss, []State{Confirmed, Arrived, Captured, Called, Parked}, Missed},
		{Cancel, []State{Reserved, Offered, Preconfirmed, Confirmed, Arrived, Captured, Called, Parked}, Cancelled},
		{Lapse, []State{Reserved, Offered, Preconfirmed}, Cancelled},
	}
}
