// SPDX-License-Identifier: EUPL-1.2

package rule

import (
	"image"
	"math"
	"slices"

	"github.com/fotobox-project/fotobox/image/booth"
	"github.com/fotobox-project/fotobox/image/face"
	"github.com/fotobox-project/fotobox/image/portrait"
)

// compare gives nil when there is nothing to compare with.
func compare(empty *booth.Scene, img image.Image, f face.Face) *booth.Comparison {
	if empty == nil {
		return nil
	}
	c, err := booth.Compare(empty, img, portrait.Eyes(f))
	if err != nil {
		return nil // the wall is hidden: the picture alone must do
	}
	return c
}

// measure takes the head's outline from the wall where that is known.
func measure(against *booth.Comparison, img image.Image, f face.Face) portrait.Head {
	if against == nil {
		return portrait.Measure(img, f)
	}
	return portrait.MeasureBefore(img, f, against.Wall)
}

// inBooth takes what is wall, and how it would look, from the empty scene. What is
// foreign in the scene counts as wall, so that it is found uneven.
func (w wall) inBooth(p *Picture) wall {
	c, eyes := p.against, portrait.Eyes(p.Faces[0])
	at := func(o int) (x, y float64) { return p.photo.At(eyes.At(w.patch.Place(o))) }
	w.seen = nil
	for o, outside := range w.patch.Outside {
		if x, y := at(o); !outside && !nearHead(w.patch.Place(o)) && !c.Person(x, y) {
			w.seen = append(w.seen, o)
		}
	}
	if len(w.seen) < leastWall {
		w.lit = nil
		return w
	}
	// Even is the wall with the empty scene's own light divided out.
	even := [3][]float32{}
	for k, channel := range [][]float32{w.patch.R, w.patch.G, w.patch.B} {
		even[k] = slices.Clone(channel)
	}
	lit := make([][3]float64, len(w.patch.Y))
	for _, o := range w.seen {
		lit[o] = c.Lit(at(o))
		for k := range even {
			even[k][o] *= float32(128 / max(lit[o][k], 1))
		}
	}
	fit := [3]tilt{w.tilt(even[0]), w.tilt(even[1]), w.tilt(even[2])}
	w.lit = func(o int) (rgb [3]float64) {
		x, y := w.patch.Place(o)
		for k, t := range fit {
			rgb[k] = t.over(x, y) / 128 * lit[o][k]
		}
		return rgb
	}
	return w
}

// castColour is the CIELAB chroma of what is grey in the booth, of the wall's
// lightness; 0 where nothing is known of it.
func (p *Picture) castColour() float64 {
	if p.against == nil {
		return 0
	}
	a, b := lab([3]float64{greyLevel, greyLevel, greyLevel}, inverse(p.against.White))
	return math.Hypot(a, b)
}

// greyLevel is a middle grey, sRGB.
const greyLevel = 161

func inverse(v [3]float64) [3]float64 { return [3]float64{1 / v[0], 1 / v[1], 1 / v[2]} }
