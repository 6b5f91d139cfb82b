// SPDX-License-Identifier: EUPL-1.2

package chart

import (
	"math"
	"slices"

	"github.com/fotobox-project/fotobox/image/pixel"
)

// fine is how many bins of an edge's profile a pixel has (ISO 12233: 4).
const fine = 4

// An edge is a straight edge in the picture.
type edge struct {
	from, to point   // pixels
	reach    float64 // how far to its sides there is nothing else, pixels
}

// sharpness is the median of MTF50 over the edges of a square, cycles per pixel;
// 0 when none can be measured.
func sharpness(g *pixel.Gray, light *[256]float32, l lens, s square) float64 {
	var all []float64
	corners := s.corners()
	for i, a := range corners {
		b := corners[(i+1)%4]
		const end = 0.15 // of the edge, left out: the corners are round in a picture
		e := edge{
			from: l.at(point{a.x + end*(b.x-a.x), a.y + end*(b.y-a.y)}), to: l.at(point{b.x + end*(a.x-b.x), b.y + end*(a.y-b.y)}),
			reach: min(3*l.scale(s.point), 16),
		}
		if f := e.mtf50(g, light); f > 0 {
			all = append(all, f)
		}
	}
	if len(all) == 0 {
		return 0
	}
	slices.Sort(all)
	return (all[(len(all)-1)/2] + all[len(all)/2]) / 2
}

// mtf50 is the frequency at which the contrast of the edge is half, cycles per
// pixel, by the slanted edge method of ISO 12233. 0: the edge lies along the
// pixels, is too short, or has no contrast.
func (e edge) mtf50(g *pixel.Gray, light *[256]float32) float64 {
	length := math.Hypot(e.to.x-e.from.x, e.to.y-e.from.y)
	dx, dy := math.Abs(e.to.x-e.from.x), math.Abs(e.to.y-e.from.y)
	// The edge must cross two pixels' columns or rows for its profile to be finer than a pixel.
	if e.reach < 4 || length < 16 || min(dx, dy) < 2 {
		return 0
	}
	samples := e.samples(g, light)
	e.straighten(samples, length)
	return half(response(spread(profile(samples, e.reach))))
}

// A sample is one pixel near the edge: t along it, d across, pixels, and its light.
type sample struct{ t, d, v float64 }

func (e edge) samples(g *pixel.Gray, light *[256]float32) (list []sample) {
	length := math.Hypot(e.to.x-e.from.x, e.to.y-e.from.y)
	ux, uy := (e.to.x-e.from.x)/length, (e.to.y-e.from.y)/length
	margin := e.reach + 2
	for y := int(min(e.from.y, e.to.y) - margin); y <= int(max(e.from.y, e.to.y)+margin); y++ {
		for x := int(min(e.from.x, e.to.x) - margin); x <= int(max(e.from.x, e.to.x)+margin); x++ {
			px, py := float64(x)+0.5-e.from.x, float64(y)+0.5-e.from.y
			t, d := px*ux+py*uy, py*ux-px*uy
			if t >= 0 && t <= length && math.Abs(d) <= margin {
				list = append(list, sample{t, d, float64(light[g.At(x, y)])})
			}
		}
	}
	return list
}

// straighten moves the samples so that the edge is at d = 0 all along: by the line
// through the places where eight parts of it cross half of the light.
func (e edge) straighten(samples []sample, length float64) {
	const parts = 8
	var n, st, sd, stt, std float64
	for i := range parts {
		var part []sample
		for _, s := range samples {
			if int(s.t/length*parts) == i {
				part = append(part, s)
			}
		}
		d, ok := crossing(profile(part, e.reach))
		if !ok {
			continue
		}
		t := (float64(i) + 0.5) * length / parts
		n, st, sd, stt, std = n+1, st+t, sd+d-e.reach, stt+t*t, std+t*(d-e.reach)
	}
	det := n*stt - st*st
	if n < 3 || det == 0 {
		return
	}
	slope := (n*std - st*sd) / det
	start := (sd - slope*st) / n
	for i, s := range samples {
		samples[i].d = s.d - start - slope*s.t
	}
}

