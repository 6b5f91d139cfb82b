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

// cluster joins windows on one place to their mean, weighted by score, and adds
// up their scores. All windows must be of one roll.
func cluster(windows []window) (joined []window) {
	rest := slices.Clone(windows)
	slices.SortStableFunc(rest, better)
	for len(rest) > 0 {
		best, group := rest[0], []window(nil)
		rest = slices.DeleteFunc(rest, func(w window) bool {
			same := overlap(best, w) > sameFace
			if same {
				group = append(group, w)
			}
			return same
		})
		joined = append(joined, mean(group))
	}
	return joined
}

// distinct gives the clusters that score at least the given sum and do not
// belong to a better one, best first.
func distinct(clusters []window, least float64) (faces []window) {
	slices.SortStableFunc(clusters, better)
	for _, w := range clusters {
		known := slices.ContainsFunc(faces, func(f window) bool { return hides(f, w) })
		if w.score >= least && !known {
			faces = append(faces, w)
		}
	}
	return faces
}

func better(a, b window) int { return cmp.Compare(b.score, a.score) }

func mean(group []window) (m window) {
	m.roll = group[0].roll
	for _, w := range group {
		m.x += float64(w.x * w.score)
		m.y += float64(w.y * w.score)
		m.size += float64(w.size * w.score)
		m.score += w.score
	}
	m.x, m.y, m.size = m.x/m.score, m.y/m.score, m.size/m.score
	return m
}

// hides tells whether w, which scores less than f, is a part of the same head
// or person: one centre in the other's window, or a weak window close by. Those
// around the mouth, the collar or the shirt below a face have up to 15 % of its
// score; a second person's face so near has more.
func hides(f, w window) bool {
	near := window{x: f.x, y: f.y, size: 3 * f.size}
	return covers(f, w) || covers(w, f) || covers(near, w) && w.score < f.score/5
}

// covers tells whether the centre of b lies in a.
func covers(a, b window) bool {
	return math.Abs(a.x-b.x) < a.size/2 && math.Abs(a.y-b.y) < a.size/2
}

func overlap(a, b window) float64 {
	side := func(p, q float64) float64 {
		return max(0, min(p+a.size/2, q+b.size/2)-max(p-a.size/2, q-b.size/2))
	}
	both := float64(side(a.x, b.x) * side(a.y, b.y))
	return both / (float64(a.size*a.size) + float64(b.size*b.size) - both)
}
