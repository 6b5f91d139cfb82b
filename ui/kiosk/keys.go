// SPDX-License-Identifier: EUPL-1.2

package kiosk

import (
	"slices"
	"time"

	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/ui/text"
)

// Keyed is what a key does on the screen of state s; false where it does nothing.
// own is what an idle station speaks.
func Keyed(s session.State, k session.Key, own text.Language, now time.Time) (session.Event, bool) {
	b, ok := s.Keyed(k, now)
	return pressed(s, b, s.Chosen, own), ok
}

// pressed is what the session hears of a button. Languages are the screen's affair.
func pressed(s session.State, b session.Button, photo int, own text.Language) session.Event {
	if b == session.Tongue {
		return session.Spoke{Visit: s.Visit, Language: string(nextLanguage(s, own))}
	}
	return session.Pressed{Visit: s.Visit, Button: b, Photo: photo}
}

// nextLanguage is the one after the one that the screen speaks, and after the last the first.
func nextLanguage(s session.State, own text.Language) text.Language {
	now, all := own, text.Languages()
	if l, ok := text.Parse(s.Language, all); ok {
		now = l
	}
	return all[(slices.Index(all, now)+1)%len(all)]
}
