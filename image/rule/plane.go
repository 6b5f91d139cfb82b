// SPDX-License-Identifier: EUPL-1.2

package rule

import "math"

// tilt is a plane through (x0, y0).
type tilt struct{ at, x, y, x0, y0 float64 }

// over is the plane's value above a place.
func (t tilt) over(x, y float64) float64 {
	return t.at + float64(t.x*(x-t.x0)) + float64(t.y*(y-t.y0))
}

// plane is what an even wall shows, with the slow change that lamps give it: red,
// green and blue.
type plane [3]tilt

// off is how far a colour is from the plane, root of the mean square.
func (p plane) off(x, y float64, rgb [3]float64) float64 {
	sum := 0.0
	for k, t := range p {
		d := rgb[k] - t.over(x, y)
		sum += float64(d * d)
	}
	return math.Sqrt(sum / 3)
}

// level is the brightness in the middle.
func (p plane) level() float64 { return (p[0].at + p[1].at + p[2].at) / 3 }

// across is how much the channel that changes most does so for one inter-eye
// distance to the side.
func (p plane) across() float64 {
	return max(math.Abs(p[0].x), math.Abs(p[1].x), math.Abs(p[2].x))
}

// through lays a plane through the cells so that the sum of the distances is
// least, not that of their squares: a strand of hair or a door does not bend it.
// Weights of one over the distance do that, found in a few rounds.
func through(cells []cell) (p plane) {
	const rounds, exact = 8, 3 // levels within which all count alike
	weights := make([]float64, len(cells))
	for i, c := range cells {
		weights[i] = float64(len(c.at))
	}
	for range rounds {
		for k := range p {
			p[k] = weighted(cells, weights, k)
		}
		for i, c := range cells {
			weights[i] = float64(len(c.at)) / max(exact, p.off(c.x, c.y, c.rgb))
		}
	}
	return p
}

// weighted fits one channel by least squares.
func weighted(cells []cell, weights []float64, k int) (t tilt) {
	var n float64
	for i, c := range cells {
		w := weights[i]
		n += w
		t.x0, t.y0, t.at = t.x0+float64(w*c.x), t.y0+float64(w*c.y), t.at+float64(w*c.rgb[k])
	}
	t.x0, t.y0, t.at = t.x0/n, t.y0/n, t.at/n
	var xx, xy, yy, xv, yv float64
	for i, c := range cells {
		x, y, v, w := c.x-t.x0, c.y-t.y0, c.rgb[k]-t.at, weights[i]
		xx, xy, yy = xx+float64(w*x*x), xy+float64(w*x*y), yy+float64(w*y*y)
		xv, yv = xv+float64(w*x*v), yv+float64(w*y*v)
	}
	if d := float64(xx*yy) - float64(xy*xy); d > 1e-6*xx*yy {
		t.x, t.y = (float64(xv*yy)-float64(yv*xy))/d, (float64(yv*xx)-float64(xv*xy))/d
	}
	return t
}

// eased gives the plane no steeper than that, through the middle of the cells.
func (p plane) eased(cells []cell, across, down float64) plane {
	for k := range p {
		t := &p[k]
		t.x, t.y = min(max(t.x, -across), across), min(max(t.y, -down), down)
		var rest []float32
		for _, c := range cells {
			rest = append(rest, float32(c.rgb[k]-t.over(c.x, c.y)))
		}
		t.at += percentile(rest, 0.5)
	}
	return p
}
