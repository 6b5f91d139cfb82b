// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"math"
	"slices"
	"testing"

	"github.com/fotobox-project/fotobox/capture/camera/cameratest"
	"github.com/fotobox-project/fotobox/image/rule"
)

// measuredAt is a sweep of one person with values made up.
func measuredAt(x, y []float64) swept {
	s := swept{sweep{id: "1.3", exact: true}, [][]sitting{nil}}
	for i := range x {
		f := rule.Finding{ID: "1.3", Value: y[i]}
		s.series[0] = append(s.series[0], sitting{at: x[i], result: result{report: rule.Report{Findings: []rule.Finding{f}}}})
	}
	return s
}

func TestPath(t *testing.T) {
	limits := rule.Limits{Min: -8, Max: 8}
	p := measuredAt([]float64{-12, 0, 4, 12, 14}, []float64{-10, 1, 5, 13, math.NaN()}).path(limits)
	if p.monotonic != "yes" || p.crosses != "-9.82 7.00" || p.err != 2 || p.offset != 1.25 || p.outside != (rate{2, 4}) || p.unclear != 1 {
		t.Errorf("got %+v", p)
	}
	if p := measuredAt([]float64{0, 1, 2}, []float64{0, 4, 2}).path(limits); p.monotonic != "back by 50 %" || p.crosses != "never" {
		t.Errorf("got %+v", p)
	}
}

func TestThinned(t *testing.T) {
	v := steps(0, 1, 0.125)
	if len(v) != 9 || v[8] != 1 {
		t.Fatalf("steps: got %v", v)
	}
	for every, want := range map[int][]float64{1: v, 3: {0, 0.375, 0.75, 1}, 50: {0, 0.5, 1}} {
		if got := thinned(v, every); !slices.Equal(got, want) {
			t.Errorf("one of %d: got %v, want %v", every, got, want)
		}
	}
}

func TestTooTall(t *testing.T) {
	chin, crown := cameratest.Point{Y: 400}, cameratest.Point{Y: 100}
	for measured, want := range map[float64]float64{300: 0, 375: 0.15, 250: -0.15} {
		if got := tooTall(measured, chin, crown); math.Abs(got-want) > 1e-9 {
			t.Errorf("measured %v of 300: got %v, want %v", measured, got, want)
		}
	}
}

func TestTargetState(t *testing.T) {
	for _, tt := range []struct {
		target target
		want   string
	}{
		{target{value: 97, limit: 97, least: true}, "reached"},
		{target{value: 96.9, limit: 97, least: true}, "NOT REACHED"},
		{target{value: 2, limit: 2}, "reached"},
		{target{value: 2.1, limit: 2}, "NOT REACHED"},
		{target{value: math.NaN(), limit: 2}, "not measured"},
	} {
		if got := tt.target.state(); got != tt.want {
			t.Errorf("%v: got %s, want %s", tt.target, got, tt.want)
		}
	}
}

func TestTick(t *testing.T) {
	for _, tt := range []struct {
		v, from, to float64
		want        string
	}{
		{5.55e-17, -0.3, 0.3, "0.00"}, {-1e-9, -10, 10, "0"}, {-16.8, -16.8, 16.8, "-17"}, {0.000521, 0, 0.3, "0.00"}, {0.0123, 0, 0.05, "0.012"},
	} {
		if got := tick(tt.v, axis{from: tt.from, to: tt.to}); got != tt.want {
			t.Errorf("%v from %v to %v: got %q, want %q", tt.v, tt.from, tt.to, got, tt.want)
		}
	}
}
