// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"net/http"
	"testing"

	"github.com/fotobox-project/fotobox/hack/visitor"
)

// TestStories plays visits of people who do not do what they should, with the
// real programs and a camera that films what each story says. Every screen must
// say the right thing in its words, and every story ends well.
func TestStories(t *testing.T) {
	s := newScene(t, good, shut, turned, two, child, near, glasses, blind, dim, black)
	watched := s.witness()
	for _, story := range []struct {
		name string
		tell func(*scene)
	}{
		{"leaves and comes back", leavesAndComesBack},
		{"leaves the camera for good", leavesTheCamera},
		{"leaves the photo behind", leavesThePhoto},
		{"two people", waitsUntil(two, "several-faces", good)},
		{"two people who press the button", pressesAsTwo},
		{"child", waitsUntil(child, "nearer", near)},
		{"closes the eyes", waitsUntil(shut, "eyes-open", good)},
		{"turns away", waitsUntil(turned, "not-frontal", good)},
		{"glasses that mirror", advised(glasses, "glare.high")},
		{"glasses that hide the eyes", waitsUntil(blind, "glare", good)},
		{"no light at all", waitsUntil(black, "exposure", good)},
		{"too dark", advised(dim, "exposure.low")},
		{"camera pulled while standing there", cameraPulled},
		{"camera pulled while choosing", cameraPulledInReview},
		{"network down", networkDown},
	} {
		t.Run(story.name, func(t *testing.T) {
			one := *s
			one.T = t
			one.leaves()
			story.tell(&one)
		})
	}
	watched()
}

// waitsUntil is told what to do by the hint, is not photographed before, and then does it.
func waitsUntil(wrong, hint, right string) func(*scene) {
	return func(s *scene) {
		id := s.comes()
		s.shows(wrong)
		s.asks(hint)
		s.waits(hint)
		s.shows(right)
		s.accepted()
		s.stored(id)
	}
}

// advised is photographed, is told what is wrong with the photo, and makes a better one.
func advised(wrong, advice string) func(*scene) {
	return func(s *scene) {
		id := s.comes()
		s.shows(wrong)
		s.advised(advice)
		s.leaves() // the next photo is none of the same person
		s.must(s.v.Press(s.Context(), "retake"))
		s.asks("no-face")
		s.shows(good)
		s.accepted()
		s.stored(id)
	}
}

// pressesAsTwo: no photo comes of it, and the screen says so and what to do.
func pressesAsTwo(s *scene) {
	id := s.comes()
	s.shows(two)
	s.asks("several-faces")
	s.must(s.v.Press(s.Context(), "release"))
	s.until("what went wrong", func(now visitor.Screen) bool { return now.Problem != "" })
	s.reads("problem.no-photo", s.v.Now.Problem)
	s.asks("several-faces")
	s.shows(good)
	s.accepted()
	s.stored(id)
}

func leavesAndComesBack(s *scene) {
	id := s.comes()
	s.asks("no-face")
	s.shows(shut)
	s.asks("eyes-open")
	s.leaves()
	s.asks("no-face")
	s.waits("no-face")
	s.shows(good)
	s.accepted()
	s.stored(id)
}

// leavesTheCamera: the station ends the visit by itself after minutes, which the
// story walked-away-from-the-camera of package session tells. Before that the
// screen counts down, and whoever comes next can end it.
func leavesTheCamera(s *scene) {
	gone := s.comes()
	s.shows(shut)
	s.asks("eyes-open")
	s.leaves()
	s.asks("no-face")
	left := s.v.Now.Remaining
	if left <= 0 {
		s.Errorf("the screen counts %d s, want what is left", left)
	}
	s.until("less time", func(now visitor.Screen) bool { return now.Remaining < left })
	s.must(s.v.Scan(s.Context(), s.books().code)) // is not taken
	s.must(s.v.See(s.Context()))
	if s.v.Now.Stage != "position" {
		s.Errorf("a code before the end of the visit leads to %q", s.v.Now.Stage)
	}
	s.nextCitizen(gone)
}

// leavesThePhoto: nobody who comes later sees it.
func leavesThePhoto(s *scene) {
	gone := s.comes()
	s.shows(good)
	s.accepted()
	s.leaves()
	photo := s.v.Base + s.v.Now.Photos[0].URL
	if got := s.status(photo); got != http.StatusOK {
		s.Errorf("the photo in review: status %d", got)
	}
	s.nextCitizen(gone)
	if got := s.status(photo); got != http.StatusNotFound {
		s.Errorf("the photo of a visit that ended: status %d, want 404", got)
	}
}

// nextCitizen ends the visit of whoever has gone and goes through an own one.
func (s *scene) nextCitizen(gone string) {
	s.Helper()
	s.must(s.v.Press(s.Context(), "cancel"))
	s.must(s.v.Await(s.Context(), "idle"))
	s.screen("idle")
	next := s.comes()
	s.shows(good)
	s.accepted()
	s.stored(next)
	s.nothing(gone)
}

func (s *scene) status(url string) int {
	s.Helper()
	r, err := http.NewRequestWithContext(s.Context(), http.MethodGet, url, nil)
	if err != nil {
		s.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		s.Fatal(err)
	}
	defer resp.Body.Close()
	return resp.StatusCode
}

// cameraPulled: the citizen has lost nothing but time.
func cameraPulled(s *scene) {
	id := s.comes()
	s.shows(shut)
	s.asks("eyes-open")
	s.pulled()
	s.stands("out-of-order")
	s.screen("out-of-order.known")
	s.shows(good)
	s.stands("welcome")
	s.must(s.v.Press(s.Context(), "start"))
	s.accepted()
	s.stored(id)
}

// cameraPulledInReview: a visit whose photo is made needs no camera; the next one does.
func cameraPulledInReview(s *scene) {
	id := s.comes()
	s.shows(good)
	s.accepted()
	s.pulled()
	s.stored(id)
	s.must(s.v.Press(s.Context(), "cancel"))
	s.stands("out-of-order")
	s.screen("out-of-order")
	s.leaves()
	s.stands("idle")
}

// networkDown: the screen says what is true, and when the office is back the
// photo goes its way without anybody doing anything.
func networkDown(s *scene) {
	id := s.comes()
	if _, err := s.town.office.stop(); err != nil {
		s.Fatal(err)
	}
	s.shows(good)
	s.accepted()
	s.must(s.v.GoOn(s.Context(), "done"))
	s.screen("done.kept")
	if err := s.town.openOffice(s.Context()); err != nil {
		s.Fatal(err)
	}
	s.delivered(id)
	s.until("the good news", func(now visitor.Screen) bool {
		return now.Stage == "idle" || now.Title == german.Text("kiosk.done.delivered.title")
	})
}