// profile is the light across the edge in bins of 1/fine pixel, from -reach to reach.
func profile(samples []sample, reach float64) []float64 {
	bins := make([]float64, int(2*reach*fine))
	count := make([]float64, len(bins))
	for _, s := range samples {
		if i := int(math.Floor((s.d + reach) * fine)); i >= 0 && i < len(bins) {
			bins[i], count[i] = bins[i]+s.v, count[i]+1
		}
	}
	last := math.NaN()
	for i := range bins {
		if count[i] > 0 {
			last = bins[i] / count[i]
		}
		bins[i] = last // an empty bin is its neighbour
	}
	for i := len(bins) - 2; i >= 0; i-- {
		if math.IsNaN(bins[i]) {
			bins[i] = bins[i+1]
		}
	}
	return bins
}

// crossing is where the profile crosses half of its light, in pixels from its beginning.
func crossing(profile []float64) (float64, bool) {
	n := len(profile)
	if n < 4*fine || math.IsNaN(profile[0]) {
		return 0, false
	}
	a, b := mean(profile[:2*fine]), mean(profile[n-2*fine:])
	middle := (a + b) / 2
	if math.Abs(a-b) < 0.05 {
		return 0, false
	}
	for i := 1; i < n; i++ {
		u, v := profile[i-1]-middle, profile[i]-middle
		if u*v <= 0 && u != v {
			return (float64(i-1) + 0.5 + u/(u-v)) / fine, true
		}
	}
	return 0, false
}

func mean(list []float64) (sum float64) {
	for _, v := range list {
		sum += v / float64(len(list))
	}
	return sum
}

// spread is the derivative of the profile, the line spread function. A window around
// its peak leaves the middle half as it is, so that a wide blur is not made narrower.
func spread(profile []float64) []float64 {
	if _, ok := crossing(profile); !ok {
		return nil
	}
	n := len(profile)
	line := make([]float64, n)
	for i := 1; i < n-1; i++ {
		line[i] = (profile[i+1] - profile[i-1]) / 2
	}
	at, _ := crossing(profile)
	for i := range line {
		if x := 2 * math.Abs(float64(i)+0.5-at*fine) / float64(n); x > 0.5 { // 1 is the end
			line[i] *= 0.5 + 0.5*math.Cos(2*math.Pi*(min(x, 1)-0.5))
		}
	}
	return line
}

// finest is the last frequency looked at, in steps of 1/steps cycles per pixel.
const (
	steps  = 200
	finest = 1.0
)

// response is the modulation transfer function: the contrast from 0 to finest cycles
// per pixel, put right for the difference over two bins and for the bins' width.
func response(line []float64) []float64 {
	if line == nil {
		return nil
	}
	mtf := make([]float64, int(finest*steps)+1)
	for k := range mtf {
		f := float64(k) / steps
		var re, im float64
		for i, v := range line {
			sin, cos := math.Sincos(2 * math.Pi * f * float64(i) / fine)
			re, im = re+v*cos, im+v*sin
		}
		mtf[k] = math.Hypot(re, im) / sinc(2*f/fine) / sinc(f/fine)
	}
	for k := len(mtf) - 1; k >= 0; k-- {
		mtf[k] /= mtf[0]
	}
	return mtf
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}

// half is the first frequency at which the contrast falls below one half: finest
// when it never does, 0 without a transfer function.
func half(mtf []float64) float64 {
	if mtf == nil {
		return 0
	}
	for k := 1; k < len(mtf); k++ {
		if mtf[k] < 0.5 {
			return (float64(k-1) + (mtf[k-1]-0.5)/(mtf[k-1]-mtf[k])) / steps
		}
	}
	return finest
}
