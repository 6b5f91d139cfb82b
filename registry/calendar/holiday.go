// SPDX-License-Identifier: EUPL-1.2

package calendar

import (
	"fmt"
	"time"
)

// A State is a German Land, by the first two digits of its offices' AGS. The
// zero State is none and has no holidays.
type State int

// The states.
const (
	SchleswigHolstein State = 1 + iota
	Hamburg
	Niedersachsen
	Bremen
	NordrheinWestfalen
	Hessen
	RheinlandPfalz
	BadenWuerttemberg
	Bayern
	Saarland
	Berlin
	Brandenburg
	MecklenburgVorpommern
	Sachsen
	SachsenAnhalt
	Thueringen
)

// StateOf is the state of an office's AGS, such as 5112000 for Duisburg.
func StateOf(ags int) (State, error) {
	s := State(ags / 1_000_000)
	if s < SchleswigHolstein || s > Thueringen {
		return 0, fmt.Errorf("ags %08d: no state begins with %02d", ags, int(s))
	}
	return s, nil
}

// A holiday is a day that the law of some states names: a date, or days from
// Easter Sunday.
type holiday struct {
	name   string
	month  time.Month // 0: counted from Easter
	day    int
	states []State // nil: all
}

// holidays is the law of 2026. Days that only some municipalities of a state
// have, such as Mariae Himmelfahrt in Bavaria, are closures.
func holidays() []holiday {
	return []holiday{
		{"Neujahr", 1, 1, nil},
		{"Heilige Drei Könige", 1, 6, []State{BadenWuerttemberg, Bayern, SachsenAnhalt}},
		{"Internationaler Frauentag", 3, 8, []State{Berlin, MecklenburgVorpommern}},
		{"Karfreitag", 0, -2, nil},
		{"Ostersonntag", 0, 0, []State{Brandenburg}},
		{"Ostermontag", 0, 1, nil},
		{"Tag der Arbeit", 5, 1, nil},
		{"Christi Himmelfahrt", 0, 39, nil},
		{"Pfingstsonntag", 0, 49, []State{Brandenburg}},
		{"Pfingstmontag", 0, 50, nil},
		{"Fronleichnam", 0, 60, []State{BadenWuerttemberg, Bayern, Hessen, NordrheinWestfalen, RheinlandPfalz, Saarland}},
		{"Mariä Himmelfahrt", 8, 15, []State{Saarland}},
		{"Weltkindertag", 9, 20, []State{Thueringen}},
		{"Tag der Deutschen Einheit", 10, 3, nil},
		{"Reformationstag", 10, 31, []State{SchleswigHolstein, Hamburg, Niedersachsen, Bremen, Brandenburg, MecklenburgVorpommern, Sachsen, SachsenAnhalt, Thueringen}},
		{"Allerheiligen", 11, 1, []State{BadenWuerttemberg, Bayern, NordrheinWestfalen, RheinlandPfalz, Saarland}},
		{"Erster Weihnachtstag", 12, 25, nil},
		{"Zweiter Weihnachtstag", 12, 26, nil},
	}
}
