// SPDX-License-Identifier: EUPL-1.2

package quality

import (
	"math"

	"github.com/fotobox-project/fotobox/image/pixel"
)

// luminances gives the luminance of pixels R, G, B: sRGB made linear, weighed by
// ITU-R BT.709 and quantised to 0..255.
func luminances(pix []uint8) []uint8 {
	linear := pixel.Linear()
	out := make([]uint8, len(pix)/3)
	for o := range out {
		r, g, b := float64(linear[pix[3*o]]), float64(linear[pix[3*o+1]]), float64(linear[pix[3*o+2]])
		out[o] = uint8(math.Floor(float64(255*(float64(0.2126*r)+float64(0.7152*g)+float64(0.0722*b))) + 0.5))
	}
	return out
}

// histogram counts the luminances of the landmarked region.
func (a *aligned) histogram() (count [256]int) {
	region := a.region()
	for o, v := range a.lumi {
		if region.contains(point{float64(o % side), float64(o / side)}) {
			count[v]++
		}
	}
	return count
}

func total(count [256]int) (n float64) {
	for _, k := range count {
		n += float64(k)
	}
	return n
}

// regionDiffers is what every measure over the landmarked region differs in.
const regionDiffers = "The region is an oval from brows to chin by our eyes, mouth, chin and head width, not the hull of 98 landmarks"

func luminanceMean() Measure {
	return Measure{
		ID: "0x44", Name: "LuminanceMean", Source: iso, Unit: "share of 255",
		Method:  "Mean of the linear luminance in the landmarked region of the aligned picture.",
		Differs: regionDiffers + ".",
		Native:  onFace(func(p *Picture) float64 { m, _ := moments(p.light()); return m }),
		Score: func(m float64) int {
			return whole(100 * sigmoid(m, 0.2, 0.05) * (1 - sigmoid(m, 0.8, 0.05)))
		},
	}
}

func luminanceVariance() Measure {
	return Measure{
		ID: "0x45", Name: "LuminanceVariance", Source: iso, Unit: "share of 255, squared",
		Method:  "Variance of the linear luminance in the landmarked region of the aligned picture; best at 1/60.",
		Differs: regionDiffers + ".",
		Native:  onFace(func(p *Picture) float64 { _, v := moments(p.light()); return v }),
		Score:   func(v float64) int { return whole(100 * math.Sin(math.Pi*60*v/(float64(60*v)+1))) },
	}
}

// moments are mean and variance on a scale where 255 is 1.
func moments(count [256]int) (mean, variance float64) {
	n := total(count)
	for v, k := range count {
		mean += float64(k) / n * float64(v) / 255
	}
	for v, k := range count {
		d := float64(v)/255 - mean
		variance += float64(float64(k) / n * d * d)
	}
	return mean, variance
}

func dynamicRange() Measure {
	return Measure{
		ID: "0x48", Name: "DynamicRange", Source: iso, Unit: "bits",
		Method:  "Shannon entropy of the histogram of linear luminance in the landmarked region of the aligned picture.",
		Differs: regionDiffers + ".",
		Native:  onFace(func(p *Picture) float64 { return entropy(p.light()) }),
		Score:   func(bits float64) int { return whole(12.5 * bits) },
	}
}

func entropy(count [256]int) (bits float64) {
	n := total(count)
	for _, k := range count {
		if k > 0 {
			bits -= float64(float64(k) / n * math.Log2(float64(k)/n))
		}
	}
	return bits
}
