// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"math"
	"slices"
)

// auc is the chance that a value of bad lies above one of good, ties counting
// half; NaN values are left out. It is NaN when one side is empty.
func auc(good, bad []float64) float64 {
	good, bad = measured(good), measured(bad)
	slices.Sort(good)
	var sum float64
	for _, v := range bad {
		below, _ := slices.BinarySearch(good, v)
		upTo, _ := slices.BinarySearch(good, math.Nextafter(v, math.Inf(1)))
		sum += float64(below+upTo) / 2
	}
	return sum / float64(len(good)*len(bad))
}

// measured leaves out what is not a number.
func measured(v []float64) []float64 {
	return slices.DeleteFunc(slices.Clone(v), math.IsNaN)
}

// quantile of the measured values, the nearest one; NaN of none.
func quantile(v []float64, q float64) float64 {
	v = measured(v)
	if len(v) == 0 {
		return math.NaN()
	}
	slices.Sort(v)
	return v[int(math.Round(q*float64(len(v)-1)))]
}

// A rate is a count among so many.
type rate struct{ n, of int }

func (r *rate) add(hit bool) {
	r.of++
	if hit {
		r.n++
	}
}

// percent is NaN among none.
func (r rate) percent() float64 { return 100 * float64(r.n) / float64(r.of) }

// plus pools two counts.
func (r rate) plus(s rate) rate { return rate{r.n + s.n, r.of + s.of} }

// crossings gives the places where a line through the points (x ascending) passes
// the level.
func crossings(x, y []float64, level float64) (at []float64) {
	for i := 1; i < len(x); i++ {
		a, b := y[i-1]-level, y[i]-level
		if a*b < 0 || b == 0 && a != 0 {
			at = append(at, x[i-1]+(x[i]-x[i-1])*a/(a-b))
		}
	}
	return at
}

// backward is how far the values run against their own direction, as a share of
// their range: 0 when they only rise or only fall. NaN values are left out.
func backward(y []float64) float64 {
	y = measured(y)
	if len(y) < 2 {
		return math.NaN()
	}
	span := slices.Max(y) - slices.Min(y)
	if span == 0 {
		return 0
	}
	sign := math.Copysign(1, y[len(y)-1]-y[0])
	best, worst := math.Inf(-1), 0.0
	for _, v := range y {
		best = max(best, sign*v)
		worst = max(worst, best-sign*v)
	}
	return worst / span
}
