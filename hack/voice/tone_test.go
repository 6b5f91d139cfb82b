// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/fotobox-project/fotobox/ui/text"
	"github.com/fotobox-project/fotobox/ui/voice"
)

func TestSpoken(t *testing.T) {
	for _, tc := range []struct {
		l              text.Language
		sentence, want string
	}{
		{text.Easy, "Ihr Bürger·amt", "Ihr Bürger-amt"},
		{"de", "Ihr Bürgeramt", "Ihr Bürger-Amt"},
		{"de", "Der Code Ihrer Terminbestätigung", "Der Code Ihrer Termin-bestätigung"},
		{text.Easy, "Bitte nur 1 Person, 1 Foto.", "Bitte nur eine Person, ein Foto."},
		{"de", "1", "1"},
		{"fr", "1 remarque", "une remarque"},
		{"en", "9 characters, for example WRJ-D8T-6V3", "9 characters, for example WRJ, D8T, 6V3"},
		{"ar", "\u2066WRJ-D8T-6V3\u2069", "WRJ, D8T, 6V3"},
		{"ar", "44", "أَرْبَعا وَأَرْبَعُون"},
		{"ar", "14", "أَرْبَعَةَ عَشَر"},
		{"ar", "خلال 96 ساعة", "خلال سِتّا وَتِسْعِين ساعة"},
		{"tr", "randevunuzun QR kodu", "randevunuzun kare kodu"},
		{"de", "Der QR-Code", "Der QR-Code"},
	} {
		if got := tones()[tc.l].spoken(tc.sentence); got != tc.want {
			t.Errorf("%s: %q is spoken %q, want %q", tc.l, tc.sentence, got, tc.want)
		}
	}
}

// TestTones: every language has a voice, and nothing without a sound is left in what it is given.
func TestTones(t *testing.T) {
	for _, l := range text.Languages() {
		tone, ok := tones()[l]
		if !ok {
			t.Errorf("%s has no voice", l)
		}
		for sentence := range voice.Sentences(l) {
			if said := tone.spoken(sentence); said == "" || strings.ContainsAny(said, "·\u2066\u2067\u2068\u2069") {
				t.Errorf("%s: %q is spoken %q", l, sentence, said)
			}
		}
	}
}

// TestRules: no rule outlives the sentence that it was written for.
func TestRules(t *testing.T) {
	var all []string
	for _, j := range jobs() {
		all = append(all, j.sentence)
	}
	rules := everywhere()
	for _, tone := range tones() {
		rules = append(rules, tone.rules...)
	}
	for _, r := range rules {
		if !slices.ContainsFunc(all, r.from.MatchString) {
			t.Errorf("no sentence needs %v", r)
		}
	}
}
