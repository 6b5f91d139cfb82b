// SPDX-License-Identifier: EUPL-1.2

package panel

import (
	"testing"
	"time"
)

func TestTimeline(t *testing.T) {
	start := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	at := func(ms int) time.Time { return start.Add(time.Duration(ms) * time.Millisecond) }
	var line timeline
	line.mark("left", at(100), at(101))
	line.mark("right", at(200), at(202))
	for _, tc := range []struct {
		name     string
		from, to int
		want     string
	}{
		{"before all", 0, 50, Mixed},
		{"across the first", 50, 120, Mixed},
		{"while it rises", 103, 120, Mixed},
		{"left alone", 106, 199, "left"},
		{"until the switch", 150, 200, Mixed},
		{"across both", 99, 250, Mixed},
		{"right alone", 207, 5000, "right"},
	} {
		if got := line.lit(at(tc.from), at(tc.to)); got != tc.want {
			t.Errorf("%s: got %q, want %q", tc.name, got, tc.want)
		}
	}
	for i := range remembered {
		line.mark("late", at(10_000+i), at(10_000+i))
	}
	if got := line.lit(at(106), at(199)); got != Mixed || len(line.changes) != remembered {
		t.Errorf("forgotten: got %q of %d changes", got, len(line.changes))
	}
}
