// SPDX-License-Identifier: EUPL-1.2

package booth

import "math"

// clipped is a linear value that a camera does not tell from white (252 of 255).
const clipped = 0.974

// seen is the share of the cells around the head that show the wall.
func (t *trial) seen() float64 {
	var all, wall float64
	for o := range cells {
		if t.aside(o) {
			all++
			if t.wall[o] {
				wall++
			}
		}
	}
	return wall / max(all, 1)
}

// report fills in the values. The rim of the wall is left out: its cells hold a
// part of the person.
func (t *trial) report(c *Comparison) {
	inner := shrunk(t.wall)
	calm := smoothed(t.ratio, inner)
	t.light(c, inner)
	var beside, far, near []int
	for o, in := range inner {
		if !in {
			continue
		}
		if t.aside(o) {
			beside = append(beside, o)
		}
		switch {
		case t.near(o):
			near = append(near, o)
		case t.apart(o):
			far = append(far, o)
		}
	}
	values := pick(calm, beside)
	middle := percentile(values, 0.5)
	c.Uneven = math.Exp(percentile(values, 0.95)-middle) - math.Exp(percentile(values, 0.05)-middle)
	slope := t.slope(calm, far)
	dark := pick(calm, near)
	for k, o := range near {
		dark[k] -= slope(o)
	}
	c.Shadow = max(0, 1-math.Exp(percentile(dark, 0.05)))
	c.Foreign = t.foreign(c.person)
}

func pick(v []float32, at []int) []float32 {
	out := make([]float32, len(at))
	for k, o := range at {
		out[k] = v[o]
	}
	return out
}

// slope is the light of the wall as a plane through the cells far from the head: a
// gradient is no shadow. Few cells give a level only.
func (t *trial) slope(v []float32, far []int) func(o int) float32 {
	level := float32(percentile(pick(v, far), 0.5))
	var n, x, y, xx, xy, yy, z, xz, yz float64
	for _, o := range far {
		a, b, c := float64(o%Columns), float64(o/Columns), float64(v[o]-level)
		n, x, y, z = n+1, x+a, y+b, z+c
		xx, xy, yy, xz, yz = xx+float64(a*a), xy+float64(a*b), yy+float64(b*b), xz+float64(a*c), yz+float64(b*c)
	}
	if n < cells/20 {
		return func(int) float32 { return level }
	}
	x, y, z = x/n, y/n, z/n
	xx, xy, yy, xz, yz = xx/n-float64(x*x), xy/n-float64(x*y), yy/n-float64(y*y), xz/n-float64(x*z), yz/n-float64(y*z)
	det := float64(xx*yy) - float64(xy*xy)
	if det < 1 {
		return func(int) float32 { return level }
	}
	right, down := (float64(xz*yy)-float64(yz*xy))/det, (float64(yz*xx)-float64(xz*xy))/det
	return func(o int) float32 {
		return level + float32(z+float64(right*(float64(o%Columns)-x))+float64(down*(float64(o/Columns)-y)))
	}
}

// light compares the wall's colour, brightness and burnt cells.
func (t *trial) light(c *Comparison, inner []bool) {
	was := t.scene.light()
	var ratios [3][]float32
	var light []float32
	var all, burnt float64
	for o, in := range inner {
		if !in || !t.aside(o) {
			continue
		}
		all++
		var lost, before bool
		for k := range ratios {
			now, then := t.now.c[k][o], was.Mean[k][o]
			ratios[k] = append(ratios[k], (now+floor)/(then+floor))
			lost, before = lost || now >= clipped, before || then >= clipped
		}
		if lost && !before {
			burnt++
		}
		light = append(light, t.ratio[o])
	}
	c.Burnt = burnt / max(all, 1)
	c.Light = math.Exp(percentile(light, 0.5))
	for k, v := range ratios {
		c.Gain[k] = percentile(v, 0.5)
	}
	c.White = t.scene.white(c.Gain)
	for _, w := range c.White {
		c.Cast = max(c.Cast, math.Abs(w-1))
	}
}

// white is what is grey in light of these gains. The grey card itself had the
// inverse of its gains.
func (s *Scene) white(gain [3]float64) [3]float64 {
	if s.Grey != nil {
		for k, g := range s.Grey.Gains {
			gain[k] /= g
		}
	}
	mean := (gain[0] + gain[1] + gain[2]) / 3
	for k := range gain {
		gain[k] /= mean
	}
	return gain
}

// foreign is the share of the cells apart that are neither wall nor person.
func (t *trial) foreign(person []bool) float64 {
	var all, other float64
	for o := range cells {
		if t.apart(o) {
			all++
			if !t.wall[o] && !person[o] {
				other++
			}
		}
	}
	return other / max(all, 1)
}
