// SPDX-License-Identifier: EUPL-1.2

package kiosk

import (
	"cmp"
	"time"

	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/ui/text"
	"github.com/fotobox-project/fotobox/upload/envelope"
)

// screen turns states into documents; it holds only what never changes.
type screen struct {
	office   string
	language text.Language
	zone     *time.Location
	boot     boot
	mode     func() string
	checksIn func() bool
	words    map[text.Language]map[string]string
	alone    map[text.Language]map[string]string // words in envelope.ModeExtended
}

func newScreen(set Settings, b boot) screen {
	c := screen{
		office:   set.Office,
		language: cmp.Or(set.Language, text.Languages()[0]),
		zone:     cmp.Or(set.Zone, time.Local),
		boot:     b,
		mode:     set.Mode,
		checksIn: set.ChecksIn,
		words:    map[text.Language]map[string]string{},
		alone:    map[text.Language]map[string]string{},
	}
	if c.mode == nil {
		c.mode = func() string { return envelope.ModeLobby }
	}
	if c.checksIn == nil {
		c.checksIn = func() bool { return false }
	}
	for _, l := range text.Languages() {
		c.words[l], c.alone[l] = words(l), words(l)
		c.alone[l]["counter"] = l.Text("kiosk.counter.extended") // the counters may be closed
	}
	return c
}

// page are the page's own words.
func (c screen) page(l text.Language) map[string]string {
	if c.mode() == envelope.ModeExtended {
		return c.alone[l]
	}
	return c.words[l]
}

// speaks is the language of a state: the person's, else the station's.
func (c screen) speaks(s session.State) text.Language {
	if l, ok := text.Parse(s.Language, text.Languages()); ok {
		return l
	}
	return c.language
}

// document is the screen of state s at the instant now.
func (c screen) document(s session.State, now time.Time) Document {
	l := c.speaks(s)
	stage := s.Stage.String()
	d := Document{
		Visit:     c.boot.nonce(s.Visit),
		Stage:     stage,
		Language:  l.Tag(),
		Spoken:    l.Name(),
		Direction: l.Direction(),
		Help:      l.Text("kiosk.help." + stage),
		Problem:   problem(l, s.Problem),
		Buttons:   buttons(s, l),
		Words:     c.page(l),
		Step:      step(s),
		Aids:      aids(s, l),
		Offer:     offer(s, l),
		Calm:      s.Calm,
	}
	if !s.Deadline.IsZero() {
		d.Remaining = max(0, int((s.Deadline.Sub(now)+time.Second-1)/time.Second))
	}
	if d.Step > 0 {
		d.Progress = l.Text("kiosk.progress", d.Step, Steps, l.Text("kiosk.step."+stage))
	}
	d.say(l, stage)
	c.fill(&d, s, now, l)
	if s.Aloud {
		d.aloud(s, l)
	}
	d.ID = d.identify(s.Deadline)
	return d
}

// say sets the sentences of one screen.
func (d *Document) say(l text.Language, screen string, args ...any) {
	d.Title = l.Text("kiosk." + screen + ".title")
	d.Text = l.Text("kiosk."+screen+".text", args...)
}

// fill adds what only some stages have.
func (c screen) fill(d *Document, s session.State, now time.Time, l text.Language) {
	switch s.Stage {
	case session.Idle:
		d.Code = true
		if c.checksIn() {
			d.Title = l.Text("kiosk.idle.check-in")
		}
		d.Facts = []Fact{{Icon: "persons", Label: l.Text("kiosk.fact.mode"), Value: l.Text("kiosk.mode." + c.mode())}}
		d.Lines = []string{l.Text("kiosk.idle.privacy.1"), l.Text("kiosk.idle.privacy.2"), l.Text("kiosk.idle.privacy.3")}
	case session.Checked:
		d.Code = true // as on the last screen
		c.arrival(d, s, l)
		d.Lines = []string{l.Text("kiosk.checked.photo")}
	case session.Welcome:
		c.welcome(d, s, l)
	case session.Position:
		position(d, s, now, l)
	case session.Capture:
		d.Preview = true
		d.Hint = &Tip{"look", l.Text("kiosk.capture.hint")}
	case session.Review:
		c.review(d, s, l)
	case session.Consent:
		c.consent(d, s, l)
	case session.Done:
		d.Code = true // the next person need not wait
		c.done(d, s, l)
	case session.OutOfOrder:
		c.outOfOrder(d, s, l)
	}
	if asks(s) {
		d.Still = l.Text("kiosk.still")
		if s.Stage == session.Checked {
			d.Still = l.Text("kiosk.checked.still")
		}
		d.More = s.MayExtend()
	}
}

// asks reports whether the station waits for a person who may have walked away.
func asks(s session.State) bool {
	switch s.Stage {
	case session.Checked, session.Welcome, session.Position, session.Review, session.Consent:
		return true
	}
	return false
}

// step is where on the way a state is; a way that ended early shows none.
func step(s session.State) int {
	switch s.Stage {
	case session.Idle:
		return 1
	case session.Welcome:
		return 2
	case session.Position:
		return 3
	case session.Capture:
		return 4
	case session.Review, session.Consent:
		return 5
	case session.Store:
		return 6
	case session.Done:
		if s.Outcome == session.Kept || s.Outcome == session.Delivered {
			return 6
		}
	}
	return 0
}

// outOfOrder says what is missing. A citizen who is known waits for the camera
// and has lost nothing but time. That the station is closed is no fault.
func (c screen) outOfOrder(d *Document, s session.State, l text.Language) {
	worst := s.Missing.Worst()
	if worst != session.Hours {
		d.Look = Warn
	} else if !s.Opens.IsZero() {
		d.Facts = []Fact{c.when(l, "calendar", "kiosk.fact.opens", s.Opens)}
	}
	switch {
	case worst != session.Camera:
		d.say(l, "out-of-order."+worst.String())
		d.Help = l.Text("kiosk.help.out-of-order." + worst.String())
	case s.Known():
		d.say(l, "out-of-order.known")
	}
}
