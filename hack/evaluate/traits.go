// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"slices"
	"strings"

	"github.com/fotobox-project/fotobox/image/phototest"
	"github.com/fotobox-project/fotobox/image/rule"
)

// A label says what a trait means for the criteria.
type label struct {
	trait string
	// bad: the photo breaks these criteria; one of them must catch it.
	bad []rule.ID
	// doubt: the photo may break these, so that it is neither good nor bad.
	doubt []rule.ID
}

// labels is how traits speak against criteria. A photo is good for a criterion
// when none of its traits does. Clear glasses, beards and age are groups and speak
// against nothing; small faces and distances are not judged in the relative set.
func labels() []label {
	ids := func(list string) (v []rule.ID) {
		for id := range strings.FieldsSeq(list) {
			v = append(v, rule.ID(id))
		}
		return v
	}
	return []label{
		{"smile-teeth", ids("2.2 2.1"), ids("1.2 3.1 5.4")},
		{"smile", ids("2.1"), ids("2.2 3.1")},
		{"mouth-open", ids("2.2 2.1"), ids("5.4")},
		{"pacifier", ids("4.3 2.2 3.2"), ids("2.1 2.2 4.3 3.2")},
		{"eyes-closed", ids("3.1"), ids("3.2 3.3")},
		{"hair-over-eye", ids("3.2"), ids("3.1 3.3 6.2 7.4")},
		{"dark-glasses", ids("3.2"), ids("3.1 3.3 6.2 6.4 7.4")},
		{"gaze-away", ids("3.3"), nil},
		{"head-turned", ids("1.1"), ids("1.2 1.3 3.3 5.3 6.1 6.2")},
		{"head-rolled", ids("1.3"), ids("1.1 1.2")},
		{"pose-variation", nil, ids("1.1 1.2 1.3 3.3 5.3 5.4 5.5 5.6 6.1 6.2")},
		{"distance-variation", nil, ids("1.2 5.3 5.4 5.5 5.6")},
		{"harsh-light", ids("6.1 6.2"), ids("6.3 7.1 7.3 4.2")},
		{"flat-light", ids("6.1 6.2 7.1"), nil},
		{"shadow", ids("4.2"), ids("4.1 6.1 6.2")},
		{"background", ids("4.1"), ids("4.2 4.3 5.3 5.4")},
		{"other-person", ids("4.3"), ids("4.1 4.2")},
		{"two-faces", ids("4.3"), ids("1.1 1.2 4.1 4.2")},
		{"no-face", ids("4.3"), nil},
		{"headwear", nil, ids("2.3 5.3 5.4")},
		{"small-face", nil, ids("5.3 5.4 5.5 5.6 7.2")},
	}
}

// goodFor tells whether no trait speaks against the criterion. That a background
// is plain must be said: portraits of offices seldom have one.
func goodFor(t phototest.Traits, id rule.ID) bool {
	if t.Has("no-face") {
		return false
	}
	if (id == "4.1" || id == "4.2") && !t.Has("plain-bg", "neutral", "compliant") {
		return false
	}
	for _, l := range labels() {
		if t.Has(l.trait) && (slices.Contains(l.bad, id) || slices.Contains(l.doubt, id)) {
			return false
		}
	}
	return true
}

// faultless tells whether no trait speaks against any criterion.
func faultless(p phototest.Photo) bool {
	return !slices.ContainsFunc(labels(), func(l label) bool { return p.Traits.Has(l.trait) })
}

// goodSet gives the photos that every criterion should accept: the neutral ones
// of the London and Canada sets; in a folder without those the ones labelled
// neutral or compliant, or else all that no trait speaks against.
func goodSet(all []phototest.Photo) []phototest.Photo {
	sets := func(p phototest.Photo) bool {
		return p.Traits.Has("neutral") && (strings.HasPrefix(p.Name, "london-") || strings.HasPrefix(p.Name, "canada-"))
	}
	said := func(p phototest.Photo) bool { return p.Traits.Has("neutral", "compliant") && faultless(p) }
	for _, good := range []func(phototest.Photo) bool{sets, said, faultless} {
		if list := chosen(all, good); len(list) > 0 {
			return list
		}
	}
	return nil
}

func chosen(all []phototest.Photo, keep func(phototest.Photo) bool) (list []phototest.Photo) {
	for _, p := range all {
		if keep(p) {
			list = append(list, p)
		}
	}
	return list
}
