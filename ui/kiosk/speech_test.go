// SPDX-License-Identifier: EUPL-1.2

package kiosk

import (
	"slices"
	"strings"
	"testing"

	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/ui/text"
	"github.com/fotobox-project/fotobox/ui/voice"
)

// TestAloud: whoever hears a screen hears its title, what to do, and the keys; all of it
// is recorded, but for the office's name. A silent screen says nothing.
func TestAloud(t *testing.T) {
	set := settings()
	for _, l := range text.Languages() {
		recorded := slices.Collect(voice.Sentences(l))
		for name, s := range screens() {
			s.Language = string(l)
			s.Aloud = false
			if d := newScreen(set, boot{}).document(s, noon); len(d.Speech)+len(d.Cue)+len(d.Call) > 0 {
				t.Errorf("%s in %s speaks unasked", name, l)
			}
			s.Aloud = true
			d := newScreen(set, boot{}).document(s, noon)
			said := sentences(d.Speech)
			if said[0] != d.Title || s.Stage != session.Consent && d.Text != "" && !slices.Contains(said, d.Text) || !slices.Contains(said, l.Text("kiosk.word.middle-key")) {
				t.Errorf("%s in %s says %q", name, l, said)
			}
			for _, u := range slices.Concat(d.Speech, d.Cue, d.Call) {
				known := u.Text == set.Office || slices.ContainsFunc(d.Facts, func(f Fact) bool { return f.Value == u.Text && !f.at.IsZero() })
				if !slices.Contains(recorded, u.Text) && !known {
					t.Errorf("%s in %s: %q is not recorded", name, l, u.Text)
				}
			}
		}
	}
}

func sentences(list []Utterance) (all []string) {
	for _, u := range list {
		all = append(all, u.Text)
	}
	return all
}

// TestCue: what changes on a screen is said by itself, and the screen is not said again.
func TestCue(t *testing.T) {
	c := newScreen(settings(), boot{})
	at := func(s session.State) Document {
		s.Aloud = true
		return c.document(s, noon)
	}
	position := session.State{Stage: session.Position, Code: code(), Hint: "left"}
	review := session.State{Stage: session.Review, Code: code(), Photos: []session.Photo{{Accepted: true}, {Accepted: true, Advice: []string{"roll.low"}}}}
	for name, tc := range map[string]struct {
		state  session.State
		change func(*session.State)
		want   string
	}{
		"a hint":                  {position, func(s *session.State) { s.Hint = "up" }, text.Language("de").Text("hint.up")},
		"everything holds":        {position, func(s *session.State) { s.Hint = "" }, text.Language("de").Text("kiosk.hold")},
		"ten seconds in vain":     {position, func(s *session.State) { s.Slow = true }, text.Language("de").Text("kiosk.slow.place")},
		"the other photo":         {review, func(s *session.State) { s.Chosen = 1 }, text.Language("de").Text("advice.roll.low")},
		"something to choose":     {review, func(s *session.State) { s.Menu = 2 }, text.Language("de").Text("button.other")},
		"and the next of choices": {position, func(s *session.State) { s.Menu = 2 }, text.Language("de").Text("button.infant")},
	} {
		was := at(tc.state)
		tc.change(&tc.state)
		is := at(tc.state)
		if got := sentences(is.Cue); !slices.Contains(got, tc.want) || slices.Equal(got, sentences(was.Cue)) {
			t.Errorf("%s: says %q, want %q", name, got, tc.want)
		}
		if !slices.Equal(sentences(is.Speech), sentences(was.Speech)) {
			t.Errorf("%s: the whole screen is said again", name)
		}
	}
}

// TestSpokenDate: a date is put together from what is recorded, in one piece otherwise.
func TestSpokenDate(t *testing.T) {
	d := newScreen(settings(), boot{}).document(session.State{Stage: session.Welcome, Code: code(), Manner: session.Manner{Aloud: true}}, noon)
	got := strings.Join(sentences(d.Speech), " ")
	want := "Montag, 20. November 2028, 14:30 Uhr"
	if voice.Built() {
		want = "Montag 20 November 14 30"
	}
	if !strings.Contains(got, want) {
		t.Errorf("says %q, want %q in it", got, want)
	}
}
