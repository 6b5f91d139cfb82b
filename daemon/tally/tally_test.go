// SPDX-License-Identifier: EUPL-1.2

package tally

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// late is an hour before midnight in Berlin, and another day in UTC an hour later.
var late = time.Date(2026, 12, 1, 22, 30, 0, 0, time.UTC)

// A play steps through a session and tallies it.
type play struct {
	t       testing.TB
	tally   Tally
	s       session.State
	now     time.Time
	wiped   map[uint64]bool
	records []enrolment.Visit
}

func newPlay(t testing.TB) *play {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return &play{t: t, tally: Tally{Zone: berlin, Software: "stationd 1"}, now: late, wiped: map[uint64]bool{}}
}

// after plays an event so many seconds later.
func (p *play) after(seconds float64, ev session.Event) {
	p.t.Helper()
	p.now = p.now.Add(time.Duration(seconds * float64(time.Second)))
	was := p.s
	var effects []session.Effect
	p.s, effects = session.Step(was, p.now, ev)
	for _, e := range effects {
		if w, ok := e.(session.Wipe); ok {
			p.wiped[w.Visit] = true
		}
	}
	if r, ended := p.tally.Step(was, p.s, p.now); ended {
		if !p.wiped[was.Visit] {
			p.t.Errorf("visit %d has a record and was not wiped", was.Visit)
		}
		p.records = append(p.records, r)
	}
}

func (p *play) press(seconds float64, b session.Button) {
	p.t.Helper()
	p.after(seconds, session.Pressed{Visit: p.s.Visit, Button: b})
}

func (p *play) seen(seconds float64, hint string) {
	p.t.Helper()
	p.after(seconds, session.Seen{Visit: p.s.Visit, Hint: hint})
}

func (p *play) shot(seconds float64, photos ...session.Photo) {
	p.t.Helper()
	p.after(seconds, session.Shot{Visit: p.s.Visit, Attempt: p.s.Attempts, Photos: photos})
}

var (
	good = session.Photo{Accepted: true}
	bad  = session.Photo{}
	code = session.Scanned{Code: appointment.Code{ID: appointment.ID{1}, Start: late}, Answer: appointment.OK}
)

// store goes from the review to the last screen in 11 s.
func (p *play) store() {
	p.press(5, session.Keep)
	p.press(4, session.Agree)
	p.after(2, session.Stored{Visit: p.s.Visit})
}

type record = enrolment.Visit

// A story is a visit and what is to be measured of it, day and software left out.
type story struct {
	script func(*play)
	want   record
}

func (s story) check(t *testing.T) {
	p := newPlay(t)
	s.script(p)
	s.want.Day, s.want.Software = "2026-12-01", "stationd 1"
	if diff := cmp.Diff([]record{s.want}, p.records); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
}

// TestLastScreen has visits that come to one.
func TestLastScreen(t *testing.T) {
	for name, s := range map[string]story{
		"first try": {func(p *play) {
			p.after(0, code)
			p.press(5, session.Start)
			p.seen(1, "nearer") // stands 4 s
			p.seen(4, "")
			p.seen(1.25, "") // has held
			p.shot(2.5, good)
			p.store()
			p.after(1, session.Arrived{Visit: p.s.Visit})
			p.after(20, session.Tick{})
		}, record{
			Outcome: "delivered", FirstTry: true, Attempts: 1, Hints: map[string]enrolment.Shown{"nearer": {Times: 1, Seconds: 4}},
			Seconds: map[string]float64{"welcome": 5, "position": 6.3, "capture": 2.5, "review": 5, "consent": 4, "store": 2, "done": 21},
		}},
		"a retake, and the next citizen scans": {func(p *play) {
			p.after(0, code)
			p.press(5, session.Start)
			p.press(3, session.Release) // the first hint stood too long to be the beginning's
			p.shot(2, bad)
			p.press(6, session.Retake)
			p.press(1, session.More)
			p.press(0, session.Release)
			p.shot(2, good)
			p.store()
			p.after(3, code)
		}, record{
			Outcome: "kept", Attempts: 2, Failures: 1, Retakes: 1, MoreTime: true, Hints: map[string]enrolment.Shown{"no-face": {Times: 1, Seconds: 3}},
			Seconds: map[string]float64{"welcome": 5, "position": 4, "capture": 4, "review": 11, "consent": 4, "store": 2, "done": 3},
		}},
		"a photo that nobody asked for twice is no first try": {func(p *play) {
			p.after(0, code)
			p.press(1, session.Start)
			p.press(1, session.Release)
			p.shot(1, bad)
			p.store()
			p.after(20, session.Tick{})
		}, record{
			Outcome: "kept", Attempts: 1, Failures: 1,
			Seconds: map[string]float64{"welcome": 1, "position": 1, "capture": 1, "review": 5, "consent": 4, "store": 2, "done": 20},
		}},
		"three bursts without anybody": {func(p *play) {
			p.after(0, code)
			p.press(1, session.Start)
			for range 3 {
				p.press(1, session.Release)
				p.shot(1)
			}
			p.after(20, session.Tick{})
		}, record{
			Outcome: "staff", Attempts: 3, Failures: 3, Problems: map[string]int{"no-photo": 2},
			Seconds: map[string]float64{"welcome": 1, "position": 3, "capture": 3, "done": 20},
		}},
		"to the counter during the first burst": {func(p *play) {
			p.after(0, code)
			p.press(1, session.Start)
			p.press(1, session.Release)
			p.press(1, session.Counter)
			p.press(2, session.Cancel)
		}, record{Outcome: "staff", Attempts: 1, Seconds: map[string]float64{"welcome": 1, "position": 1, "capture": 1, "done": 2}}},
		"refused code": {func(p *play) {
			p.after(0, session.Scanned{Answer: appointment.WrongOffice})
			p.after(20, session.Tick{})
		}, record{Outcome: "refused", Answer: "wrong_office", Seconds: map[string]float64{"done": 20}}},
	} {
		t.Run(name, s.check)
	}
}

