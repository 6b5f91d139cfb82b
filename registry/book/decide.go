// SPDX-License-Identifier: EUPL-1.2

package book

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/audit"
)

// Why a step is not possible.
var (
	ErrState = errors.New("not possible in the appointment's state")
	ErrLate  = errors.New("the time for it is over")
	ErrEarly = errors.New("the time for it has not come")
	ErrStale = errors.New("appointment was moved meanwhile")
	ErrMoves = errors.New("appointment was moved too often: cancel it and book another one")
)

// maxRevision is what the appointment's code can hold.
const maxRevision = 15

// Step is something that happens to an appointment.
type Step struct {
	Do    Verb
	At    time.Time
	Actor string    // who, for the record: "citizen", "clerk:name", "device:id", "office"
	Until time.Time // Offer: when it lapses
	// Reason is Displace's: of the closure, as citizens are told; "" where other rules are the reason.
	Reason string
	// Revision is that which whoever makes the step has seen: for another one it
	// is ErrStale. Nil is any.
	Revision *int

	// ID is that of the appointment which the step makes, so that who asks twice
	// gets one: the second is store.ErrDuplicate. The zero ID is drawn.
	ID appointment.ID

	// Whose it is and how to reach them, for the steps before it stands. Empty
	// fields leave what is known.
	Name     Name
	Email    Email
	Language string

	location string // Move: where to
	start    time.Time
	length   time.Duration
}

// Decide says what the appointment becomes and what goes into the record, or
// why the step is not possible; then the appointment stays as it is.
func (a Appointment) Decide(s Step) (Appointment, audit.Entry, error) {
	to, err := a.after(s)
	if err != nil {
		return a, audit.Entry{}, err
	}
	next := a
	next.State, next.Until = to, time.Time{}
	switch {
	case a.State.Stands():
	case to == Cancelled: // nothing came of it: it is nobody's
		next.Name, next.Email = Name{}, Email{}
	default:
		next.contact(s)
	}
	switch s.Do {
	case Hold:
		next.Until = s.At.Add(HoldTime)
	case Offer:
		next.Until = s.Until
	case Ticket:
		next.Ticket = true
	case Submit:
		next.Until = s.At.Add(ConfirmTime)
	case Move:
		next.Location, next.Start, next.Length = s.location, s.start.UTC(), s.length
		next.Revision++
	}
	next.Until = next.Until.UTC().Truncate(time.Millisecond) // as it is kept
	if a.State.Stands() && (s.Do == Move || s.Do == Cancel) {
		next.RevokedUntil = latest(a.RevokedUntil, a.End().Add(Grace))
	}
	check := next.check
	if s.Do == Enter || s.Do == Submit || s.Do == Confirm {
		check = next.checkNamed
	}
	if err := check(); err != nil {
		return a, audit.Entry{}, err
	}
	return next, a.entry(s, next), nil
}

// contact takes over what the step knows of whose the appointment is.
func (a *Appointment) contact(s Step) {
	if s.Name.Reveal() != "" {
		a.Name = s.Name
	}
	if s.Email.Reveal() != "" {
		a.Email = s.Email
	}
	a.Language = cmp.Or(s.Language, a.Language)
}

// after is the state that the step leads to, by the ways and the clock.
func (a Appointment) after(s Step) (State, error) {
	all, arrival := ways(), appointment.OK
	if s.Do == Arrive {
		arrival = appointment.CheckIn(a.Start, a.End().Add(Grace), s.At)
	}
	i := slices.IndexFunc(all, func(w way) bool { return w.do == s.Do && slices.Contains(w.from, a.State) })
	switch over := !a.Until.IsZero() && !s.At.Before(a.Until); {
	case s.Revision != nil && *s.Revision != a.Revision:
		return a.State, ErrStale
	case i < 0:
		return a.State, fmt.Errorf("%w: it is %s and cannot be %s", ErrState, a.State, s.Do)
	case s.Do == Lapse && !over:
		return a.State, ErrEarly
	case (s.Do == Submit || s.Do == Confirm) && over:
		return a.State, ErrLate
	case s.Do == Offer && !s.Until.After(s.At):
		return a.State, ErrLate
	case s.Do == Move && !a.Start.After(s.At), arrival == appointment.TooLate:
		return a.State, ErrLate
	case arrival == appointment.TooEarly:
		return a.State, ErrEarly
	case s.Do == Move && a.Revision == maxRevision:
		return a.State, ErrMoves
	}
	return all[i].to, nil
}

// entry is the record of the step: the state before, or the slot that it is
// about. Who it is about is not said.
func (a Appointment) entry(s Step, next Appointment) audit.Entry {
	detail := string(a.State)
	if a.State == "" || s.Do == Move {
		detail = next.Location + " " + next.Start.Format("2006-01-02T15:04Z")
	}
	return audit.Entry{At: s.At, Actor: s.Actor, Action: "appointment-" + string(s.Do), Subject: a.ID.String(), Detail: detail}
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
