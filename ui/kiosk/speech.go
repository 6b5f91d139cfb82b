// SPDX-License-Identifier: EUPL-1.2

package kiosk

import (
	"strconv"
	"strings"
	"time"

	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/ui/text"
	"github.com/fotobox-project/fotobox/ui/voice"
)

// voicePath is where the page hears the clips.
const voicePath = "/voice/"

// utter is a sentence in the language's recorded voice, where there is one.
func utter(l text.Language, sentence string) Utterance {
	name, ok := voice.Clip(l, sentence)
	if !ok {
		return Utterance{Text: sentence}
	}
	return Utterance{sentence, voicePath + name}
}

// aloud adds what is read out: the screen from top to bottom, what the keys do, and
// by itself what changes while the person moves or chooses.
func (d *Document) aloud(s session.State, l text.Language) {
	d.Aloud, d.Said = true, s.Said
	say := func(sentences ...string) {
		for _, sentence := range sentences {
			if sentence != "" {
				d.Speech = append(d.Speech, utter(l, sentence))
			}
		}
	}
	say(d.Title, d.spokenText(s, l), d.Problem)
	if s.Stage != session.Position { // there it comes while the person moves
		say(d.Warning)
	}
	for _, f := range d.Facts {
		say(f.Label)
		d.Speech = append(d.Speech, f.spoken(l)...)
	}
	for _, tip := range d.Tips {
		say(tip.Text)
	}
	say(d.Lines...)
	switch s.Stage {
	case session.Idle:
		say(l.Text("kiosk.voice.keys"))
	case session.Welcome: // before it is needed: on the next screen it would be cut short
		say(l.Text("kiosk.voice.tones"))
	}
	say(legend(s, l)...)
	for _, sentence := range d.cue(s, l) {
		d.Cue = append(d.Cue, utter(l, sentence))
	}
	if d.Still != "" {
		d.Call = []Utterance{utter(l, d.Words["still"]), utter(l, d.Still), utter(l, l.Text("kiosk.word.middle-key")), utter(l, d.Words["more"])}
	}
}

// spokenText leaves out what is not known when the voice is recorded.
func (d *Document) spokenText(s session.State, l text.Language) string {
	if s.Stage == session.Consent {
		return l.Text("kiosk.voice.consent")
	}
	return d.Text
}

// legend says what the three keys do while nothing is offered.
func legend(s session.State, l text.Language) (words []string) {
	stage := s.Stage.String()
	if s.Stage == session.Welcome && s.Late {
		stage = late
	}
	s.Menu = 0
	for _, k := range []session.Key{session.RightKey, session.LeftKey} {
		if b, ok := s.Keyed(k, time.Time{}); ok {
			words = append(words, l.Text("kiosk.word."+string(k)+"-key"), label(l, b, stage))
		}
	}
	return append(words, l.Text("kiosk.word.middle-key"), l.Text("button.choices"))
}

// cue is what is said as soon as it changes: the offer, the hint, the chosen photo.
func (d *Document) cue(s session.State, l text.Language) (words []string) {
	if d.Offer != nil {
		return []string{d.Offer.Label, l.Text("kiosk.word.right-key"), l.Text("kiosk.word.menu-take"), l.Text("kiosk.word.middle-key"), l.Text("kiosk.word.menu-next")}
	}
	if d.Hint != nil {
		if s.Slow {
			words = append(words, d.Warning)
		}
		return append(words, d.Hint.Text)
	}
	for i, p := range d.Photos {
		if !p.Chosen || s.Stage != session.Review {
			continue
		}
		if len(d.Photos) > 1 {
			words = append(words, strconv.Itoa(i+1))
		}
		if len(p.Findings) == 0 {
			words = append(words, p.State)
		}
		for _, f := range p.Findings {
			words = append(words, f.Text)
		}
	}
	return words
}

// spoken is a fact in sentences that are recorded: a date is put together.
func (f Fact) spoken(l text.Language) (list []Utterance) {
	if f.digits {
		for digit := range strings.SplitSeq(f.Value, "") {
			list = append(list, utter(l, digit))
		}
		return list
	}
	if f.at.IsZero() {
		return []Utterance{utter(l, f.Value)}
	}
	if !voice.Built() { // the browser reads it better in one piece
		return []Utterance{{Text: f.Value}}
	}
	parts := []string{
		l.Text("date.weekday." + strconv.Itoa(int(f.at.Weekday()))), strconv.Itoa(f.at.Day()), l.Text("date.month." + strconv.Itoa(int(f.at.Month()))),
		strconv.Itoa(f.at.Hour()), strconv.Itoa(f.at.Minute()),
	}
	if f.at.Minute() == 0 {
		parts = parts[:4]
	}
	for _, part := range parts {
		list = append(list, utter(l, part))
	}
	return list
}