// TestNoLastScreen has visits that end without one, and with the program.
func TestNoLastScreen(t *testing.T) {
	for name, s := range map[string]story{
		"cancelled": {func(p *play) {
			p.after(0, code)
			p.press(7.04, session.Cancel)
		}, record{Outcome: Cancelled, Seconds: map[string]float64{"welcome": 7}}},
		"checked in, and gone": {func(p *play) {
			p.after(0, session.Scanned{Code: appointment.Code{ID: appointment.ID{1}, PhotoWanted: true}, Answer: appointment.OK, Arrives: true})
			p.after(1, session.Told{Visit: p.s.Visit, Answer: appointment.OK, Number: 471})
			p.press(7, session.Cancel)
		}, record{Outcome: "checked-in", Seconds: map[string]float64{"check-in": 1, "checked": 7}}},
		"walked away": {func(p *play) {
			p.after(0, code)
			p.after(90, session.Tick{})
		}, record{Outcome: WalkedAway, Seconds: map[string]float64{"welcome": 90}}},
		"out of order until the end": {func(p *play) {
			p.after(0, code)
			p.after(2, session.Lost{Need: session.Camera})
			p.after(60, session.Tick{})
			p.after(9, session.Found{Need: session.Camera})
		}, record{Outcome: Interrupted, Pauses: 1, Seconds: map[string]float64{"welcome": 2, "out-of-order": 60}}},
		"the program stops": {func(p *play) {
			p.after(0, code)
			p.now = p.now.Add(3 * time.Second)
			p.stop()
		}, record{Outcome: Interrupted, Seconds: map[string]float64{"welcome": 3}}},
		"the program stops on the last screen": {func(p *play) {
			p.after(0, code)
			p.press(1, session.Counter)
			p.now = p.now.Add(3 * time.Second)
			p.stop()
		}, record{Outcome: "staff", Seconds: map[string]float64{"welcome": 1, "done": 3}}},
	} {
		t.Run(name, s.check)
	}
}

func (p *play) stop() {
	if r, ended := p.tally.Stop(p.now); ended {
		p.records = append(p.records, r)
	}
}

// TestDay: the day is the station's, not that of UTC.
func TestDay(t *testing.T) {
	p := newPlay(t)
	p.now = late.Add(time.Hour)
	p.after(0, code)
	p.stop()
	p.stop()
	if len(p.records) != 1 || p.records[0].Day != "2026-12-02" {
		t.Errorf("got %+v, want one record of 2026-12-02", p.records)
	}
	if r, ended := new(Tally).Stop(late); ended {
		t.Errorf("a tally of nobody ended with %+v", r)
	}
}

// TestStored: office and station mean the same by an outcome.
func TestStored(t *testing.T) {
	for outcome, want := range map[session.Outcome]bool{session.Kept: true, session.Delivered: true, session.NotStored: false, session.Staff: false, session.Refused: false} {
		v := enrolment.Visit{Outcome: string(outcome)}
		if v.Stored() != want || v.Refused() != (outcome == session.Refused) {
			t.Errorf("%s: stored %v, refused %v", outcome, v.Stored(), v.Refused())
		}
	}
	v := enrolment.Visit{Seconds: map[string]float64{session.Welcome.String(): 5, session.OutOfOrder.String(): 2, session.Done.String(): 20}}
	if v.Way() != 7 {
		t.Errorf("the way took %v s, want 7", v.Way())
	}
}

