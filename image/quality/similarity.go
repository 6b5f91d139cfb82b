// SPDX-License-Identifier: EUPL-1.2

package quality

import (
	"math"
	"slices"
)

// similarity turns, scales and shifts: (x, y) goes to (a*x - b*y + u, b*x + a*y + v).
type similarity struct{ a, b, u, v float64 }

func (s similarity) at(p point) point {
	return point{float64(s.a*p.x) - float64(s.b*p.y) + s.u, float64(s.b*p.x) + float64(s.a*p.y) + s.v}
}

func (s similarity) scale() float64 { return math.Hypot(s.a, s.b) }

// inverse leads back; a similarity that shrinks everything to a point has none
// and leads to infinity.
func (s similarity) inverse() similarity {
	n := float64(s.a*s.a) + float64(s.b*s.b)
	a, b := s.a/n, -s.b/n
	return similarity{a, b, -(float64(a*s.u) - float64(b*s.v)), -(float64(b*s.u) + float64(a*s.v))}
}

// fit is the similarity with the least squared distances between from and to.
func fit(from, to []point) similarity {
	n := float64(len(from))
	var c, d point
	for i := range from {
		c, d = point{c.x + from[i].x/n, c.y + from[i].y/n}, point{d.x + to[i].x/n, d.y + to[i].y/n}
	}
	var a, b, norm float64
	for i := range from {
		x, y, u, v := from[i].x-c.x, from[i].y-c.y, to[i].x-d.x, to[i].y-d.y
		a += float64(x*u) + float64(y*v)
		b += float64(x*v) - float64(y*u)
		norm += float64(x*x) + float64(y*y)
	}
	s := similarity{a: a / norm, b: b / norm}
	s.u = d.x - float64(s.a*c.x) + float64(s.b*c.y)
	s.v = d.y - float64(s.b*c.x) - float64(s.a*c.y)
	return s
}

// leastMedian is the similarity of the pair whose median squared distance over all
// points is least, fitted again to the points that are near it (LMEDS). OFIQ draws
// pairs at random; with five points all ten are tried.
func leastMedian(from, to []point) similarity {
	least, best := math.Inf(1), fit(from, to)
	for i := range from {
		for j := range i {
			s := fit([]point{from[j], from[i]}, []point{to[j], to[i]})
			d := distances(s, from, to)
			slices.Sort(d)
			if d[len(d)/2] < least {
				least, best = d[len(d)/2], s
			}
		}
	}
	return refit(best, least, from, to)
}

// refit leaves out what is farther than 2.5 robust deviations.
func refit(s similarity, median float64, from, to []point) similarity {
	deviation := 1.4826 * (1 + 5/float64(len(from)-2)) * math.Sqrt(median)
	bound := max(2.5*deviation, 0.001)
	var near, target []point
	for i, d := range distances(s, from, to) {
		if d <= bound*bound {
			near, target = append(near, from[i]), append(target, to[i])
		}
	}
	if len(near) < 2 {
		return s
	}
	return fit(near, target)
}

func distances(s similarity, from, to []point) []float64 {
	d := make([]float64, len(from))
	for i := range from {
		p := s.at(from[i])
		dx, dy := p.x-to[i].x, p.y-to[i].y
		d[i] = float64(dx*dx) + float64(dy*dy)
	}
	return d
}
