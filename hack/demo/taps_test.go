// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"strings"
	"sync"
	"testing"

	"github.com/fotobox-project/fotobox/hack/visitor"
)

// TestDoubleTaps: everything that a citizen can press, and the code, comes five
// times at once. It counts once: one photo for one release, one envelope.
func TestDoubleTaps(t *testing.T) {
	s := newScene(t, good)
	watched := s.witness()
	b := s.books()
	s.shows(good)
	s.must(s.v.Await(t.Context(), "idle"))
	s.taps(5, func() error { return s.v.Scan(t.Context(), b.code) })
	s.stands("welcome")
	for _, step := range []struct{ button, leads string }{
		{"more", "welcome"}, {"start", "position"}, {"release", "review"},
		{"retake", "position"}, {"release", "review"},
		{"keep", "consent"}, {"back", "review"}, {"keep", "consent"}, {"agree", "done"},
	} {
		s.taps(5, func() error { return s.v.Press(t.Context(), step.button) })
		s.stands(step.leads)
	}
	s.delivered(s.id(b))
	s.taps(1, func() error { return s.v.Press(t.Context(), "cancel") })
	s.stands("idle")

	entered := map[string]int{}
	last := ""
	photos := map[string]bool{} // the attempts, by the addresses of their photos
	for _, v := range watched() {
		if v.Stage != last {
			entered[v.Stage]++
		}
		last = v.Stage
		for _, p := range v.Photos {
			photos[p.URL] = true
		}
	}
	if entered["capture"] != 2 || entered["done"] != 1 || len(photos) != 2 {
		t.Errorf("two releases led to the stages %v and the photos %v, want two photos", entered, photos)
	}
	if n := strings.Count(s.log.text(t), `msg="capture stored"`); n != 1 {
		t.Errorf("the station stored %d captures, want one", n)
	}
	s.nextTaps()
}

// nextTaps: five ends at once are one, and none of them ends the visit of the next citizen.
func (s *scene) nextTaps() {
	s.Helper()
	s.comes()
	stale := *s.v
	s.until("the visit's screen", func(now visitor.Screen) bool { return now.Stage == "position" || now.Stage == "capture" })
	s.taps(5, func() error { return onlyStale(s.v.Press(s.Context(), "cancel")) })
	s.stands("idle")
	id := s.comes()
	for range 5 {
		if err := stale.Press(s.Context(), "cancel"); err == nil {
			s.Error("a button of the last visit was taken in this one")
		}
	}
	s.accepted()
	s.stored(id)
}

// onlyStale forgives that a button came after the end of its visit.
func onlyStale(err error) error {
	if err != nil && strings.Contains(err.Error(), "409") {
		return nil
	}
	return err
}

// taps does the same n times at the same moment.
func (s *scene) taps(n int, press func() error) {
	s.Helper()
	errs := make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { errs[i] = press() })
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			s.Error(err)
		}
	}
}
