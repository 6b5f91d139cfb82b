// SPDX-License-Identifier: EUPL-1.2

package reader

import (
	"image"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/fotobox-project/fotobox/appointment"
)

// A scene is a code held before the camera.
type scene struct {
	// pixels is the size of a module that faces the camera.
	pixels float64
	// yaw and pitch tilt the code, roll turns it in the picture, degrees.
	yaw, pitch, roll float64
	// blur is the standard deviation in pixels, noise that in grey levels.
	blur, noise float64
	// light multiplies the brightness: 1 is white paper at level 230.
	light float64
	// phone shows the code on a screen: dark frame, weak contrast and a glare spot.
	phone bool
}

const (
	// The frame is the middle of a preview's 480 x 640 pixels: the code fits, and drawing is quicker.
	frameWidth, frameHeight = 384, 384
	// focal is that of a camera with 44 degrees of horizontal view, pixels.
	focal = 600.0
	// halfSide is that of a code with its quiet zone, modules.
	halfSide = 49 / 2.0
)

// draw films the scene.
func (s scene) draw(t testing.TB, text string, random *rand.Rand) *image.Gray {
	t.Helper()
	code, err := appointment.QR(text, 1)
	if err != nil {
		t.Fatal(err)
	}
	level := s.film(code.(*image.Gray))
	glare := image.Pt(frameWidth/2+random.IntN(120)-60, frameHeight/2+random.IntN(120)-60)
	for i := range level {
		level[i] = level[i]*float32(s.light) + s.glare(i%frameWidth-glare.X, i/frameWidth-glare.Y)
	}
	level = blurred(level, s.blur)
	img := image.NewGray(image.Rect(0, 0, frameWidth, frameHeight))
	for i, l := range level {
		img.Pix[i] = uint8(min(max(l+float32(random.NormFloat64()*s.noise), 0), 255))
	}
	return img
}

// film samples each pixel at 2 x 2 places, as a sensor's cell averages.
func (s scene) film(code *image.Gray) []float32 {
	p := s.plane()
	level := make([]float32, frameWidth*frameHeight)
	for i := range level {
		u, v := float64(i%frameWidth), float64(i/frameWidth)
		if math.Hypot(u-frameWidth/2, v-frameHeight/2) > 2*halfSide*s.pixels {
			level[i] = room(v) // spares most of the work
			continue
		}
		for k := range 4 {
			a, b := p.at(u+float64(k%2)/2, v+float64(k/2)/2)
			level[i] += s.shade(code, a, b, v) / 4
		}
	}
	return level
}

// shade is the brightness of a point of the code's plane, in modules from its middle.
func (s scene) shade(code *image.Gray, a, b, row float64) float32 {
	outer := max(math.Abs(a), math.Abs(b))
	switch {
	case outer < halfSide:
		dark := code.Pix[int(b+halfSide)*code.Stride+int(a+halfSide)] == 0
		switch {
		case dark && s.phone:
			return 60 // a screen behind glass is never black in a lit room
		case dark:
			return 30
		case s.phone:
			return 215
		}
		return 230
	case s.phone && outer < halfSide+3:
		return 15 // the phone's edge
	}
	return room(row)
}

// room is the brightness behind the code.
func room(row float64) float32 { return float32(90 + 60*row/frameHeight) }

// glare is the reflection of a lamp on the phone's glass: a soft spot that hides some modules.
func (s scene) glare(dx, dy int) float32 {
	if !s.phone || dx*dx+dy*dy > 40*40 {
		return 0
	}
	return float32(220 * math.Exp(-float64(dx*dx+dy*dy)/(2*9*9)))
}

// A plane maps pixels of the frame to the code's plane by perspective.
type plane struct {
	x, y, n  [3]float64
	distance float64
}

func (s scene) plane() plane {
	sy, cy := math.Sincos(s.yaw * math.Pi / 180)
	sp, cp := math.Sincos(s.pitch * math.Pi / 180)
	sr, cr := math.Sincos(s.roll * math.Pi / 180)
	// Roll in the code's own plane, then pitch about x, then yaw about y.
	turn := func(x, y, z float64) [3]float64 {
		x, y = x*cr-y*sr, x*sr+y*cr
		y, z = y*cp-z*sp, y*sp+z*cp
		x, z = x*cy+z*sy, -x*sy+z*cy
		return [3]float64{x, y, z}
	}
	return plane{turn(1, 0, 0), turn(0, 1, 0), turn(0, 0, 1), focal / s.pixels}
}

func (p plane) at(u, v float64) (a, b float64) {
	ray := [3]float64{(u - frameWidth/2) / focal, (v - frameHeight/2) / focal, 1}
	t := p.n[2] * p.distance / dot(p.n, ray)
	hit := [3]float64{t * ray[0], t * ray[1], t*ray[2] - p.distance}
	return dot(hit, p.x), dot(hit, p.y)
}

func dot(a, b [3]float64) float64 { return a[0]*b[0] + a[1]*b[1] + a[2]*b[2] }

// blurred is a Gaussian blur, rows and then columns.
func blurred(level []float32, sigma float64) []float32 {
	if sigma == 0 {
		return level
	}
	const reach = 4
	var kernel [2*reach + 1]float32
	var sum float32
	for i := range kernel {
		kernel[i] = float32(math.Exp(-float64((i-reach)*(i-reach)) / (2 * sigma * sigma)))
		sum += kernel[i]
	}
	for _, step := range []int{1, frameWidth} {
		out := slices.Clone(level)
		for i := reach * step; i < len(level)-reach*step; i++ { // the frame's edge stays sharp
			out[i] = 0
			for k, weight := range kernel {
				out[i] += weight / sum * level[i+(k-reach)*step]
			}
		}
		level = out
	}
	return level
}