// drawn makes an event out of two bytes; some belong to another visit.
func drawn(kind, arg byte, s session.State) session.Event {
	visit := s.Visit
	if arg%16 == 15 {
		visit++
	}
	c := code
	c.Code.ID[1] = arg
	switch kind % 11 {
	case 0:
		return c
	case 1:
		return session.Scanned{Answer: appointment.WrongOffice}
	case 2, 3:
		return session.Pressed{Visit: visit, Button: session.Buttons()[int(arg)%len(session.Buttons())]}
	case 4:
		return session.Seen{Visit: visit, Hint: []string{"", "nearer", "left"}[arg%3]}
	case 5:
		return session.Shot{Visit: visit, Attempt: s.Attempts, Photos: make([]session.Photo, arg%3)}
	case 6:
		return session.Shot{Visit: visit, Attempt: s.Attempts, Photos: []session.Photo{good}}
	case 7:
		return session.Stored{Visit: visit}
	case 8:
		return []session.Event{session.StoreFailed{Visit: visit, Problem: "full"}, session.Arrived{Visit: visit}}[arg%2]
	case 9:
		return []session.Event{session.Lost{Need: session.Camera}, session.Found{Need: session.Camera}}[arg%2]
	}
	return session.Tick{}
}

// FuzzTally plays any events: every visit of a code that was read has exactly one
// record, and its times add up.
func FuzzTally(f *testing.F) {
	f.Add([]byte{0, 1, 0, 2, 0, 5, 4, 0, 9, 2, 1, 1, 6, 0, 1, 2, 2, 1, 2, 4, 5, 7, 0, 1, 10, 0, 255, 0, 2, 9, 2, 6, 3})
	f.Add([]byte{0, 1, 0, 9, 0, 1, 10, 0, 255, 10, 0, 255, 9, 1, 0, 1, 1, 1, 1, 1, 1, 0, 1, 1})
	f.Add([]byte{0, 1, 0, 2, 0, 5, 2, 1, 1, 5, 0, 1, 2, 1, 1, 5, 0, 1, 2, 1, 1, 5, 0, 1, 0, 1, 0})
	f.Fuzz(func(t *testing.T, script []byte) {
		p := newPlay(t)
		began := map[uint64]time.Time{}
		for ; len(script) >= 3; script = script[3:] {
			visit, n := p.s.Visit, len(p.records)
			p.after(float64(script[2])/5, drawn(script[0], script[1], p.s))
			if _, ok := began[p.s.Visit]; !ok && (p.s.Known() || p.s.Stage == session.Done) {
				began[p.s.Visit] = p.now
			}
			if len(p.records) > n {
				check(t, p.records[n], p.now.Sub(began[visit]))
			}
		}
		n := len(p.records)
		p.stop()
		if len(p.records) > n {
			check(t, p.records[n], p.now.Sub(began[p.s.Visit]))
		}
		if len(p.records) != len(began) {
			t.Fatalf("%d visits have %d records", len(began), len(p.records))
		}
	})
}

// check looks for what no visit can be.
func check(t *testing.T, r enrolment.Visit, took time.Duration) {
	t.Helper()
	sum := 0.0
	for _, s := range r.Seconds {
		sum += s
	}
	if rounding := 0.051 * float64(len(r.Seconds)); math.Abs(sum-took.Seconds()) > rounding {
		t.Fatalf("the stages took %v s, the visit %v: %+v", sum, took, r)
	}
	hinted := 0.0
	for key, h := range r.Hints {
		if hinted += h.Seconds - 0.051; h.Times < 1 || key == "" {
			t.Fatalf("hint %q was shown %d times", key, h.Times)
		}
	}
	if hinted > r.Seconds["position"]+0.051 {
		t.Fatalf("hints stood longer than the guidance took: %+v", r)
	}
	if r.Failures > r.Attempts || r.Attempts > session.MaxAttempts || r.Retakes > r.Attempts {
		t.Fatalf("counts: %+v", r)
	}
	if r.Outcome == "" || r.FirstTry && (!r.Stored() || r.Attempts != 1 || r.Failures != 0) || r.Refused() != (r.Answer != "") {
		t.Fatalf("outcome: %+v", r)
	}
}
