// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"strings"
	"testing"

	"github.com/fotobox-project/fotobox/image/phototest"
	"github.com/fotobox-project/fotobox/image/rule"
)

func TestGoodFor(t *testing.T) {
	for _, tt := range []struct {
		traits string
		id     rule.ID
		want   bool
	}{
		{"neutral plain-bg", "2.2", true},
		{"smile-teeth glasses", "2.2", false},
		{"smile-teeth glasses", "3.2", true},
		{"smile", "2.2", false}, // with or without teeth: not said
		{"dark-glasses", "3.1", false},
		{"mouth-closed", "4.1", false}, // a plain background must be said
		{"mouth-closed plain-bg", "4.1", true},
		{"no-face", "7.2", false},
	} {
		if got := goodFor(strings.Fields(tt.traits), tt.id); got != tt.want {
			t.Errorf("%q for %s: got %t, want %t", tt.traits, tt.id, got, tt.want)
		}
	}
}

// TestEveryTraitHasARule: a criterion that is named wrongly would catch nothing.
func TestEveryTraitHasARule(t *testing.T) {
	for _, l := range labels() {
		for _, id := range append(l.bad, l.doubt...) {
			if len(id) != 3 || id[0] < '1' || id[0] > '7' || id[1] != '.' {
				t.Errorf("%s: %q is no criterion", l.trait, id)
			}
		}
	}
}

// TestPoolsAreCases: a target that names a case wrongly would count nothing.
func TestPoolsAreCases(t *testing.T) {
	known := map[string]bool{}
	for _, l := range labels() {
		known["photos: "+l.trait] = true
	}
	for _, f := range faults() {
		if known[f.name] {
			t.Errorf("two cases are called %q", f.name)
		}
		known[f.name] = true
	}
	for _, p := range pools() {
		for _, name := range p.cases {
			if !known[name] {
				t.Errorf("%s: there is no case %q", p.text, name)
			}
		}
	}
}

func TestGoodSet(t *testing.T) {
	named := func(name, traits string) phototest.Photo {
		return phototest.Photo{Name: name, Traits: strings.Fields(traits)}
	}
	for _, tt := range []struct {
		name   string
		photos []phototest.Photo
		want   string
	}{
		{"the sets by name", []phototest.Photo{named("a.jpg", "compliant"), named("london-1.jpg", "neutral")}, "london-1.jpg"},
		{"by label", []phototest.Photo{named("a.jpg", "mouth-closed"), named("b.jpg", "compliant"), named("c.jpg", "compliant head-turned")}, "b.jpg"},
		{"by no trait against", []phototest.Photo{named("a.jpg", "smile-teeth"), named("b.jpg", "glasses")}, "b.jpg"},
	} {
		got := goodSet(tt.photos)
		if len(got) != 1 || got[0].Name != tt.want {
			t.Errorf("%s: got %v, want %s", tt.name, got, tt.want)
		}
	}
}
