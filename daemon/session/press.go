// SPDX-License-Identifier: EUPL-1.2

package session

import "time"

// A Button is one thing that a person can press.
type Button string

// The buttons. Each has one meaning, so that a double press cannot mean two things.
const (
	Start   Button = "start"   // Welcome: ready for the photo
	Release Button = "release" // Position: take the picture now
	Keep    Button = "keep"    // Review: this photo
	Retake  Button = "retake"  // Review: another one
	Agree   Button = "agree"   // Consent: seal it for the office
	Back    Button = "back"    // Consent: look at the photos again
	Cancel  Button = "cancel"  // any stage before Store: end, nothing is kept; Done: finish
	Counter Button = "counter" // any stage before Store: go on at the counter
	More    Button = "more"    // any stage that waits for a person: more time
)

// Buttons lists every button.
func Buttons() []Button {
	return []Button{Start, Release, Keep, Retake, Agree, Back, Cancel, Counter, More}
}

// press answers a button. One that means nothing in this stage, such as the
// second half of a double press, changes nothing.
func (s State) press(now time.Time, ev Pressed) (State, []Effect) {
	switch ev.Button {
	case Cancel, Counter:
		return s.leave(now, ev.Button)
	case More:
		return s.extend(now), nil
	}
	switch {
	case s.Stage == Welcome && ev.Button == Start:
		return s.enter(Position, now), nil
	case s.Stage == Position && ev.Button == Release:
		return s.shoot(now)
	case s.Stage == Review:
		return s.review(now, ev), nil
	case s.Stage == Consent:
		return s.consent(now, ev.Button)
	}
	return s, nil
}

func (s State) review(now time.Time, ev Pressed) State {
	switch {
	case ev.Button == Keep && 0 <= ev.Photo && ev.Photo < len(s.Photos):
		s.Chosen, s.Problem = ev.Photo, ""
		return s.enter(Consent, now)
	case ev.Button == Retake && s.MayRetake():
		s.Photos, s.Chosen = nil, 0
		return s.enter(Position, now)
	}
	return s
}

func (s State) consent(now time.Time, b Button) (State, []Effect) {
	switch b {
	case Agree:
		s.Problem = ""
		return s.enter(Store, now), []Effect{Seal{s.Visit, s.Code, s.Chosen}}
	case Back:
		s.Problem = ""
		return s.enter(Review, now), nil
	}
	return s, nil
}

// leave ends the visit at the person's wish. What is being stored is not taken back.
func (s State) leave(now time.Time, b Button) (State, []Effect) {
	switch {
	case s.Stage == Idle, s.Stage == Store, s.Stage == OutOfOrder && !s.Known():
		return s, nil
	case s.Stage == Done && b != Cancel:
		return s, nil
	case b == Counter:
		return s.end(Staff, now)
	case s.Stage == OutOfOrder:
		return s.abandon(now)
	}
	return s.forget()
}

// extend gives more time where the station waits for a person.
func (s State) extend(now time.Time) State {
	switch s.Stage {
	case Welcome, Position, Review, Consent, Done:
		if s.Extended < MaxExtensions {
			s.Extended++
			s.Deadline = now.Add(patience[s.Stage])
		}
	}
	return s
}
