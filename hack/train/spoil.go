// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"image"
	"math"
	"math/rand/v2"

	"github.com/fotobox-project/fotobox/image/face"
)

// copies is how often each picture is looked at, each time with other colours
// and with its points found a little elsewhere.
const copies = 2

// spoiled gives the picture as other cameras would have taken it: other gains
// and tone curves for each colour, and more noise.
func spoiled(r *rand.Rand, img *image.NRGBA) *image.NRGBA {
	var curve [3][256]float64
	gain, gamma := 1+0.2*even(r), math.Exp(0.35*even(r))
	for c := range curve {
		k := gain * (1 + 0.07*even(r))
		for v := range curve[c] {
			curve[c][v] = 255 * k * math.Pow(float64(v)/255, gamma)
		}
	}
	noise := 5 * r.Float64() * r.Float64()
	out := image.NewNRGBA(img.Rect)
	for i, v := range img.Pix {
		if i%4 == 3 {
			out.Pix[i] = 255
			continue
		}
		out.Pix[i] = uint8(min(max(curve[i%4][v]+noise*r.NormFloat64()+0.5, 0), 255))
	}
	return out
}

// nudged moves the face's points by about half of what the finder errs on people
// (it errs on sitters, too): pupils by 0.7 % of the inter-eye distance, others by 1.2 %.
func nudged(r *rand.Rand, f face.Face) face.Face {
	ied := f.IED()
	for _, p := range []*face.Point{&f.EyeLeft, &f.EyeRight} {
		p.X, p.Y = p.X+0.007*ied*r.NormFloat64(), p.Y+0.007*ied*r.NormFloat64()
	}
	for _, p := range []*face.Point{
		&f.InnerLeft, &f.OuterLeft, &f.InnerRight, &f.OuterRight, &f.Nose, &f.MouthLeft, &f.MouthRight, &f.LipTop, &f.LipBottom,
	} {
		p.X, p.Y = p.X+0.012*ied*r.NormFloat64(), p.Y+0.012*ied*r.NormFloat64()
	}
	return f
}
