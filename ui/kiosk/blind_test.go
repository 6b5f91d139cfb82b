// SPDX-License-Identifier: EUPL-1.2

package kiosk

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/ui/text"
)

// ears put every sentence and every tone of the page into globalThis.heard: clips have
// no sound in a test, and no machine that tests has a voice of its own.
const ears = `(() => {
	globalThis.heard = [];
	globalThis.tones = [];
	globalThis.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
	speechSynthesis.getVoices = () => [{ lang: document.documentElement.lang }];
	speechSynthesis.cancel = () => {};
	speechSynthesis.speak = (u) => { heard.push(u.text); setTimeout(() => u.onend(), 5); };
	HTMLMediaElement.prototype.play = function () { return Promise.reject(new Error("no sound")); };
	const start = OscillatorNode.prototype.start;
	OscillatorNode.prototype.start = function (at) { tones.push(this.frequency.value); start.call(this, at); };
})()`

// hears waits until a sentence has been read aloud since the last call, or ever.
func (v visit) hears(key string) {
	v.t.Helper()
	v.until(fmt.Sprintf("heard.includes(%q)", v.l.Text(key)))
}

// keys presses tactile keys, as a keypad at the display types them.
func (v visit) keys(pressed ...string) {
	v.t.Helper()
	for _, key := range pressed {
		time.Sleep(800 * time.Millisecond) // keys rest after each new screen
		v.do(chromedp.KeyEvent(key))
	}
}

// The keys of a keypad at the display.
const leftKey, middleKey, rightKey = kb.F1, kb.F2, kb.F3

// TestVisitByKeys goes the whole way by three keys and by ear: no touch, no pointer, and
// nothing that must be seen.
func TestVisitByKeys(t *testing.T) {
	t.Parallel()
	b := open(t)
	for _, l := range []text.Language{"de-easy", "ar"} {
		v := listening(t, b, l)
		v.spokenTo()
		v.guidedByEar()
		v.choosesByEar()
		v.keys(rightKey)
		v.end()
		b.clean()
		b.leave()
	}
}

// listening opens an idle station's page to somebody who hears it.
func listening(t *testing.T, b *browser, l text.Language) visit {
	t.Helper()
	b.t = t
	g := newStage()
	g.code.Start = time.Now().Add(time.Hour)
	b.do(chromedp.Navigate(serve(t, g, newAlbum())), chromedp.Evaluate[chromedp.Void](ears+"; undefined"))
	v := visit{b, g, l}
	v.stands("idle")
	return v
}

// spokenTo starts the voice, and goes on until it speaks the visit's language.
func (v visit) spokenTo() {
	v.keys(middleKey, middleKey)
	v.until(`heard.length > 3`)
	for range text.Languages() {
		was := ask[string](v.browser, "document.documentElement.lang")
		v.keys(rightKey)
		v.until(fmt.Sprintf("document.documentElement.lang !== %q", was))
		if s, _ := v.g.look(); s.Language == string(v.l) {
			break
		}
	}
	v.keys(leftKey)
	v.hears("kiosk.idle.text")
	v.do(chromedp.KeyEvent("FB1:$%*+-./: 0123456789ABCDEF\r"))
	v.stands("welcome")
	v.hears("kiosk.tip.glasses")
	v.hears("kiosk.voice.tones")
	v.hears("button.start")
}

// guidedByEar follows hints and tones until the picture is taken.
func (v visit) guidedByEar() {
	v.keys(rightKey)
	v.stands("position")
	v.hears("hint.no-face")
	s, _ := v.g.look()
	for _, hint := range []string{"left", "up", ""} {
		v.do(chromedp.Evaluate[chromedp.Void]("tones.length = 0; undefined"))
		time.Sleep(session.HintRest)
		v.tell(session.Seen{Visit: s.Visit, Hint: hint})
		if hint != "" {
			v.hears("hint." + hint)
		}
		v.until(`tones.length > 0`)
	}
	v.hears("kiosk.hold")
	time.Sleep(session.HoldStill)
	v.tell(session.Seen{Visit: s.Visit})
	v.stands("capture")
	v.tell(session.Shot{Visit: s.Visit, Attempt: 1, Photos: []session.Photo{{Accepted: true}, {Accepted: true, Advice: []string{"even-light.low"}}}})
}

// choosesByEar hears both photos and keeps the second.
func (v visit) choosesByEar() {
	v.stands("review")
	v.hears("kiosk.photo.good")
	v.keys(middleKey, middleKey, rightKey, leftKey)
	v.hears("advice.even-light.low")
	v.until(`document.querySelector(".photo :checked").value === "1"`)
	v.keys(rightKey)
	v.stands("consent")
	v.hears("kiosk.voice.consent")
	v.hears("kiosk.consent.erased")
	if s, _ := v.g.look(); s.Chosen != 1 {
		v.t.Errorf("kept photo %d, want 1", s.Chosen)
	}
}

// TestSilence: whoever does not ask for the voice hears the countdown and nothing else;
// turning the voice off ends it in the middle of a sentence.
func TestSilence(t *testing.T) {
	t.Parallel()
	v := listening(t, open(t), "de")
	b, g := v.browser, v.g
	g.set(session.State{Visit: 1, Code: code(), Stage: session.Position, HintSince: time.Now(), Deadline: time.Now().Add(time.Minute)})
	v.stands("position")
	v.until(`tones.length === 3`)
	if said := ask[[]string](b, "heard"); len(said) > 0 {
		t.Errorf("said unasked: %q", said)
	}
	b.do(chromedp.Click("#speaker"))
	v.hears("kiosk.hold")
	b.do(chromedp.Click("#speaker"))
	v.until(`document.getElementById("speaker").ariaPressed === "false"`)
	said := ask[[]string](b, "heard")
	time.Sleep(200 * time.Millisecond)
	if now := ask[[]string](b, "heard"); len(now) > len(said)+1 {
		t.Errorf("spoke on after it was turned off: %q", slices.Compact(now[len(said):]))
	}
	b.leave()
}

// TestStillByEar: the question whether anybody is there comes to two senses, and a key answers it.
func TestStillByEar(t *testing.T) {
	t.Parallel()
	v := listening(t, open(t), "de")
	b, g := v.browser, v.g
	g.set(session.State{Visit: 1, Code: code(), Stage: session.Welcome, Deadline: time.Now().Add(22 * time.Second), Manner: session.Manner{Aloud: true}})
	v.until(`document.getElementById("still").open`)
	v.hears("kiosk.word.still")
	v.hears("kiosk.word.more")
	v.until(`tones.length === 2`)
	v.keys(middleKey)
	v.until(`!document.getElementById("still").open`)
	if s, _ := g.look(); s.Extended != 1 {
		t.Errorf("extended %d times, want 1", s.Extended)
	}
	b.leave()
}
