// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"testing"
	"time"
)

// TestFiftyVisitors lets fifty people come one after the other, each as fast as
// the screens: the office has one photo of each, and the station is afterwards
// as large as it was after the first five.
func TestFiftyVisitors(t *testing.T) {
	if testing.Short() {
		t.Skip("takes minutes")
	}
	const first, visitors = 5, 50
	s := newScene(t, good)
	s.shows(good)
	watched := s.witness()
	ids := map[string]bool{}
	var before size
	for i := range visitors {
		if i == first {
			before = s.size()
		}
		b := s.books()
		ids[s.id(b)] = true
		if err := s.v.Visit(t.Context(), b.code); err != nil || s.v.Now.Look != "good" {
			t.Fatalf("visitor %d: %+v, %v", i, s.v.Now, err)
		}
	}
	after := s.size()
	watched()
	got := s.town.awaitCaptures(t, visitors)
	for id, n := range got {
		if n != 1 || !ids[id] {
			t.Errorf("appointment %s has %d captures, want 1 of each visitor", id, n)
		}
	}
	t.Logf("after %d visits %v, after %d %v; %d captures at the office", first, before, visitors, after, len(got))
	if len(got) != visitors || after.memory > before.memory*5/4 || after.goroutines > before.goroutines+3 {
		t.Errorf("%d captures, and the station grew from %v to %v", len(got), before, after)
	}
}

// A size is what a station takes of its machine.
type size struct{ memory, goroutines int }

func (s size) String() string { return fmt.Sprintf("%d kB, %d goroutines", s.memory, s.goroutines) }

var (
	pssLine       = regexp.MustCompile(`(?m)^Pss: +(\d+) kB$`)
	goroutineLine = regexp.MustCompile(`(?m)^go_goroutines (\d+)$`)
)

// size is the least of a few seconds of the station at rest: what a picture takes
// that is just looked at, and a request on its way, come and go.
func (s *scene) size() (least size) {
	s.Helper()
	s.must(s.v.Press(s.Context(), "cancel")) // closes the last screen
	s.stands("idle")
	for i := range 25 {
		time.Sleep(200 * time.Millisecond)
		rollup, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", s.town.station.cmd.Process.Pid))
		if err != nil {
			s.Skipf("the station's memory cannot be read here: %v", err)
		}
		now := size{number(s.T, pssLine, string(rollup)), number(s.T, goroutineLine, fetch(s.T, "http://"+s.town.metrics[0]+"/metrics"))}
		if i == 0 {
			least = now
		}
		least.memory, least.goroutines = min(least.memory, now.memory), min(least.goroutines, now.goroutines)
	}
	return least
}

func number(t *testing.T, line *regexp.Regexp, text string) int {
	t.Helper()
	found := line.FindStringSubmatch(text)
	if found == nil {
		t.Fatalf("no line %s in:\n%s", line, text)
	}
	n, err := strconv.Atoi(found[1])
	if err != nil {
		t.Fatal(err)
	}
	return n
}
