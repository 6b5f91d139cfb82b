// SPDX-License-Identifier: EUPL-1.2

package session

import (
	"reflect"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
)

// drawn makes an event out of two bytes; one in eight belongs to another visit.
func drawn(kind, arg byte, s State) Event {
	visit := s.Visit
	if arg%8 == 7 {
		visit += 1 - 2*uint64(arg>>7)
	}
	code := appointment.Code{ID: appointment.ID{1, arg}, Start: noon.Add(time.Duration(arg) * time.Hour)}
	code.PhotoWanted = arg%3 > 0
	switch kind % 16 {
	case 0:
		return Scanned{code, appointment.OK, arg%2 == 0}
	case 1:
		return Scanned{code, appointment.WrongOffice, false}
	case 2, 3:
		return Pressed{visit, Buttons()[int(arg)%len(Buttons())], int(arg) % 4}
	case 4:
		return Seen{visit, []string{"", "nearer", "left"}[arg%3]}
	case 5:
		return Shot{visit, s.Attempts - int(arg>>6), make([]Photo, arg%4)}
	case 6:
		return Shot{visit, s.Attempts, []Photo{{Accepted: true}}}
	case 7:
		return Stored{visit, noon}
	case 8:
		return []Event{StoreFailed{visit, "full"}, Arrived{visit}}[arg%2]
	case 9:
		return []Event{Lost{Need: 1 << (arg / 2 % 5)}, Found{1 << (arg / 2 % 5)}}[arg%2]
	case 10:
		return Spoke{visit, "en"}
	case 11:
		return Plugged{arg%2 == 0}
	case 14:
		return Noted{visit, []time.Time{{}, noon}[arg%2]}
	case 15:
		return Told{visit, []appointment.Answer{appointment.OK, appointment.AlreadyCheckedIn, appointment.Moved, appointment.TooEarly}[arg%4], int(arg), arg%8 > 3}
	case 12:
		if b, ok := s.Keyed([]Key{LeftKey, MiddleKey, RightKey}[arg%3], s.Deadline.Add(-time.Duration(arg)*time.Second)); ok {
			return Pressed{visit, b, s.Chosen}
		}
	}
	return Tick{}
}

// FuzzStep plays any events in any order and checks what must always hold.
func FuzzStep(f *testing.F) {
	f.Add([]byte{0, 1, 0, 2, 0, 5, 4, 0, 9, 2, 1, 1, 6, 0, 1, 2, 3, 1, 2, 5, 5, 7, 0, 1, 11, 0, 255})
	f.Add([]byte{0, 1, 0, 9, 0, 1, 11, 0, 70, 9, 1, 0})
	f.Fuzz(func(t *testing.T, script []byte) {
		w := witness{t: t, wipes: map[uint64]int{}}
		s, now := State{}, noon
		for ; len(script) >= 3; script = script[3:] {
			now = now.Add(time.Duration(script[2]) * 200 * time.Millisecond)
			ev := drawn(script[0], script[1], s)
			next, effects := Step(s, now, ev)
			w.watch(s, next, ev, effects)
			s = next
		}
	})
}

// A witness knows the laws of the citizen's way.
type witness struct {
	t      *testing.T
	wipes  map[uint64]int
	agreed bool
}

func (w *witness) watch(was, is State, ev Event, effects []Effect) {
	w.firstLaw(was, is, ev, effects)
	w.forgetting(was, is)
	w.consent(was, ev)
	for _, e := range effects {
		w.effect(was, is, e)
	}
	if was.Known() && is.Visit != was.Visit && w.wipes[was.Visit] != 1 {
		w.t.Fatalf("visit %d ended with %d wipes, want 1 (%v to %v on %#v)", was.Visit, w.wipes[was.Visit], was.Stage, is.Stage, ev)
	}
	if is.Visit != was.Visit {
		w.agreed = false
	}
}

// firstLaw: an answer of another visit changes nothing.
func (w *witness) firstLaw(was, is State, ev Event, effects []Effect) {
	if of, ok := ev.(ofVisit); ok && of.visit() != was.Visit && (!reflect.DeepEqual(was, is) || effects != nil) {
		w.t.Fatalf("%#v of another visit changed %+v to %+v, effects %v", ev, was, is, effects)
	}
}

// forgetting: an idle station knows at most how somebody wants to be served, and
// everything that waits has a deadline.
func (w *witness) forgetting(was, is State) {
	bare := State{Visit: is.Visit, Plugged: is.Plugged, Manner: is.Manner, Menu: is.Menu, Said: is.Said, Deadline: is.Deadline}
	if is.Stage == Idle && !reflect.DeepEqual(is, bare) {
		w.t.Fatalf("the idle station remembers %+v", is)
	}
	if (is.Missing != 0) != (is.Stage == OutOfOrder) {
		w.t.Fatalf("%v, and missing is %q", is.Stage, is.Missing)
	}
	if is.Menu > len(is.Choices()) {
		w.t.Fatalf("choice %d of %v", is.Menu, is.Choices())
	}
	if is.Deadline.IsZero() && !reflect.DeepEqual(is, is.fresh(is.Visit)) {
		w.t.Fatalf("%v has no deadline", is.Stage)
	}
	if is.Visit < was.Visit || is.Visit > was.Visit+1 {
		w.t.Fatalf("visit %d follows visit %d", is.Visit, was.Visit)
	}
	if len(is.Photos) > 0 && is.Stage != Review && is.Stage != Consent && is.Stage != Store && is.Stage != OutOfOrder {
		w.t.Fatalf("%v still knows the photos", is.Stage)
	}
}

func (w *witness) consent(was State, ev Event) {
	if p, ok := ev.(Pressed); ok && p.Visit == was.Visit && p.Button == Agree && was.Stage == Consent {
		w.agreed = true
	}
}

func (w *witness) effect(was, is State, e Effect) {
	switch e := e.(type) {
	case Note:
		if e.Visit != is.Visit || e.Code != is.Code || is.Stage != CheckIn {
			w.t.Fatalf("%+v notes who is not in %+v", e, is)
		}
	case Seal:
		if !w.agreed {
			w.t.Fatal("sealed without consent")
		}
		if e.Visit != was.Visit || e.Code != was.Code || e.Subject != was.Subject || e.Chosen >= len(was.Photos) {
			w.t.Fatalf("%+v seals what is not of %+v", e, was)
		}
		w.agreed = false
	case Shoot:
		if e.Visit != was.Visit || !was.Known() || was.Attempts >= MaxAttempts {
			w.t.Fatalf("%+v in %+v", e, was)
		}
	case Wipe:
		// a refused code on the last screen of a visit begins and ends the next one
		if w.wipes[e.Visit]++; w.wipes[e.Visit] > 1 || e.Visit != was.Visit && e.Visit != is.Visit {
			w.t.Fatalf("visit %d wiped %d times, in %+v", e.Visit, w.wipes[e.Visit], was)
		}
	}
}

func TestEveryStageWaitsForATime(t *testing.T) {
	for g := Idle; g <= OutOfOrder; g++ {
		if Patience(g) <= 0 {
			t.Errorf("%v has no deadline in the table", g)
		}
	}
}

func TestStringTellsNothing(t *testing.T) {
	s := State{Visit: 7, Stage: Review, Code: appointment.Code{ID: appointment.ID{0xAB, 0xCD}}}
	if got, want := s.String(), "visit 7, review"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
