// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"github.com/fotobox-project/fotobox/ui/text"
)

// A tone is how a language is spoken.
type tone struct {
	voice string // of espeak-ng
	speed int    // words a minute
	rules []rule // from what is read to what is said, before those of everywhere
}

// A rule replaces what would be said wrongly.
type rule struct {
	from *regexp.Regexp
	to   string
}

// String shows a rule as it is written below.
func (r rule) String() string { return fmt.Sprintf("%v -> %q", r.from, r.to) }

// The speeds, in words a minute; espeak-ng's own is 175.
const (
	normal = 150
	slow   = 120
)

// tones has every language. A rule is here because of a sentence that the
// catalogue has; `espeak-ng -q --ipa -v VOICE "..."` shows what would be said.
func tones() map[text.Language]tone {
	german := []rule{
		say(`·`, "-"), // which parts a long word for the eye; said as one word with a joint, the parts keep their stress
		say(`Termin(bestätigung|kennung)`, "Termin-$1"),
		say(`Bürgeramt`, "Bürger-Amt"),
		say(`\b1 (Anmeldung|Minute|Person)`, "eine $1"),
		say(`\b1 (Foto|Hinweis)`, "ein $1"),
	}
	return map[text.Language]tone{
		"de":      {"de", normal, german},
		text.Easy: {"de", slow, german},
		"en":      {"en", normal, nil},
		"tr":      {"tr", normal, []rule{say(`\bQR kod`, "kare kod")}},
		"ar":      {"ar", normal, arabic()},
		"uk":      {"uk", normal, []rule{say(`\b1 підказка`, "одна підказка")}},
		"ru":      {"ru", normal, []rule{say(`\b1 подсказка`, "одна подсказка")}},
		"pl":      {"pl", normal, []rule{say(`\b1 wskazówka`, "jedna wskazówka")}},
		"ro":      {"ro", normal, []rule{say(`\b1 indicație`, "o indicație")}},
		"fr":      {"fr-fr", normal, []rule{say(`\b1 remarque`, "une remarque")}},
		"fa":      {"fa", normal, nil},
		"es":      {"es", normal, []rule{say(`\b1 aviso`, "un aviso")}},
	}
}

// everywhere are the rules of all languages.
func everywhere() []rule {
	return []rule{
		say(`[\x{2066}-\x{2069}]`, ""),                                     // writing direction, which has no sound
		say(`\b([0-9A-Z]{3})-([0-9A-Z]{3})-([0-9A-Z]{3})\b`, "$1, $2, $3"), // a Terminkennung: its signs one by one, with pauses to write them down
	}
}

func say(from, to string) rule { return rule{regexp.MustCompile(from), to} }

// spoken is what the voice is given to say.
func (t tone) spoken(sentence string) string {
	for _, r := range slices.Concat(t.rules, everywhere()) {
		sentence = r.from.ReplaceAllString(sentence, r.to)
	}
	return sentence
}

// arguments are what espeak-ng is called with: text on its input, WAV on its output.
func (t tone) arguments() []string {
	return []string{"-b", "1", "-v", t.voice, "-s", strconv.Itoa(t.speed), "--stdin", "--stdout"} // -b 1: UTF-8 on every machine
}
