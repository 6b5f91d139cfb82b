// SPDX-License-Identifier: EUPL-1.2

package kiosk

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/appointment"
	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/image/rule"
	"github.com/fotobox-project/fotobox/ui/text"
)

// keys lists every key that a state can ask for.
func keys() (all []string) {
	for g := session.Idle; g <= session.OutOfOrder; g++ {
		all = append(all, "kiosk.help."+g.String())
		if g != session.Done { // its words hang on the outcome
			all = append(all, "kiosk."+g.String()+".title", "kiosk."+g.String()+".text")
		}
		if step(session.State{Stage: g, Outcome: session.Kept}) > 0 {
			all = append(all, "kiosk.step."+g.String())
		}
	}
	for _, b := range session.Buttons() {
		if b != session.Close { // no button: the left key of an offer
			all = append(all, "button."+string(b))
		}
	}
	for _, o := range []session.Outcome{session.Kept, session.Delivered, session.NotStored, session.Staff} {
		all = append(all, "kiosk.done."+string(o)+".title", "kiosk.done."+string(o)+".text")
	}
	for _, a := range []appointment.Answer{
		appointment.TooEarly, appointment.TooLate, appointment.WrongOffice, appointment.Cancelled, appointment.Moved,
		appointment.AlreadyCheckedIn, appointment.BadSignature, appointment.Expired, appointment.Malformed, "unknown", "paused",
	} {
		all = append(all, "kiosk.refused."+string(a)+".title", "kiosk.refused."+string(a)+".text")
	}
	for _, checked := range []string{"noted", "failed"} {
		all = append(all, "kiosk.checked."+checked+".title", "kiosk.checked."+checked+".text")
	}
	for _, n := range []session.Need{session.Hours, session.Clock, session.Disk, session.Lamps} {
		screen := "out-of-order." + n.String()
		all = append(all, "kiosk."+screen+".title", "kiosk."+screen+".text", "kiosk.help."+screen)
	}
	for _, p := range []string{"no-photo", "full", "fault", "other"} {
		all = append(all, "problem."+p)
	}
	for _, h := range []rule.Hint{
		session.HintNoFace, rule.HintSeveralFaces, rule.HintLeft, rule.HintRight, rule.HintUp, rule.HintDown,
		rule.HintNearer, rule.HintFarther, rule.HintStraighten, rule.HintEyesOpen, rule.HintMouthClosed, rule.HintNotFrontal, rule.HintMoving, rule.HintDark, rule.HintGlare,
	} {
		all = append(all, "hint."+string(h))
	}
	for _, r := range rule.All() {
		for _, side := range []rule.Side{rule.Low, rule.High, rule.Unclear} {
			all = append(all, "advice."+r.Name+"."+side.String())
		}
	}
	return all
}

// TestEveryKeyHasText: nobody ever reads a key.
func TestEveryKeyHasText(t *testing.T) {
	for _, l := range text.Languages() {
		for _, key := range keys() {
			if !l.Has(key) {
				t.Errorf("%s: no text for %q", l, key)
			}
		}
	}
}

// TestCodeAsksForKnownKeys reads the keys out of the sources.
func TestCodeAsksForKnownKeys(t *testing.T) {
	page := read(t, "page.html")
	for _, m := range regexp.MustCompile(`data-word="([a-z-]+)"`).FindAllStringSubmatch(page, -1) {
		if !text.Language("de").Has("kiosk.word." + m[1]) {
			t.Errorf("the page asks for the word %q, which is not in the catalogue", m[1])
		}
	}
	for key := range text.Language("de").Keys() {
		word, ok := strings.CutPrefix(key, "kiosk.word.")
		if ok && !strings.Contains(page, `data-word="`+word+`"`) && !strings.Contains(scripts(t), "words."+word) && !strings.Contains(page, ".Words."+word) && !strings.Contains(scripts(t), `"`+word+`"`) {
			t.Errorf("nobody shows the word %q", word)
		}
	}
}

// TestEverySignIsDrawn: buttons, hints, advices, tips and looks have a sign in the sprite.
func TestEverySignIsDrawn(t *testing.T) {
	drawn := read(t, "icons.svg")
	signs := []string{"info", "good", "warn", "bad", "hold", "look", "glasses", "cap", "sealed", "erased", "calendar", "clock", "number", "persons", "lost", "erase"}
	for _, b := range session.Buttons() {
		signs = append(signs, string(b))
	}
	for _, key := range keys() {
		if hint, ok := strings.CutPrefix(key, "hint."); ok {
			signs = append(signs, hint)
		}
		if finding, ok := strings.CutPrefix(key, "advice."); ok {
			name, _, _ := strings.Cut(finding, ".")
			signs = append(signs, name)
		}
	}
	for _, sign := range signs {
		if !strings.Contains(drawn, `id="icon-`+sign+`"`) {
			t.Errorf("no sign is drawn for %q", sign)
		}
	}
}

// read returns an embedded file.
func read(t *testing.T, name string) string {
	t.Helper()
	data, err := files.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// scripts returns all of the page's script.
func scripts(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	entries, err := files.ReadDir("assets")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".js") {
			all.WriteString(read(t, "assets/"+e.Name()))
		}
	}
	return all.String()
}

// TestScriptIsSmall: under 600 lines, so that one person can check all of it.
func TestScriptIsSmall(t *testing.T) {
	if n := strings.Count(scripts(t), "\n"); n >= 600 {
		t.Errorf("%d lines of script, want fewer than 600", n)
	}
	if ask := fmt.Sprintf("const ASK = %d;", session.Notice/time.Second); !strings.Contains(scripts(t), ask) {
		t.Errorf("the page asks whether anybody is there at another time than the keys answer: want %q", ask)
	}
	for _, word := range []string{"innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", "localStorage", "sessionStorage", "indexedDB", "caches."} {
		if strings.Contains(scripts(t), word) {
			t.Errorf("the script uses %s", word)
		}
	}
}
