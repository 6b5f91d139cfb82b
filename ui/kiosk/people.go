// SPDX-License-Identifier: EUPL-1.2

package kiosk

import (
	"cmp"
	"strings"

	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/ui/text"
)

// people lists what can be said of the person in the picture: one of the age bands,
// and whether the head is covered.
func people(s session.State, l text.Language) (list []Button) {
	for _, b := range []session.Button{session.ToAdult, session.ToChild, session.ToInfant} {
		one := button(l, b, "", secondary)
		one.On = session.Group(b) == cmp.Or(s.Group, session.Adult)
		list = append(list, one)
	}
	cover := button(l, session.Cover, "", secondary)
	cover.On = s.Covered
	return append(list, cover)
}

// subject is what has been said, and otherwise a question.
func subject(s session.State, l text.Language) string {
	var said []string
	if s.Group != "" {
		said = append(said, l.Text("button."+string(s.Group)))
	}
	if s.Covered {
		said = append(said, l.Text("button.cover"))
	}
	if len(said) == 0 {
		return l.Text("kiosk.word.people")
	}
	return strings.Join(said, ". ")
}

// aids lists how everybody can be served on every screen.
func aids(s session.State, l text.Language) []Button {
	return []Button{switched(s, session.Aloud, l), switched(s, session.Calm, l)}
}

// offer is what the right key does while the middle one offers something.
func offer(s session.State, l text.Language) *Button {
	if s.Menu == 0 {
		return nil
	}
	b := switched(s, s.Choices()[s.Menu-1], l)
	return &b
}

// switched is a button that says what pressing it changes.
func switched(s session.State, key session.Button, l text.Language) Button {
	b := button(l, key, s.Stage.String(), secondary)
	switch key {
	case session.Aloud:
		b.On = s.Aloud
	case session.Calm:
		b.On = s.Calm
	case session.Cover:
		b.On = s.Covered
	}
	if b.On {
		b.Label = l.Text("button." + string(key) + ".off")
	}
	return b
}
