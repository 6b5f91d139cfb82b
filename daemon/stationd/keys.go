// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"slices"
	"time"

	"github.com/fotobox-project/fotobox/capture/panel"
	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/ui/kiosk"
	"github.com/fotobox-project/fotobox/ui/text"
)

// keyRest is how long keys rest after the screen has changed: whoever presses twice, or presses
// what was there a moment ago, does not press what has come in its place.
const keyRest = 700 * time.Millisecond

// keyed is what a key means on the screen of state s: what one of the page's buttons does. The right
// key goes on, the left one goes back, the middle one asks for more time where the page asks whether
// anybody is there, and changes the language otherwise. own is what an idle station speaks.
func keyed(s session.State, in panel.Input, own text.Language, now time.Time) (session.Event, bool) {
	b, ok := session.Button(""), false
	switch in {
	case panel.LeftKey:
		b, ok = leftKey(s)
	case panel.RightKey:
		b, ok = rightKey(s)
	case panel.MiddleKey:
		if !asked(s, now) {
			return session.Spoke{Visit: s.Visit, Language: string(nextLanguage(s, own))}, true
		}
		b, ok = session.More, true
	}
	return session.Pressed{Visit: s.Visit, Button: b, Photo: s.Chosen}, ok
}

func leftKey(s session.State) (session.Button, bool) {
	switch s.Stage {
	case session.Welcome, session.Position, session.Capture:
		return session.Cancel, true
	case session.Review:
		if s.MayRetake() {
			return session.Retake, true
		}
		return session.Counter, true
	case session.Consent:
		return session.Back, true
	case session.OutOfOrder:
		return session.Cancel, s.Known()
	}
	return "", false
}

func rightKey(s session.State) (session.Button, bool) {
	switch s.Stage {
	case session.Welcome:
		return session.Start, true
	case session.Position:
		return session.Release, true
	case session.Review:
		return session.Keep, true
	case session.Consent:
		return session.Agree, true
	case session.Done: // finish
		return session.Cancel, true
	case session.OutOfOrder:
		return session.Counter, s.Known()
	}
	return "", false
}

// asked reports whether the page asks at this moment whether anybody is there.
func asked(s session.State, now time.Time) bool {
	switch s.Stage {
	case session.Welcome, session.Position, session.Review, session.Consent, session.Done:
		return s.Extended < session.MaxExtensions && s.Deadline.Sub(now) <= kiosk.Notice*time.Second
	}
	return false
}

// nextLanguage is the one after the one that the screen speaks, and after the last the first.
func nextLanguage(s session.State, own text.Language) text.Language {
	now, all := own, text.Languages()
	if l, ok := text.Parse(s.Language, all); ok {
		now = l
	}
	return all[(slices.Index(all, now)+1)%len(all)]
}
