// SPDX-License-Identifier: EUPL-1.2

package rule

import (
	"math"

	"github.com/fotobox-project/fotobox/image/pixel"
)

func density() Rule {
	return Rule{
		ID: "7.6", Name: "density", Clause: "7.4.2.1, 7.4.2.2", Unit: "levels", Mandatory: true,
		Method: "Number of the 256 grey intensities that occur between crown and chin and from ear to ear.",
		Measure: func(p *Picture) (float64, error) {
			if _, err := p.clearFace(); err != nil {
				return 0, err
			}
			return float64(levels(p.histogram())), nil
		},
	}
}

// histogram counts the intensities of the head's oval, pixel by pixel: an average
// over neighbours would lose the rare ones at both ends.
func (p *Picture) histogram() (seen [256]int) {
	cx, cy := (p.Head.Crown.X+p.Head.Chin.X)/2, (p.Head.Crown.Y+p.Head.Chin.Y)/2
	rx, ry := p.Head.Width/2, p.Head.Height()/2
	at := pixel.At(p.Image)
	size := p.Image.Bounds().Size()
	for y := max(0, int(cy-ry)); y < min(size.Y, int(cy+ry)); y++ {
		dy := (float64(y) + 0.5 - cy) / ry
		half := float64(rx * math.Sqrt(max(0, 1-float64(dy*dy))))
		for x := max(0, int(cx-half)); x < min(size.X, int(cx+half)); x++ {
			r, g, b := at(x, y)
			seen[(19595*uint32(r)+38470*uint32(g)+7471*uint32(b)+1<<15)>>16]++
		}
	}
	return seen
}

func levels(seen [256]int) (n int) {
	for _, k := range seen {
		if k > 0 {
			n++
		}
	}
	return n
}
