// SPDX-License-Identifier: EUPL-1.2

package calendar

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestEaster has the earliest and the latest Easter, both exceptions of Gauss's
// rule (1954, 1981), and years around now.
func TestEaster(t *testing.T) {
	for year, want := range map[int]string{
		2285: "2285-03-22", 2038: "2038-04-25", 1981: "1981-04-19", 2049: "2049-04-18", 2076: "2076-04-19",
		2024: "2024-03-31", 2025: "2025-04-20", 2026: "2026-04-05", 2027: "2027-03-28", 2028: "2028-04-16", 2100: "2100-03-28",
	} {
		if got := Easter(year).String(); got != want {
			t.Errorf("Easter %d is %s, want %s", year, got, want)
		}
	}
	for year := 1971; year < 3000; year++ {
		if d := Easter(year); d.Weekday() != time.Sunday || d < date(year, 3, 22) || d > date(year, 4, 25) {
			t.Errorf("Easter %d is %s", year, d)
		}
	}
}

// year lists a state's holidays.
func year(s State, y int) (list []string) {
	for d := date(y, 1, 1); d <= date(y, 12, 31); d++ {
		if name, is := s.Holiday(d); is {
			list = append(list, d.String()[5:]+" "+name)
		}
	}
	return list
}

func TestHolidaysOfDuisburg(t *testing.T) {
	state, err := StateOf(5112000)
	if err != nil || state != NordrheinWestfalen {
		t.Fatalf("state %d, %v", state, err)
	}
	want := []string{
		"01-01 Neujahr", "04-03 Karfreitag", "04-06 Ostermontag", "05-01 Tag der Arbeit", "05-14 Christi Himmelfahrt",
		"05-25 Pfingstmontag", "06-04 Fronleichnam", "10-03 Tag der Deutschen Einheit", "11-01 Allerheiligen",
		"12-25 Erster Weihnachtstag", "12-26 Zweiter Weihnachtstag",
	}
	if diff := cmp.Diff(want, year(state, 2026)); diff != "" {
		t.Errorf("2026 (-want +got):\n%s", diff)
	}
}

// TestHolidaysOfTheStates counts them: each state's law names so many.
func TestHolidaysOfTheStates(t *testing.T) {
	want := map[State]int{
		SchleswigHolstein: 10, Hamburg: 10, Niedersachsen: 10, Bremen: 10, NordrheinWestfalen: 11, Hessen: 10, RheinlandPfalz: 11, BadenWuerttemberg: 12,
		Bayern: 12, Saarland: 12, Berlin: 10, Brandenburg: 12, MecklenburgVorpommern: 11, Sachsen: 11, SachsenAnhalt: 11, Thueringen: 11,
	}
	for s := SchleswigHolstein; s <= Thueringen; s++ {
		if got := year(s, 2026); len(got) != want[s] {
			t.Errorf("state %02d has %d holidays, want %d: %s", int(s), len(got), want[s], strings.Join(got, ", "))
		}
	}
	if got := year(0, 2026); got != nil {
		t.Errorf("no state has holidays: %v", got)
	}
	for text, want := range map[string]string{"2026-11-18": "Buß- und Bettag", "2027-11-17": "Buß- und Bettag", "2022-11-16": "Buß- und Bettag", "2026-11-25": ""} {
		if got, _ := Sachsen.Holiday(day(t, text)); got != want {
			t.Errorf("Saxony, %s: %q, want %q", text, got, want)
		}
	}
}

func TestStateOf(t *testing.T) {
	if s, err := StateOf(16077001); s != Thueringen || err != nil {
		t.Errorf("%d, %v", s, err)
	}
	for _, ags := range []int{0, 999_999, 17_000_000, 99_999_999} {
		if s, err := StateOf(ags); err == nil {
			t.Errorf("%08d is in state %d", ags, s)
		}
	}
}
