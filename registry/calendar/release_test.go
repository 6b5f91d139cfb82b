// SPDX-License-Identifier: EUPL-1.2

package calendar

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestReleased plays Duesseldorf's releases, with a server that was down.
func TestReleased(t *testing.T) {
	p := Plan{Zone: berlin(t), State: NordrheinWestfalen, Rules: []Rule{passRule()}}
	tests := []struct {
		name, last, now string
		want            []string
	}{
		{"a minute before nine", "2026-11-30 08:00", "2026-11-30 08:59", nil},
		{"at nine the Monday three weeks ahead", "2026-11-30 08:59", "2026-11-30 09:00", []string{"2026-12-21 public"}},
		{"a minute after nine", "2026-11-30 09:00", "2026-11-30 09:01", nil},
		{"at seven today's reserve", "2026-11-30 06:59", "2026-11-30 07:00", []string{"2026-11-30 internal"}},
		{"down over both", "2026-11-29 22:00", "2026-11-30 13:00", []string{"2026-11-30 internal", "2026-12-21 public"}},
		{"down for three days: yesterday's reserve is over", "2026-11-30 09:00", "2026-12-03 08:00", []string{"2026-12-22 public", "2026-12-23 public", "2026-12-03 internal"}},
		{"Christmas is not released", "2026-12-03 09:00", "2026-12-04 09:00", []string{"2026-12-04 internal"}},
		{"a clock that went back", "2026-11-30 09:00", "2026-11-30 08:00", nil},
		{"on the Sunday of the change", "2026-10-24 23:00", "2026-10-26 06:59", nil},
		{"nine o'clock after the change", "2026-10-26 08:59", "2026-10-26 09:00", []string{"2026-11-16 public"}},
	}
	for _, tt := range tests {
		var got []string
		for _, r := range p.Released(moment(t, p.Zone, tt.last), moment(t, p.Zone, tt.now)) {
			got = append(got, fmt.Sprint(r.Day, " ", r.Kind))
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func moment(t *testing.T, zone *time.Location, text string) time.Time {
	t.Helper()
	m, err := time.ParseInLocation("2006-01-02 15:04", text, zone)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestFirstReleaseCatchesUp: an office that starts has what would have been released before.
func TestFirstReleaseCatchesUp(t *testing.T) {
	p := Plan{Zone: berlin(t), Rules: []Rule{passRule()}}
	got := p.Released(time.Time{}, moment(t, p.Zone, "2026-11-30 10:00"))
	if len(got) != 1+16 || got[0].Day.String() != "2026-11-30" || got[16].Day.String() != "2026-12-21" {
		t.Errorf("%d: %v", len(got), got)
	}
}

// TestReleasedOnce: whenever it is looked, nothing is released twice, and what
// is still to come of a day is not forgotten.
func TestReleasedOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPlan(t)
		start := drawDay(t).At(Clock(rapid.IntRange(0, 1439).Draw(t, "start")), p.Zone)
		steps := rapid.SliceOfN(rapid.IntRange(0, 4000), 1, 6).Draw(t, "minutes")
		seen := map[Released]bool{}
		last := start
		for _, m := range steps {
			now := last.Add(time.Duration(m) * time.Minute)
			for _, r := range p.Released(last, now) {
				if seen[r] || !r.At.After(last) || r.At.After(now) {
					t.Fatalf("%v is released twice, or not in its time", r)
				}
				seen[r] = true
			}
			last = now
		}
		for _, r := range p.Released(start, last) {
			if !seen[r] {
				t.Fatalf("%v was never released", r)
			}
		}
	})
}

// TestNext: whoever sleeps from moment to moment misses no release.
func TestNext(t *testing.T) {
	p := Plan{Zone: berlin(t), State: NordrheinWestfalen, Rules: []Rule{passRule()}}
	for last, want := range map[string]string{
		"2026-11-30 06:59": "2026-11-30 07:00",
		"2026-11-30 07:00": "2026-11-30 09:00",
		"2026-11-30 09:00": "2026-12-01 00:00",
		"2026-12-01 00:00": "2026-12-01 07:00",
		"2026-12-04 07:00": "2026-12-05 00:00", // what nine o'clock would release is Christmas
		"2026-10-24 12:00": "2026-10-25 00:00",
		"2026-10-25 00:00": "2026-10-26 00:00", // a day of 25 hours
	} {
		if got := p.Next(moment(t, p.Zone, last)); !got.Equal(moment(t, p.Zone, want)) {
			t.Errorf("after %s: %s, want %s", last, got.In(p.Zone), want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		p := drawPlan(t)
		last := drawDay(t).At(Clock(rapid.IntRange(0, 1439).Draw(t, "start")), p.Zone)
		next := p.Next(last)
		if !next.After(last) || next.Sub(last) > 25*time.Hour || len(p.Released(last, next.Add(-time.Nanosecond))) > 0 {
			t.Fatalf("after %s comes %s", last, next)
		}
		want := p.Released(last, next)
		if diff := cmp.Diff(want, p.Ahead(last, next)); diff != "" {
			t.Fatal(diff)
		}
	})
}

// TestOpenFollowsReleases: a slot's seats open exactly with the releases of its day.
func TestOpenFollowsReleases(t *testing.T) {
	p := Plan{Zone: berlin(t), State: NordrheinWestfalen, Rules: []Rule{passRule()}}
	slot := p.Slots(day(t, "2026-12-21"), day(t, "2026-12-21"))[3]
	for text, want := range map[string]int{
		"2026-11-30 08:59": 0, "2026-11-30 09:00": 4, "2026-12-21 06:59": 4, "2026-12-21 07:00": 5, "2026-12-21 08:44": 5, "2026-12-21 08:45": 0,
	} {
		if got := slot.Open(moment(t, p.Zone, text)); got != want {
			t.Errorf("%s: %d seats are open, want %d", text, got, want)
		}
	}
	r := passRule()
	r.Notice, r.Releases = 2, nil
	p.Rules = []Rule{r}
	slot = p.Slots(day(t, "2026-12-21"), day(t, "2026-12-21"))[0]
	for text, want := range map[string]int{"2026-09-01 00:00": 4, "2026-12-19 23:59": 4, "2026-12-20 00:00": 0} {
		if got := slot.Open(moment(t, p.Zone, text)); got != want {
			t.Errorf("with notice, %s: %d seats are open, want %d", text, got, want)
		}
	}
}
