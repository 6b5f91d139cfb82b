// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/capture/panel"
	"github.com/fotobox-project/fotobox/daemon/session"
)

// pressedBy says in a word what each key means on the screen of a state: left, middle, right.
func pressedBy(s session.State, now time.Time) string {
	var words [3]string
	for i := range words {
		ev, ok := keyed(s, panel.LeftKey+panel.Input(i), "de", now)
		switch e := ev.(type) {
		case session.Pressed:
			words[i] = string(e.Button)
		case session.Spoke:
			words[i] = e.Language
		}
		if !ok {
			words[i] = "-"
		}
	}
	return fmt.Sprint(words)
}

func TestKeys(t *testing.T) {
	now := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	known := func(s session.State) session.State {
		s.Visit, s.Deadline = 7, now.Add(time.Minute)
		s.Code = appointment.Code{ID: appointment.ID{1}}
		return s
	}
	soon := known(session.State{Stage: session.Review})
	soon.Deadline = now.Add(19 * time.Second)
	for _, tc := range []struct {
		name  string
		state session.State
		want  string
	}{
		{"idle", session.State{}, "[- de-easy -]"},
		{"idle, speaking the last one", session.State{Language: "es"}, "[- de -]"},
		{"welcome", known(session.State{Stage: session.Welcome}), "[cancel de-easy start]"},
		{"position", known(session.State{Stage: session.Position}), "[cancel de-easy release]"},
		{"capture", known(session.State{Stage: session.Capture}), "[cancel de-easy -]"},
		{"review", known(session.State{Stage: session.Review}), "[retake de-easy keep]"},
		{"review without another photo", known(session.State{Stage: session.Review, Failures: session.MaxFailures}), "[counter de-easy keep]"},
		{"is anybody there?", soon, "[retake more keep]"},
		{"consent", known(session.State{Stage: session.Consent}), "[back de-easy agree]"},
		{"store", known(session.State{Stage: session.Store}), "[- de-easy -]"},
		{"done", session.State{Stage: session.Done, Deadline: now.Add(time.Minute)}, "[- de-easy cancel]"},
		{"out of order", session.State{Stage: session.OutOfOrder}, "[- de-easy -]"},
		{"out of order in a visit", known(session.State{Stage: session.OutOfOrder}), "[cancel de-easy counter]"},
	} {
		if got := pressedBy(tc.state, now); got != tc.want {
			t.Errorf("%s: got %s, want %s", tc.name, got, tc.want)
		}
	}
	keep, _ := keyed(session.State{Visit: 7, Stage: session.Review, Chosen: 1}, panel.RightKey, "de", now)
	if want := (session.Pressed{Visit: 7, Button: session.Keep, Photo: 1}); keep != session.Event(want) {
		t.Errorf("keep: got %+v, want %+v", keep, want)
	}
}
