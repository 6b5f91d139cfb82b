// SPDX-License-Identifier: EUPL-1.2

package chart

import (
	"image"
	"math"
	"math/rand/v2"
)

// A shot is a picture of the chart of which everything is known.
type shot struct {
	size      image.Point
	focal     float64 // pixels
	distance  float64 // mm
	x, y      float64 // of the chart's middle off the camera's axis, mm
	pan, nod  float64 // the chart's tilt about its upright and its level axis, degrees
	turn      float64 // of the chart in its plane, degrees, clockwise
	distorted float64 // percent at the picture's corner
	blur      float64 // standard deviation, pixels
	noise     float64 // sRGB levels
	light     float64 // of white paper, linear
	fall      float64 // of the light from left to right, share
}

// usual is a chart well held before a good camera of five megapixels.
func usual() shot {
	return shot{size: image.Pt(1200, 1600), focal: 2300, distance: 850, turn: 0.5, blur: 0.7, noise: 1, light: 0.8}
}

// matrix maps the sheet's mm, from its middle, onto the camera's axes, mm.
func (s shot) matrix() (m [3][3]float64) {
	sp, cp := math.Sincos(s.pan * math.Pi / 180)
	sn, cn := math.Sincos(s.nod * math.Pi / 180)
	st, ct := math.Sincos(s.turn * math.Pi / 180)
	return [3][3]float64{
		{ct*cp + st*sn*sp, -st*cp + ct*sn*sp, s.x},
		{st * cn, ct * cn, s.y},
		{-ct*sp + st*sn*cp, st*sp + ct*sn*cp, s.distance},
	}
}

// project is where a place of the sheet is in the picture.
func (s shot) project(m *[3][3]float64, p point) point {
	x, y := p.x-centreX, p.y-centreY
	z := m[2][0]*x + m[2][1]*y + m[2][2]
	u, v := s.focal*(m[0][0]*x+m[0][1]*y+m[0][2])/z, s.focal*(m[1][0]*x+m[1][1]*y+m[1][2])/z
	unit := math.Hypot(float64(s.size.X), float64(s.size.Y)) / 2
	f := 1 + s.distorted/100*(u*u+v*v)/(unit*unit)
	return point{float64(s.size.X)/2 + u*f, float64(s.size.Y)/2 + v*f}
}

// canvas is linear light.
type canvas struct {
	pix  []float64
	size image.Point
}

// render draws the chart before a wall, and a person dressed in dark who holds it.
func (s shot) render() *image.Gray {
	c := canvas{make([]float64, s.size.X*s.size.Y), s.size}
	for i := range c.pix {
		c.pix[i] = 0.5 * s.light
		if y := i / s.size.X; y > s.size.Y*2/3 {
			c.pix[i] = 0.05 * s.light
		}
	}
	m := s.matrix()
	s.paint(c, &m, shape{point: point{centreX, centreY}, w: Width, h: Height, level: paper})
	for _, sh := range shapes() {
		s.paint(c, &m, sh)
	}
	c.blur(s.blur)
	return c.develop(s)
}

// paint covers the pixels of one shape, each by the share of 6x6 points that lie in it.
func (s shot) paint(c canvas, m *[3][3]float64, sh shape) {
	r := math.Hypot(sh.w, sh.h) / 2
	box := image.Rectangle{}
	for i := range 16 {
		sin, cos := math.Sincos(float64(i) * math.Pi / 8)
		p := s.project(m, point{sh.x + 1.1*r*cos, sh.y + 1.1*r*sin})
		box = box.Union(image.Rect(int(p.x)-2, int(p.y)-2, int(p.x)+3, int(p.y)+3))
	}
	light := toLight(float64(sh.level)) * s.light
	for y := max(box.Min.Y, 0); y < min(box.Max.Y, s.size.Y); y++ {
		for x := max(box.Min.X, 0); x < min(box.Max.X, s.size.X); x++ {
			share := s.share(m, sh, point{float64(x) + 0.5, float64(y) + 0.5})
			o := y*s.size.X + x
			c.pix[o] += share * (light - c.pix[o])
		}
	}
}

