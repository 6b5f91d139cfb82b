// SPDX-License-Identifier: EUPL-1.2

package session

import (
	"time"

	"github.com/fotobox-project/fotobox/appointment"
)

// AnswerTime is how long the screen waits for the office once the arrival is noted.
const AnswerTime = 3 * time.Second

// An Arrival is how far the person's check-in is. It is zero where nobody is checked in.
type Arrival struct {
	At     time.Time          // when the person was there; the zero time while the station has not noted it durably
	Answer appointment.Answer // the office's; empty while it has given none
	Number int                // by which the person is called, 0 when none is known
	Photo  bool               // the office has a photo of somebody with the code
}

// Refused reports whether the office does not take the arrival.
func (a Arrival) Refused() bool {
	return a.Answer != "" && a.Answer != appointment.OK && a.Answer != appointment.AlreadyCheckedIn
}

// noted goes on once the station has the arrival durably, or could not keep it.
func (s State) noted(now time.Time, ev Noted) (State, []Effect) {
	switch {
	case s.Stage == CheckIn && ev.At.IsZero():
		return s.checked(now)
	case s.Stage == CheckIn:
		s.Arrival.At, s.Deadline = ev.At, now.Add(AnswerTime)
	case s.Known():
		s.Arrival.At = ev.At // the disk was slow, or the answer overtook it
	}
	return s, nil
}

// told takes the office's answer. On a fast line it overtakes Noted; a late one shows
// wherever the person is by then.
func (s State) told(now time.Time, ev Told) (State, []Effect) {
	if s.Stage != CheckIn && s.Arrival.At.IsZero() {
		return s, nil
	}
	s.Arrival = Arrival{s.Arrival.At, ev.Answer, ev.Number, ev.Photo}
	switch {
	case s.Stage == CheckIn, s.Stage == Checked:
		return s.checked(now)
	case s.Stage == Done && s.Outcome == Present:
		if s.Arrival.Refused() {
			s.Outcome, s.Answer = Refused, ev.Answer
		}
		return s.enter(Done, now), nil
	}
	return s, nil
}

// checked shows what has come of the arrival; a photo that is wanted still comes next.
// Several persons have one code: nobody knows of whom the office's photo is.
func (s State) checked(now time.Time) (State, []Effect) {
	switch {
	case s.Arrival.Answer == appointment.TooEarly: // by the office's clock: the photo alone, as for everybody who is early
		s.Arrival = Arrival{}
		return s.enter(Welcome, now), nil
	case s.Arrival.Refused():
		s.Answer, s.Arrival = s.Arrival.Answer, Arrival{}
		return s.end(Refused, now)
	case !s.Code.PhotoWanted, s.Arrival.Photo && s.Code.Persons <= 1:
		return s.end(Present, now)
	}
	return s.enter(Checked, now), nil
}
