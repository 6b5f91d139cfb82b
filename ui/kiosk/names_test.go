// SPDX-License-Identifier: EUPL-1.2

package kiosk

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/chromedp"

	"github.com/fotobox-project/fotobox/daemon/session"
	"github.com/fotobox-project/fotobox/ui/text"
)

// TestNames reads every screen in every language as a screen reader does.
func TestNames(t *testing.T) {
	t.Parallel()
	b, g := open(t), newStage()
	b.size(1280, 800)
	b.do(chromedp.Navigate(serve(t, g, newAlbum())))
	for _, l := range text.Languages() {
		t.Run(string(l), func(t *testing.T) {
			b.t = t
			v := display{visit{b, g, l}, "names"}
			for _, screen := range slices.Sorted(maps.Keys(screens())) {
				v.put(screens()[screen])
				tree := b.tree()
				v.report(screen, append(tree.wrong(v.l), tree.unsaid(screens()[screen], v.l)...))
				if got := tree.headings(1); got != 1 {
					t.Errorf("%s has %d headings of the first level, want 1", screen, got)
				}
			}
			v.above(func(sheet string) { v.report(sheet, b.tree().wrong(v.l)) })
		})
	}
	b.t = t
	b.leave()
}

func (v display) report(screen string, faults []string) {
	v.t.Helper()
	for _, fault := range faults {
		v.t.Errorf("%s: %s", screen, fault)
	}
}

// A reading is what the browser tells a screen reader of one thing.
type reading struct {
	id, parent, role, name string
	state                  map[string]any // "live", "disabled", "level" and so on
}

// A tree is what the browser tells a screen reader of the page.
type tree []reading

// tree reads the page. What is hidden is not in it.
func (b *browser) tree() (all tree) {
	b.t.Helper()
	answer, err := chromedp.Call(b.ctx, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
	if err != nil {
		b.t.Fatal(err)
	}
	for _, n := range answer.Nodes {
		r := reading{id: string(n.NodeID), parent: string(n.ParentID), state: map[string]any{}}
		if !n.Ignored { // ignored ones link the others only
			r.role, r.name = fmt.Sprint(plain(n.Role)), fmt.Sprint(cmp.Or(plain(n.Name), any("")))
		}
		for _, p := range n.Properties {
			r.state[string(p.Name)] = plain(p.Value)
		}
		all = append(all, r)
	}
	return all
}

func plain(v *accessibility.Value) (value any) {
	if v == nil || len(v.Value) == 0 || json.Unmarshal(v.Value, &value) != nil {
		return nil
	}
	return value
}

// wrong lists what has no name, another's name, or one in another language.
func (all tree) wrong(l text.Language) (faults []string) {
	controls := regexp.MustCompile(`^(button|checkbox|combobox|link|listbox|menuitem|option|radio|searchbox|slider|spinbutton|switch|tab|textbox|ToggleButton|PopUpButton)$`)
	pictures := regexp.MustCompile(`(?i)^(image|img|figure-image|canvas|svgroot|graphics-.*|video)$`)
	taken := map[string]bool{}
	for _, r := range all {
		switch {
		case pictures.MatchString(r.role) && r.name == "":
			faults = append(faults, "a picture without a name: "+r.role)
		case !controls.MatchString(r.role):
		case r.name == "":
			faults = append(faults, "a control without a name: "+r.role)
		case foreign(l, r.name) != "":
			faults = append(faults, fmt.Sprintf("%q is not %s: %q is left", r.name, l, foreign(l, r.name)))
		case taken[r.name] && r.state["disabled"] != true:
			faults = append(faults, fmt.Sprintf("two controls are named %q", r.name))
		}
		if controls.MatchString(r.role) && r.state["disabled"] != true {
			taken[r.name] = true
		}
	}
	return faults
}

// unsaid lists what a screen reader would not say by itself: the hint and what went wrong.
func (all tree) unsaid(s session.State, l text.Language) (faults []string) {
	s.Language = string(l)
	d := newScreen(settings(), boot{}).document(s, time.Now())
	var said strings.Builder
	for _, r := range all {
		if live := r.state["live"]; live == "polite" || live == "assertive" {
			said.WriteString(all.below(r.id) + "\n")
		}
	}
	if d.Hint != nil && !strings.Contains(said.String(), d.Hint.Text) {
		faults = append(faults, fmt.Sprintf("nothing says the hint %q", d.Hint.Text))
	}
	if !strings.Contains(said.String(), d.Problem) {
		faults = append(faults, fmt.Sprintf("nothing says the problem %q", d.Problem))
	}
	return faults
}

// below is the text under one thing.
func (all tree) below(id string) (words string) {
	for _, r := range all {
		if r.parent == id && r.role == "StaticText" {
			words += r.name
		} else if r.parent == id {
			words += all.below(r.id)
		}
	}
	return words
}

func (all tree) headings(level float64) (n int) {
	for _, r := range all {
		if r.role == "heading" && r.state["level"] == level {
			n++
		}
	}
	return n
}

// foreign is what is left of a name when all that the language says is taken out.
// Names of languages stand in themselves, and a key of the keypad is its letter.
func foreign(l text.Language, name string) string {
	if len(name) == 1 || slices.ContainsFunc(text.Languages(), func(other text.Language) bool { return other.Name() == name }) {
		return ""
	}
	rest := strings.Join(strings.Fields(name), " ")
	for _, piece := range append(pieces(l), l.Name()) {
		rest = strings.ReplaceAll(rest, piece, " ")
	}
	return strings.TrimFunc(rest, func(r rune) bool { return !unicode.IsLetter(r) })
}

// pieces are the words of a language around what is put in, longest first.
func pieces(l text.Language) (all []string) {
	put := regexp.MustCompile(`%\w|\{\w+\}`)
	for key := range l.Keys() {
		for _, piece := range put.Split(l.Text(key), -1) {
			if piece = strings.Join(strings.Fields(piece), " "); strings.ContainsFunc(piece, unicode.IsLetter) {
				all = append(all, piece)
			}
		}
	}
	slices.SortFunc(all, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	return slices.Compact(all)
}

// TestNamesComplain: what TestNames looks for, it finds.
func TestNamesComplain(t *testing.T) {
	button := func(name string) reading { return reading{role: "button", name: name} }
	off := reading{role: "button", name: "Weiter", state: map[string]any{"disabled": true}}
	for name, tc := range map[string]struct {
		tree tree
		want int
	}{
		"good":             {tree{button("Weiter"), button("Hilfe"), button("Sprache Deutsch"), button("العربية"), button("Q"), {role: "radio", name: "Foto 2 3 Hinweise"}}, 0},
		"nameless button":  {tree{button("")}, 1},
		"nameless picture": {tree{{role: "Canvas"}, {role: "image"}}, 2},
		"another language": {tree{button("Yardım")}, 1},
		"half of it":       {tree{button("Hilfe Yardım")}, 1},
		"the same twice":   {tree{button("Weiter"), button("Weiter")}, 1},
		"one is disabled":  {tree{button("Weiter"), off}, 0},
	} {
		if got := tc.tree.wrong("de"); len(got) != tc.want {
			t.Errorf("%s: %q, want %d faults", name, got, tc.want)
		}
	}
	s := session.State{Stage: session.Position, Hint: "left", Problem: "no-photo"}
	if got := (tree{{id: "1", role: "status"}}).unsaid(s, "de"); len(got) != 2 {
		t.Errorf("nothing is live: %q, want 2 faults", got)
	}
}
