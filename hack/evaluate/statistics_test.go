// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"math"
	"slices"
	"testing"

	"github.com/fotobox-project/fotobox/image/rule"
)

func TestAUC(t *testing.T) {
	nan := math.NaN()
	for _, tt := range []struct {
		name      string
		good, bad []float64
		want      float64
	}{
		{"apart", []float64{1, 2}, []float64{3, 4}, 1},
		{"the wrong way", []float64{3, 4}, []float64{1, 2}, 0},
		{"ties count half", []float64{1, 1}, []float64{1, 1}, 0.5},
		{"by hand: 5 of 6 pairs", []float64{1, 2, 4}, []float64{3, 5}, 5.0 / 6},
		{"not measured is left out", []float64{1, nan}, []float64{nan, 2}, 1},
		{"none", []float64{1}, nil, nan},
	} {
		got := auc(tt.good, tt.bad)
		if math.Abs(got-tt.want) > 1e-12 || math.IsNaN(got) != math.IsNaN(tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestRates(t *testing.T) {
	var r rate
	for _, hit := range []bool{true, false, false, true} {
		r.add(hit)
	}
	if r.percent() != 50 || r.plus(rate{1, 1}).percent() != 60 {
		t.Errorf("got %v %% and %v %%, want 50 and 60", r.percent(), r.plus(rate{1, 1}).percent())
	}
	if !math.IsNaN(rate{}.percent()) || share(rate{}) != "-" {
		t.Error("a rate among none is a number")
	}
	if got := quantile([]float64{5, math.NaN(), 1, 3}, 0.5); got != 3 {
		t.Errorf("median: got %v, want 3", got)
	}
}

func TestCrossings(t *testing.T) {
	x, y := []float64{0, 1, 2, 3}, []float64{0, 2, 2, -2}
	if got := crossings(x, y, 1); !slices.Equal(got, []float64{0.5, 2.25}) {
		t.Errorf("got %v, want 0.5 and 2.25", got)
	}
	if got := places(x, y, rule.Limits{Min: math.Inf(-1), Max: 3}); got != "never" {
		t.Errorf("got %q, want never", got)
	}
}

func TestBackward(t *testing.T) {
	for _, tt := range []struct {
		y    []float64
		want float64
	}{
		{[]float64{0, 1, 2, 4}, 0},
		{[]float64{4, 2, 1, 0}, 0},
		{[]float64{0, 3, 2, 4}, 0.25},
		{[]float64{4, 1, 3, 0}, 0.5},
		{[]float64{2, 2}, 0},
	} {
		if got := backward(tt.y); got != tt.want {
			t.Errorf("%v: got %v, want %v", tt.y, got, tt.want)
		}
	}
}

func TestBeyond(t *testing.T) {
	open := math.Inf(1)
	for _, tt := range []struct{ value, low, high, want float64 }{
		{5, -8, 8, -3}, {-9, -8, 8, 1}, {0.3, -open, 0.1, 0.2}, {0.3, 0.4, open, 0.1},
	} {
		if got := beyond(rule.Finding{Value: tt.value, Min: tt.low, Max: tt.high}); math.Abs(got-tt.want) > 1e-9 {
			t.Errorf("%v in %v to %v: got %v, want %v", tt.value, tt.low, tt.high, got, tt.want)
		}
	}
}

func TestLightness(t *testing.T) {
	for _, tt := range []struct{ y, want float64 }{{1, 100}, {0.184, 49.98}, {0, 0}, {0.005, 4.516}} {
		if got := lightness(tt.y); math.Abs(got-tt.want) > 0.02 {
			t.Errorf("luminance %v: got L* %v, want %v", tt.y, got, tt.want)
		}
	}
}
