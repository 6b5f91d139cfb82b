// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"cmp"
	"slices"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/hack/visitor"
)

// way is what a visit goes through, and what a citizen who agrees with
// everything presses there; the photo they leave to the station.
var way = []struct{ stage, press string }{
	{"welcome", "start"}, {"position", ""}, {"capture", ""}, {"review", "keep"}, {"consent", "agree"}, {"store", ""}, {"done", ""},
}

// TestVisitTime prints, with -v, how long a visit takes the machine: from the
// code to the last screen with a citizen who stands as they should and presses at
// once. It fails only where a screen has no words.
func TestVisitTime(t *testing.T) {
	if testing.Short() {
		t.Skip("takes minutes")
	}
	const visits = 15
	needSpeed(t)
	s := &scene{T: t, log: newLedger(t)}
	s.town = newTown(t, "sitter", s.log)
	s.v = &visitor.Visitor{Base: "http://" + s.town.kiosk, Rest: 5 * time.Millisecond}
	took := map[string][]time.Duration{}
	for range visits {
		b := s.books()
		s.must(s.v.Await(t.Context(), "idle", "done"))
		watched := s.witness()
		began := time.Now()
		s.must(s.v.Scan(t.Context(), b.code))
		s.agrees()
		time.Sleep(100 * time.Millisecond) // until the witness has it too
		for stage, d := range stages(began, watched()) {
			took[stage] = append(took[stage], d)
		}
	}
	for _, stage := range append([]string{"code"}, names()...) {
		if d := took[stage]; len(d) > 0 {
			t.Logf("%-10s median %6.3f s, p90 %6.3f s, %d visits", stage, quantile(d, .5), quantile(d, .9), len(d))
		}
	}
	whole := took["whole"]
	t.Logf("from the code to the end: median %.2f s, p90 %.2f s; the aim is a median of 20 s", quantile(whole, .5), quantile(whole, .9))
}

// agrees goes on as soon as there is something to press.
func (s *scene) agrees() {
	s.Helper()
	for _, step := range way {
		if step.press != "" {
			s.stands(step.stage)
			s.must(s.v.Press(s.Context(), step.press))
		}
	}
	s.stands("done")
}

func names() (all []string) {
	for _, step := range way {
		all = append(all, step.stage)
	}
	return append(all, "whole")
}

// stages is how long each stage of a visit stood, by when its screens came. "code" is
// the time to the first of them, "whole" that to the last.
func stages(began time.Time, seen []view) map[string]time.Duration {
	took := map[string]time.Duration{}
	stage, since := "code", began
	for _, v := range seen {
		if v.Stage == stage || v.at.Before(began) || stage == "code" && v.Stage != way[0].stage {
			continue
		}
		took[stage] += v.at.Sub(since)
		stage, since = v.Stage, v.at
	}
	took["whole"] = since.Sub(began)
	return took
}

// quantile of some times, seconds.
func quantile(d []time.Duration, q float64) float64 {
	d = slices.SortedFunc(slices.Values(d), cmp.Compare)
	return d[min(int(q*float64(len(d))), len(d)-1)].Seconds()
}
