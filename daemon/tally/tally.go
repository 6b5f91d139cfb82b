// SPDX-License-Identifier: EUPL-1.2

// Package tally measures visits: how long each stage took, which hints were needed and how it ended.
package tally

import (
	"math"
	"time"

	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// How a visit ends that comes to no last screen. The other outcomes are the session's.
const (
	Cancelled   = "cancelled"   // at the person's wish
	WalkedAway  = "walked-away" // forgotten by a deadline
	Interrupted = "interrupted" // the station was out of order until the end, or its program was stopped
)

// Opening is how long the hint with which every guidance begins may stand without
// being counted: so long it has nothing to do with the person.
const Opening = 2 * session.HintRest

// A Tally is fed with every transition of a session and makes one record of every
// visit whose code was read. It keeps numbers and keys: no code, no photo, no language.
type Tally struct {
	Zone     *time.Location // of the day; nil is UTC
	Software string

	open *visit // nil: nobody is there
}

// A visit is what was measured so far.
type visit struct {
	record  enrolment.Visit
	stages  map[session.Stage]time.Duration
	hints   map[string]shown
	since   time.Time // the newest transition
	stage   session.Stage
	outcome session.Outcome

	hint    string
	stood   time.Duration // how long it has stood
	opening bool          // it is the one with which the guidance began
}

type shown struct {
	times int
	long  time.Duration
}

// Step takes a transition. The record has no ID; ended is false while the visit lasts.
func (t *Tally) Step(was, is session.State, at time.Time) (record enrolment.Visit, ended bool) {
	switch {
	case t.open == nil:
	case was.Visit == is.Visit:
		t.open.pass(at)
		t.open.note(was, is)
	default:
		t.open.pass(at)
		record, ended = t.open.end(ending(was, at)), true
		t.open = nil
	}
	if t.open == nil && (is.Known() || is.Stage == session.Done) {
		t.open = t.begin(is, at)
	}
	return record, ended
}

// Stop is the end of the program at that time: a visit under way is interrupted.
func (t *Tally) Stop(at time.Time) (record enrolment.Visit, ended bool) {
	if t.open == nil {
		return enrolment.Visit{}, false
	}
	t.open.pass(at)
	outcome := string(t.open.outcome)
	if t.open.stage != session.Done {
		outcome = Interrupted
	}
	record, t.open = t.open.end(outcome), nil
	return record, true
}

func (t *Tally) begin(is session.State, at time.Time) *visit {
	zone := t.Zone
	if zone == nil {
		zone = time.UTC
	}
	return &visit{
		record: enrolment.Visit{Day: at.In(zone).Format(time.DateOnly), Software: t.Software, Answer: string(is.Answer)},
		stages: map[session.Stage]time.Duration{}, hints: map[string]shown{},
		since: at, stage: is.Stage, outcome: is.Outcome,
	}
}

// ending is how the visit ended that was in this state until then.
func ending(was session.State, at time.Time) string {
	switch {
	case was.Stage == session.Done:
		return string(was.Outcome)
	case was.Stage == session.Checked: // who leaves there came for that
		return string(session.Present)
	case was.Stage == session.OutOfOrder:
		return Interrupted
	case at.Before(was.Deadline):
		return Cancelled
	}
	return WalkedAway
}

// pass adds the time since the newest transition to what was shown meanwhile.
func (v *visit) pass(at time.Time) {
	d := max(0, at.Sub(v.since))
	v.since = at
	v.stages[v.stage] += d
	v.stood += d
}

// note takes what a transition within the visit says.
func (v *visit) note(was, is session.State) {
	r := &v.record
	r.Attempts = max(r.Attempts, is.Attempts)
	r.Failures = max(r.Failures, is.Failures, unseen(was, is))
	if was.Stage == session.Review && is.Stage == session.Position {
		r.Retakes++
	}
	if was.Stage != session.OutOfOrder && is.Stage == session.OutOfOrder {
		r.Pauses++
	}
	if is.Problem != "" && is.Problem != was.Problem {
		if r.Problems == nil {
			r.Problems = map[string]int{}
		}
		r.Problems[is.Problem]++
	}
	r.MoreTime = r.MoreTime || is.Extended > was.Extended
	v.follow(was, is)
	v.stage, v.outcome = is.Stage, is.Outcome
}

// unseen is the number of failures after a burst whose failure ended the visit: the
// session has forgotten it together with the citizen.
func unseen(was, is session.State) int {
	if was.Stage != session.Capture || is.Stage != session.Done {
		return 0
	}
	if was.Failures++; was.MayRetake() {
		return 0 // the person pressed a button
	}
	return was.Failures
}

// follow notes that another hint stands.
func (v *visit) follow(was, is session.State) {
	begins := was.Stage != session.Position && is.Stage == session.Position
	if is.Hint == v.hint && !begins {
		return
	}
	v.settle()
	v.hint, v.opening = is.Hint, begins
}

// settle counts the hint that stood.
func (v *visit) settle() {
	if v.hint != "" && (!v.opening || v.stood >= Opening) {
		h := v.hints[v.hint]
		v.hints[v.hint] = shown{h.times + 1, h.long + v.stood}
	}
	v.hint, v.stood = "", 0
}

func (v *visit) end(outcome string) enrolment.Visit {
	v.settle()
	r := v.record
	r.Outcome = outcome
	r.FirstTry = r.Stored() && r.Attempts == 1 && r.Failures == 0
	r.Seconds = map[string]float64{}
	for stage, d := range v.stages {
		r.Seconds[stage.String()] = seconds(d)
	}
	for key, h := range v.hints {
		if r.Hints == nil {
			r.Hints = map[string]enrolment.Shown{}
		}
		r.Hints[key] = enrolment.Shown{Times: h.times, Seconds: seconds(h.long)}
	}
	return r
}

// seconds rounds to 0.1 s.
func seconds(d time.Duration) float64 { return math.Round(d.Seconds()*10) / 10 }
