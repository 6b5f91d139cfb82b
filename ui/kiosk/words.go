// SPDX-License-Identifier: EUPL-1.2

package kiosk

import (
	"strings"

	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/ui/text"
)

// The weights of a button.
const (
	primary   = "primary"
	secondary = "secondary"
	quiet     = "quiet"
)

// late is the variant of Welcome in which coming back is the better choice.
const late = "late"

// buttons lists what can be pressed, the likeliest first.
func buttons(s session.State, l text.Language) []Button {
	stage := s.Stage.String()
	one := func(key session.Button, kind string) Button { return button(l, key, stage, kind) }
	switch s.Stage {
	case session.Checked:
		return []Button{one(session.Start, primary), one(session.Cancel, secondary), one(session.Counter, quiet)}
	case session.Welcome:
		if s.Late {
			stage = late // its Cancel is "come back later": there is nothing else to cancel
			return []Button{one(session.Cancel, primary), one(session.Start, secondary), one(session.Counter, quiet)}
		}
		return ways(l, stage, one(session.Start, primary))
	case session.Position:
		if s.Slow {
			return ways(l, stage, one(session.Release, primary))
		}
		return ways(l, stage, one(session.Release, secondary))
	case session.Review:
		if s.MayRetake() {
			return ways(l, stage, one(session.Keep, primary), one(session.Retake, secondary))
		}
		return ways(l, stage, one(session.Keep, primary))
	case session.Consent:
		return ways(l, stage, one(session.Agree, primary), one(session.Back, secondary))
	case session.Capture:
		return ways(l, stage)
	case session.OutOfOrder:
		if s.Known() {
			return ways(l, stage)
		}
	case session.Done:
		if s.MayExtend() {
			return []Button{one(session.Cancel, primary), one(session.More, quiet)}
		}
		return []Button{one(session.Cancel, primary)}
	}
	return nil
}

// ways adds the two ways out that every screen before Store has: the counter, and ending it.
func ways(l text.Language, stage string, own ...Button) []Button {
	for _, key := range []session.Button{session.Counter, session.Cancel} {
		own = append(own, button(l, key, stage, quiet))
	}
	return own
}

func button(l text.Language, key session.Button, stage, kind string) Button {
	return Button{Key: string(key), Icon: icon(key, stage), Label: label(l, key, stage), Kind: kind}
}

// icon is a button's sign: its own, unless what it does here is another thing.
func icon(key session.Button, screen string) string {
	switch {
	case key == session.Cancel && screen == late:
		return "calendar"
	case key == session.Cancel && (screen == session.Done.String() || screen == session.Checked.String()):
		return string(session.Keep)
	case key == session.Cancel && screen == session.Consent.String():
		return "erased"
	}
	return string(key)
}

// label is a button's words; some read better with others on one screen.
func label(l text.Language, key session.Button, screen string) string {
	if special := "button." + string(key) + "." + screen; l.Has(special) {
		return l.Text(special)
	}
	return l.Text("button." + string(key))
}

// problem is what went wrong, in words. A key without a sentence of its own
// reads as a general one.
func problem(l text.Language, key string) string {
	if key == "" {
		return ""
	}
	if l.Has("problem." + key) {
		return l.Text("problem." + key)
	}
	return l.Text("problem.other")
}

// words are the page's own, by the last part of their keys.
func words(l text.Language) map[string]string {
	const prefix = "kiosk.word."
	all := map[string]string{}
	for key := range l.Keys() {
		if word, ok := strings.CutPrefix(key, prefix); ok {
			all[word] = l.Text(key)
		}
	}
	return all
}
