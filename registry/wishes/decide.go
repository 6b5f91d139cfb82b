// SPDX-License-Identifier: EUPL-1.2

package wishes

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/registry/audit"
	"github.com/fotobox-project/fotobox/registry/book"
	"github.com/fotobox-project/fotobox/registry/calendar"
)

// Why a step is not possible.
var (
	ErrState = errors.New("not possible in the wish's state")
	ErrLate  = errors.New("the time for it is over")
	ErrEarly = errors.New("the time for it has not come")
)

// A Verb is what is done with a wish, in the past as the record has it.
type Verb string

// The verbs. The first two make a wish.
const (
	Leave    Verb = "left"    // by somebody who has to show that the address is theirs
	Enter    Verb = "entered" // by the office, for somebody it knows
	Confirm  Verb = "confirmed"
	Offer    Verb = "offered"
	Accept   Verb = "accepted"
	Decline  Verb = "declined"
	Lapse    Verb = "lapsed"   // nobody answered the offer
	Recall   Verb = "recalled" // the office took the offer back
	Withdraw Verb = "withdrawn"
	End      Verb = "ended" // its time is over
)

// ConfirmTime is how long somebody has to answer the mail about a new wish. No
// seat waits for it.
const ConfirmTime = 24 * time.Hour

// A Step is something that happens to a wish.
type Step struct {
	Do    Verb
	At    time.Time
	Actor string         // who, for the record: "citizen", "clerk:name", "office"
	Offer appointment.ID // Offer: the seats that are kept for it
}

// A way leads from some states to one.
type way struct {
	do   Verb
	from []State
	to   State
}

// ways is every transition there is. What comes back to the queue may have ended meanwhile.
func ways() []way {
	return []way{
		{Leave, []State{""}, Submitted},
		{Enter, []State{""}, Waiting},
		{Confirm, []State{Submitted}, Waiting},
		{Offer, []State{Waiting}, Offered},
		{Accept, []State{Offered}, Placed},
		{Decline, []State{Offered}, Waiting},
		{Lapse, []State{Offered}, Waiting},
		{Recall, []State{Offered}, Waiting},
		{Withdraw, []State{Submitted, Waiting, Offered}, Withdrawn},
		{End, []State{Submitted}, Dropped},
		{End, []State{Waiting}, Over},
	}
}

// Decide says what the wish becomes when it may refuse so many offers, and what
// goes into the record; or why the step is not possible, and then it stays.
func (w Wish) Decide(s Step, refusals int) (Wish, audit.Entry, error) {
	today := calendar.DayOf(s.At, book.Zone())
	to, err := w.after(s, today)
	if err != nil {
		return w, audit.Entry{}, err
	}
	next := w
	next.State, next.Until, next.Offer = to, time.Time{}, appointment.ID{}
	switch s.Do {
	case Leave:
		next.Until = s.At.Add(ConfirmTime).UTC().Truncate(time.Millisecond) // as it is kept
	case Offer:
		next.Offer = s.Offer
		next.Offers++
	case Decline, Lapse:
		next.Refusals++
	}
	if s.Do == Leave || s.Do == Enter || s.Do == Confirm {
		next.Since = s.At.UTC().Truncate(time.Millisecond)
		if err := next.check(today); err != nil {
			return w, audit.Entry{}, err
		}
	}
	if next.State == Waiting { // it ends where it would wait for nothing
		next.State = next.ends(today, refusals)
	}
	return next, w.entry(s, next), nil
}

func (w Wish) ends(today calendar.Day, refusals int) State {
	switch {
	case w.Refusals >= refusals:
		return Refused
	case w.Last < today:
		return Over
	}
	return Waiting
}

// after is the state that the step leads to, by the ways and the clock.
func (w Wish) after(s Step, today calendar.Day) (State, error) {
	all := ways()
	i := slices.IndexFunc(all, func(y way) bool { return y.do == s.Do && slices.Contains(y.from, w.State) })
	late := !w.Until.IsZero() && !s.At.Before(w.Until)
	switch {
	case i < 0:
		return w.State, fmt.Errorf("%w: it is %s and cannot be %s", ErrState, w.State, s.Do)
	case s.Do == Confirm && (late || w.Last < today):
		return w.State, ErrLate
	case s.Do == End && w.State == Submitted && !late, s.Do == End && w.State == Waiting && w.Last >= today:
		return w.State, ErrEarly
	}
	return all[i].to, nil
}

// entry is the record of the step: the state that it led to, and of an offer
// which one. What was wished, and by whom, is not said.
func (w Wish) entry(s Step, next Wish) audit.Entry {
	detail := string(next.State)
	if s.Do == Offer {
		detail = next.Offer.String()
	}
	return audit.Entry{At: s.At, Actor: s.Actor, Action: "wish-" + string(s.Do), Subject: "wish:" + w.ID.String(), Detail: detail}
}
