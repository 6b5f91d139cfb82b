// SPDX-License-Identifier: EUPL-1.2

package session

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
)

// pressedBy says what each key means on the screen of a state: left, middle, right.
func pressedBy(s State, now time.Time) string {
	var words []string
	for _, k := range []Key{LeftKey, MiddleKey, RightKey} {
		b, ok := s.Keyed(k, now)
		if !ok {
			b = "-"
		}
		words = append(words, string(b))
	}
	return fmt.Sprint(words)
}

// known is a state of somebody's visit with a minute left.
func known(s State) State {
	s.Visit, s.Deadline, s.Code = 7, noon.Add(time.Minute), appointment.Code{ID: appointment.ID{1}}
	return s
}

func TestKeyed(t *testing.T) {
	soon := known(State{Stage: Review})
	soon.Deadline = noon.Add(19 * time.Second)
	for _, tc := range []struct {
		name  string
		state State
		want  string
	}{
		{"idle", State{}, "[- choices -]"},
		{"idle, offering the voice", State{Menu: 1}, "[close choices aloud]"},
		{"welcome", known(State{Stage: Welcome}), "[cancel choices start]"},
		{"welcome, offering a child's photo", known(State{Stage: Welcome, Menu: 3}), "[close choices child]"},
		{"position", known(State{Stage: Position}), "[cancel choices release]"},
		{"capture", known(State{Stage: Capture}), "[cancel choices -]"},
		{"review", known(State{Stage: Review}), "[retake choices keep]"},
		{"review without another photo", known(State{Stage: Review, Failures: MaxFailures}), "[counter choices keep]"},
		{"is anybody there?", soon, "[retake more keep]"},
		{"consent", known(State{Stage: Consent}), "[back choices agree]"},
		{"store", known(State{Stage: Store}), "[- choices -]"},
		{"done", State{Stage: Done, Deadline: noon.Add(time.Minute)}, "[- choices cancel]"},
		{"out of order", State{Stage: OutOfOrder}, "[- choices -]"},
		{"out of order in a visit", known(State{Stage: OutOfOrder}), "[cancel choices counter]"},
	} {
		if got := pressedBy(tc.state, noon); got != tc.want {
			t.Errorf("%s: got %s, want %s", tc.name, got, tc.want)
		}
	}
}

// TestEverythingByKeys: on every screen each button that means something there is
// on a key or among the choices, and not on both.
func TestEverythingByKeys(t *testing.T) {
	for g := Idle; g <= OutOfOrder; g++ {
		s := known(State{Stage: g, Photos: make([]Photo, 2)})
		if g == Idle || g == Done {
			s.Code, s.Photos = appointment.Code{}, nil
		}
		last := s // with no photo left to take
		last.Failures = MaxFailures
		for _, s := range []State{s, last} {
			everythingByKeys(t, s)
		}
	}
}

func everythingByKeys(t *testing.T, s State) {
	t.Helper()
	left, _ := s.left()
	right, _ := s.right()
	for _, b := range s.Choices() {
		if b == left || b == right {
			t.Errorf("%v: %q is offered and on a key", s.Stage, b)
		}
	}
	reach := append(s.Choices(), left, right)
	for _, b := range Buttons() {
		next, effects := Step(s, noon, Pressed{s.Visit, b, 1})
		changes := fmt.Sprint(next) != fmt.Sprint(s) || len(effects) > 0 || next.Chosen != s.Chosen
		if changes && b != Open && b != Close && !slices.Contains(reach, b) {
			t.Errorf("%v: nothing leads to %q by keys, only to %q", s.Stage, b, reach)
		}
	}
}
