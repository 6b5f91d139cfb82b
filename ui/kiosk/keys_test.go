// SPDX-License-Identifier: EUPL-1.2

package kiosk

import (
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/daemon/session"
)

func TestKeyed(t *testing.T) {
	now := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	tongue := session.State{Visit: 7, Menu: 2} // voice, then language
	for name, tc := range map[string]struct {
		state session.State
		key   session.Key
		want  session.Event
	}{
		"the photo that is chosen":   {session.State{Visit: 7, Stage: session.Review, Chosen: 1, Deadline: now.Add(time.Minute)}, session.RightKey, session.Pressed{Visit: 7, Button: session.Keep, Photo: 1}},
		"the next language":          {tongue, session.RightKey, session.Spoke{Visit: 7, Language: "de-easy"}},
		"and after the last, German": {with(tongue, func(s *session.State) { s.Language = "es" }), session.RightKey, session.Spoke{Visit: 7, Language: "de"}},
	} {
		if got, ok := Keyed(tc.state, tc.key, "de", now); got != tc.want || !ok {
			t.Errorf("%s: got %+v, %v, want %+v", name, got, ok, tc.want)
		}
	}
	if _, ok := Keyed(session.State{}, session.LeftKey, "de", now); ok {
		t.Error("the left key does something on the idle screen")
	}
}

func with(s session.State, change func(*session.State)) session.State {
	change(&s)
	return s
}