// share is how much of a pixel a shape covers.
func (s shot) share(m *[3][3]float64, sh shape, at point) float64 {
	p, ux, uy := s.back(m, at)
	in := func(dx, dy float64) int {
		if sh.covers(point{p.x + dx*ux.x + dy*uy.x, p.y + dx*ux.y + dy*uy.y}) {
			return 1
		}
		return 0
	}
	if in(-0.5, -0.5)+in(0.5, -0.5)+in(-0.5, 0.5)+in(0.5, 0.5) == 4 {
		return 1 // all shapes are convex
	}
	const n = 6
	sum := 0
	for i := range n * n {
		sum += in((float64(i%n)+0.5)/n-0.5, (float64(i/n)+0.5)/n-0.5)
	}
	return float64(sum) / (n * n)
}

// back is the place of the sheet under a pixel, and how it moves with x and with y.
func (s shot) back(m *[3][3]float64, q point) (p, ux, uy point) {
	p = s.sheet(m, q)
	a, b := s.sheet(m, point{q.x + 1, q.y}), s.sheet(m, point{q.x, q.y + 1})
	return p, point{a.x - p.x, a.y - p.y}, point{b.x - p.x, b.y - p.y}
}

func (s shot) sheet(m *[3][3]float64, q point) point {
	unit := math.Hypot(float64(s.size.X), float64(s.size.Y)) / 2
	u, v := q.x-float64(s.size.X)/2, q.y-float64(s.size.Y)/2
	a, b := u, v
	for range 8 {
		if s.distorted == 0 {
			break
		}
		f := 1 + s.distorted/100*(a*a+b*b)/(unit*unit)
		a, b = u/f, v/f
	}
	a, b = a/s.focal, b/s.focal
	// (m0 - a m2)·(x, y, 1) = 0 and (m1 - b m2)·(x, y, 1) = 0
	p, r, t := m[0][0]-a*m[2][0], m[0][1]-a*m[2][1], m[0][2]-a*m[2][2]
	h, k, l := m[1][0]-b*m[2][0], m[1][1]-b*m[2][1], m[1][2]-b*m[2][2]
	det := p*k - r*h
	return point{(-t*k+r*l)/det + centreX, (-p*l+t*h)/det + centreY}
}

// covers tells whether a place of the sheet lies in the shape.
func (s shape) covers(p point) bool {
	x, y := p.x-s.x, p.y-s.y
	if s.disc {
		return x*x+y*y <= s.w*s.w/4
	}
	sin, cos := math.Sincos(s.turn * math.Pi / 180)
	x, y = x*cos+y*sin, y*cos-x*sin
	return math.Abs(x) <= s.w/2 && math.Abs(y) <= s.h/2
}

func toLight(v float64) float64 {
	if v /= 255; v <= 0.04045 {
		return v / 12.92
	}
	return math.Pow((v+0.055)/1.055, 2.4)
}

// gauss is the kernel of a blur.
func gauss(sigma float64) []float64 {
	n := int(4*sigma + 1)
	kernel := make([]float64, 2*n+1)
	var sum float64
	for i := range kernel {
		kernel[i] = math.Exp(-float64((i-n)*(i-n)) / (2 * sigma * sigma))
		sum += kernel[i]
	}
	for i := range kernel {
		kernel[i] /= sum
	}
	return kernel
}

// blur is Gaussian.
func (c canvas) blur(sigma float64) {
	if sigma == 0 {
		return
	}
	kernel := gauss(sigma)
	n := len(kernel) / 2
	for _, step := range []struct{ along, lines, length, next int }{{1, c.size.Y, c.size.X, c.size.X}, {c.size.X, c.size.X, c.size.Y, 1}} {
		line := make([]float64, step.length)
		for l := range step.lines {
			for i := range line {
				line[i] = 0
				for k, w := range kernel {
					at := min(max(i+k-n, 0), step.length-1)
					line[i] += w * c.pix[l*step.next+at*step.along]
				}
			}
			for i, v := range line {
				c.pix[l*step.next+i*step.along] = v
			}
		}
	}
}

// develop turns light into sRGB levels, with noise that is the same each time.
func (c canvas) develop(s shot) *image.Gray {
	img := image.NewGray(image.Rectangle{Max: c.size})
	random := rand.New(rand.NewPCG(1, 2))
	for i, v := range c.pix {
		v *= 1 - s.fall*float64(i%c.size.X)/float64(c.size.X)
		if v <= 0.0031308 {
			v *= 12.92
		} else {
			v = 1.055*math.Pow(v, 1/2.4) - 0.055
		}
		img.Pix[i] = uint8(min(max(255*v+s.noise*random.NormFloat64()+0.5, 0), 255))
	}
	return img
}
