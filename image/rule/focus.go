// SPDX-License-Identifier: EUPL-1.2

package rule

import (
	"github.com/fotobox-project/fotobox/image/pixel"
	"github.com/fotobox-project/fotobox/image/portrait"
)

func focus() Rule {
	return Rule{
		ID: "7.2", Name: "focus", Clause: "7.3.3", Unit: "ratio", Mandatory: true,
		Method: "Energy of the Laplacian over energy of the gradient between brows and mouth, on the face resampled to " +
			"100 pixels per inter-eye distance, details of 0.6 mm, or to 0.6 of the photo's own and 10 where it has fewer than 150: the finest of them are " +
			"softened by whatever made a small photo of a large one. Blur lowers it, noise raises it.",
		Measure: func(p *Picture) (float64, error) {
			f, err := p.clearFace()
			if err != nil {
				return 0, err
			}
			return sharpness(pixel.Resample(p.Image, portrait.Eyes(f), -0.95, -0.5, 0.95, 1.4, grain(f.IED()))), nil
		},
	}
}

// grain is how many samples are taken along an inter-eye distance of so many pixels.
func grain(ied float64) float64 { return min(100, 10+float64(0.6*ied), ied) }

// sharpness compares second with first differences: blur removes the former first.
func sharpness(s *pixel.Patch) float64 {
	var second, first float64
	for j := 1; j < s.H-1; j++ {
		for i := 1; i < s.W-1; i++ {
			l, gx, gy := differences(s, j*s.W+i)
			second += float64(l * l)
			first += float64(gx*gx) + float64(gy*gy)
		}
	}
	return second / (first + 1)
}

func differences(s *pixel.Patch, o int) (laplacian, gx, gy float64) {
	l, r, u, d := s.Y[o-1], s.Y[o+1], s.Y[o-s.W], s.Y[o+s.W]
	return float64(4*s.Y[o] - l - r - u - d), float64(r - l), float64(d - u)
}
