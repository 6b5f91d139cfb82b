// SPDX-License-Identifier: EUPL-1.2

package face

import (
	"cmp"
	"math"
	"slices"
)

// sameFace is the overlap (intersection over union) from which two windows
// are counted as one face, as in pigo's examples.
const sameFace = 0.2

// cluster joins windows on one face to their mean, weighted by score, and adds
// up their scores. The best comes first. A cluster with less than least is
// dropped, and so is one whose centre lies in a better one or the other way
// round: pico answers on nose and mouth too, and one head is one face.
func cluster(windows []window, least float64) []window {
	windows = slices.Clone(windows)
	slices.SortStableFunc(windows, better)
	var joined []window
	for len(windows) > 0 {
		var group, rest []window
		for _, w := range windows {
			if overlap(windows[0], w) > sameFace {
				group = append(group, w)
			} else {
				rest = append(rest, w)
			}
		}
		joined, windows = append(joined, mean(group)), rest
	}
	slices.SortStableFunc(joined, better)
	var faces []window
	for _, w := range joined {
		onAnother := func(f window) bool { return f.hides(w) }
		if w.score >= least && !slices.ContainsFunc(faces, onAnother) {
			faces = append(faces, w)
		}
	}
	return faces
}

func better(a, b window) int { return cmp.Compare(b.score, a.score) }

func mean(group []window) (m window) {
	for _, w := range group {
		m.x += w.x * w.score
		m.y += w.y * w.score
		m.size += w.size * w.score
		m.score += w.score
	}
	m.x, m.y, m.size = m.x/m.score, m.y/m.score, m.size/m.score
	return m
}

// hides tells whether w, which scores less than f, is a part of the same person.
// A window around the mouth, the collar or the shirt below a face scores
// 1 % to 5 % of it; a second person's face near by scores more.
func (f window) hides(w window) bool {
	near := window{x: f.x, y: f.y, size: 3 * f.size}
	return covers(f, w) || covers(w, f) || covers(near, w) && w.score < f.score/10
}

// covers tells whether the centre of b lies in a.
func covers(a, b window) bool {
	return math.Abs(a.x-b.x) < a.size/2 && math.Abs(a.y-b.y) < a.size/2
}

func overlap(a, b window) float64 {
	side := func(p, q float64) float64 {
		return max(0, min(p+a.size/2, q+b.size/2)-max(p-a.size/2, q-b.size/2))
	}
	both := side(a.x, b.x) * side(a.y, b.y)
	return both / (a.size*a.size + b.size*b.size - both)
}
