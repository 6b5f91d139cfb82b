// SPDX-License-Identifier: EUPL-1.2

package rule

import (
	"slices"

	"github.com/fotobox-project/fotobox/image/pixel"
)

// box collects a channel's samples in a rectangle of the face's frame.
func box(p *pixel.Patch, channel []float32, x0, y0, x1, y1 float64) []float32 {
	from, to := p.Index(x0, y0), p.Index(x1, y1)
	var v []float32
	for o := from; o <= to; o += p.W {
		end := o + to%p.W - from%p.W
		v = append(v, channel[o:end+1]...)
	}
	return v
}

// disc collects a channel's samples around a point of the face's frame.
func disc(p *pixel.Patch, channel []float32, x, y, radius float64) []float32 {
	var v []float32
	for dy := -radius; dy <= radius; dy += 1 / p.PerUnit {
		for dx := -radius; dx <= radius; dx += 1 / p.PerUnit {
			if float64(dx*dx)+float64(dy*dy) <= radius*radius {
				v = append(v, channel[p.Index(x+dx, y+dy)])
			}
		}
	}
	return v
}

// percentile sorts v and gives the value below which the share q of it lies.
func percentile(v []float32, q float64) float64 {
	if len(v) == 0 {
		return 0
	}
	slices.Sort(v)
	return float64(v[int(float64(q*float64(len(v)-1))+0.5)])
}

// inFace tells whether a point of the face's frame lies on a face's skin: in an
// oval from the brows' upper edge to above the chin, narrower than the cheeks.
func inFace(x, y float64) bool {
	x, y = x/0.85, (y-0.45)/1.1
	return float64(x*x)+float64(y*y) < 1
}
