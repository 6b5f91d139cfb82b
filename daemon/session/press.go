// SPDX-License-Identifier: EUPL-1.2

package session

import "time"

// A Button is one thing that a person can press.
type Button string

// The buttons. Each has one meaning, so that a double press cannot mean two things.
const (
	Start   Button = "start"   // Welcome: ready for the photo; Checked: go on to it
	Release Button = "release" // Position: take the picture now
	Keep    Button = "keep"    // Review: this photo
	Retake  Button = "retake"  // Review: another one
	Agree   Button = "agree"   // Consent: seal it for the office
	Back    Button = "back"    // Consent: look at the photos again
	Cancel  Button = "cancel"  // any stage before Store: end, nothing is kept but an arrival; Done: finish
	Counter Button = "counter" // any stage before Store: go on at the counter
	More    Button = "more"    // any stage that waits for a person: more time
	Other   Button = "other"   // Review: the next photo counts as chosen

	ToAdult  Button = "adult"  // Welcome, Position: the photo is of somebody aged 10 or over
	ToChild  Button = "child"  // the same: of a child below 10
	ToInfant Button = "infant" // the same: of a child below 6
	Cover    Button = "cover"  // the same: of somebody whose head is covered for religious reasons, or not

	Aloud  Button = "aloud"  // any stage: read the screens aloud, or stop it
	Repeat Button = "repeat" // any stage: read this screen again
	Calm   Button = "calm"   // any stage: steady light, or lights that signal
	Tongue Button = "tongue" // any stage: the next language; the screen tells it with Spoke

	Open  Button = "choices" // any stage: offer the first of Choices, then the next
	Close Button = "close"   // any stage: offer none
)

// Buttons lists every button.
func Buttons() []Button {
	return []Button{
		Start, Release, Keep, Retake, Agree, Back, Cancel, Counter, More, Other,
		ToAdult, ToChild, ToInfant, Cover, Aloud, Repeat, Calm, Tongue, Open, Close,
	}
}

// press answers a button. One that means nothing in this stage, such as the
// second half of a double press, changes nothing.
func (s State) press(now time.Time, ev Pressed) (State, []Effect) {
	switch ev.Button {
	case Cancel, Counter:
		return s.leave(now, ev.Button)
	case More:
		return s.extend(now), nil
	case Open, Close:
		return s.offer(now, ev.Button), nil
	case Aloud, Repeat, Calm:
		return s.serve(now, ev.Button), nil
	case ToAdult, ToChild, ToInfant, Cover:
		return s.portray(ev.Button), nil
	}
	switch {
	case s.Stage == Checked && ev.Button == Start:
		return s.enter(Welcome, now), nil
	case s.Stage == Welcome && ev.Button == Start:
		return s.enter(Position, now), nil
	case s.Stage == Position && ev.Button == Release:
		return s.shoot(now, true)
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
	case ev.Button == Other && len(s.Photos) > 0:
		s.Chosen = (s.Chosen + 1) % len(s.Photos)
	}
	return s
}

func (s State) consent(now time.Time, b Button) (State, []Effect) {
	switch b {
	case Agree:
		s.Problem = ""
		return s.enter(Store, now), []Effect{Seal{s.Visit, s.Code, s.Chosen, s.Subject}}
	case Back:
		s.Problem = ""
		return s.enter(Review, now), nil
	}
	return s, nil
}

// leave ends the visit at the person's wish. What is being stored is not taken back.
func (s State) leave(now time.Time, b Button) (State, []Effect) {
	switch {
	case s.Stage == Idle, s.Stage == CheckIn, s.Stage == Store, s.Stage == OutOfOrder && !s.Known():
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

// MayExtend reports whether the person may ask for more time: where the station waits
// for a person, and not for ever.
func (s State) MayExtend() bool {
	switch s.Stage {
	case Checked, Welcome, Position, Review, Consent, Done:
		return s.Extended < MaxExtensions
	}
	return false
}

// extend gives more time.
func (s State) extend(now time.Time) State {
	if s.MayExtend() {
		s.Extended++
		s.Menu = 0
		s.Deadline = now.Add(patience[s.Stage])
	}
	return s
}
