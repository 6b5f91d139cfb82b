// SPDX-License-Identifier: EUPL-1.2

package chart

import (
	"errors"
	"image"
	"math"
	"slices"

	"github.com/fotobox-project/fotobox/image/pixel"
)

// Sentences that a person who holds the chart can act on.
var (
	ErrNoChart = errors.New("the chart is not seen; hold it upright and flat, all of it in the picture, and cover none of its marks")
	errScale   = errors.New("the chart's grey scale is not seen as it was printed; turn the chart out of the lamps' reflection, and print it without corrections")
)

// A Measurement is what a picture of the chart tells about the camera.
type Measurement struct {
	Size image.Point // of the picture, pixels
	// PerMM is the number of pixels of a millimetre where the middle of the chart
	// was, along which the chart is not foreshortened.
	PerMM float64
	// Distortion is by how much the picture's corner is farther from the middle than
	// without distortion, percent; negative is a barrel. The chart tells it as far as
	// it reached, to Reach; beyond, it is continued by the same law.
	Distortion float64
	Reach      float64 // radius of the farthest dot, the picture's corner is 1
	// Slope is by how much the chart's distance from the camera changed along the
	// chart, per mm: times the distance it is the sine of the chart's tilt.
	Slope     float64
	Dots      int     // found
	Residual  float64 // root mean square of what the model leaves over, pixels
	Sharpness []Sharpness
	// Steps is how many of the ten patches of the grey scale differ from the darker one before.
	Steps int
	// White is the sRGB level of the white patch; 255 is burnt out.
	White float64
}

// A Sharpness is that of one of the chart's squares.
type Sharpness struct {
	Place string // "centre", "top left"
	// MTF50 is the frequency at which contrast is half, cycles per pixel, the median of
	// the square's edges; PerMM is the same in line pairs per mm at the chart. 0: not measured,
	// the edges lie along the pixels.
	MTF50, PerMM float64
}

// Measure measures by a picture of the chart. bar is the printed length of the
// chart's bar, mm: 100 if the print is right.
func Measure(img image.Image, bar float64) (*Measurement, error) {
	if bar < 90 || bar > 110 {
		return nil, errors.New("the bar must be 90 to 110 mm long; print the chart again at 100 %")
	}
	size := img.Bounds().Size()
	g, _ := pixel.Luma(img, max(size.X, size.Y))
	l, found, err := locate(img, g)
	if err != nil {
		return nil, err
	}
	m := &Measurement{Size: size, PerMM: l.scale(point{centreX, centreY}) * Bar / bar, Dots: len(found)}
	m.Residual, m.Distortion, m.Slope = l.residual(found), 100*l.k, l.slope()*Bar/bar
	for _, s := range found {
		m.Reach = max(m.Reach, math.Hypot(s.picture.x-l.middle.x, s.picture.y-l.middle.y)/l.unit)
	}
	levels := l.levels(g)
	m.White = levels[patches-1]
	const step = 4 // sRGB levels; noise is below
	for n := 1; n < patches; n++ {
		if levels[n]-levels[n-1] >= step {
			m.Steps++
		}
	}
	m.Steps++ // the darkest
	light := pixel.Linear()
	for _, s := range squares() {
		f := sharpness(g, &light, l, s)
		m.Sharpness = append(m.Sharpness, Sharpness{s.place, f, f * l.scale(s.point) * Bar / bar})
	}
	return m, nil
}

// locate finds the chart and fits the lens to its dots.
func locate(img image.Image, g *pixel.Gray) (lens, []seen, error) {
	small, scale := pixel.Luma(img, searched)
	var best lens
	var found []seen
	for q := range fours(rings(small, scale)) {
		l, err := newLens(image.Pt(g.W, g.H)).through(markers(), q)
		if err != nil || !l.rises(g) {
			continue
		}
		if f := l.look(g); len(f) > len(found) {
			best, found = l, f
		}
	}
	all := dots()
	if len(found) < len(all)/2 {
		return best, nil, ErrNoChart
	}
	for range 2 { // with the distortion known, the dots at the edge are found as well
		l, err := best.fit(found)
		if err != nil {
			return best, nil, err
		}
		best, found = l, l.look(g)
	}
	if len(found) < len(all)*8/10 {
		return best, nil, ErrNoChart
	}
	if !best.rises(g) {
		return best, nil, errScale
	}
	return best, found, nil
}

// rises tells whether the grey scale is where the lens says: from dark to light.
func (l lens) rises(g *pixel.Gray) bool {
	levels := l.levels(g)
	for n := 3; n < patches; n += 3 {
		if levels[n] < levels[n-3]+8 {
			return false
		}
	}
	return true
}

// levels are the mean brightnesses of the grey scale's patches, sRGB.
func (l lens) levels(g *pixel.Gray) (levels [patches]float64) {
	for n := range levels {
		const half, points = patchSize * 0.3, 9
		for i := range points * points {
			c := patch(n)
			p := l.at(point{c.x + half*(float64(i%points)/(points-1)*2-1), c.y + half*(float64(i/points)/(points-1)*2-1)})
			levels[n] += float64(g.At(int(p.x), int(p.y))) / (points * points)
		}
	}
	return levels
}

// look searches each dot where the lens says, and finds its centre.
func (l lens) look(g *pixel.Gray) (found []seen) {
	for _, d := range dots() {
		if at, ok := spot(g, l.at(d), l.scale(d)); ok {
			found = append(found, seen{d, at})
		}
	}
	return found
}

// spot is the centre of the dot near p, where a millimetre has so many pixels.
func spot(g *pixel.Gray, p point, perMM float64) (point, bool) {
	const reach = 4.6 // mm; everything else is farther away than dotMargin
	radius := reach * perMM
	start := p
	for range 4 {
		if p.x < radius || p.y < radius || p.x > float64(g.W)-radius || p.y > float64(g.H)-radius {
			return p, false
		}
		low, high := levelsAround(g, p, radius)
		if high-low < 30 || low > 0.7*high {
			return p, false
		}
		var sum, sx, sy float64
		around(p, radius, func(x, y int) {
			w := (high - float64(g.At(x, y))) / (high - low)
			if w < 0.2 {
				return // noise of the paper
			}
			sum, sx, sy = sum+w, sx+w*(float64(x)+0.5), sy+w*(float64(y)+0.5)
		})
		if want := math.Pi * dotSize * dotSize / 4 * perMM * perMM; sum < want/2 || sum > want*1.8 {
			return p, false
		}
		p = point{sx / sum, sy / sum}
	}
	return p, math.Hypot(p.x-start.x, p.y-start.y) < radius
}

// levelsAround are the dark and the light level in a circle, sRGB.
func levelsAround(g *pixel.Gray, p point, radius float64) (low, high float64) {
	var all []uint8
	around(p, radius, func(x, y int) { all = append(all, g.At(x, y)) })
	slices.Sort(all)
	return float64(all[len(all)/20]), float64(all[len(all)*8/10])
}

// around calls f with every pixel whose middle is in a circle.
func around(p point, radius float64, f func(x, y int)) {
	for y := int(p.y - radius); y <= int(p.y+radius); y++ {
		for x := int(p.x - radius); x <= int(p.x+radius); x++ {
			if dx, dy := float64(x)+0.5-p.x, float64(y)+0.5-p.y; dx*dx+dy*dy <= radius*radius {
				f(x, y)
			}
		}
	}
}
