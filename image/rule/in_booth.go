// SPDX-License-Identifier: EUPL-1.2

package rule

import (
	"image"
	"math"

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
	for k := range w.even {
		w.even[k] = make([]float32, len(w.patch.Y))
	}
	for o, outside := range w.patch.Outside {
		x, y := at(o)
		if outside || nearHead(w.patch.Place(o)) || c.Person(x, y) {
			continue
		}
		w.seen = append(w.seen, o)
		// Even is the wall with the empty scene's own light divided out.
		for k, lit := range c.Lit(x, y) {
			now := float64([3]float32{w.patch.R[o], w.patch.G[o], w.patch.B[o]}[k])
			w.even[k][o] = float32(128 + 128*(now-lit)/max(lit, darkWall))
		}
	}
	w.cells = w.squares()
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
