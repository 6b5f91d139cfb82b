// SPDX-License-Identifier: EUPL-1.2

package quality

func underExposurePrevention() Measure {
	return Measure{
		ID: "0x46", Name: "UnderExposurePrevention", Source: iso, Unit: "share of pixels",
		Method:  "Share of the landmarked region with a linear luminance of 0 to 25 of 255 (sRGB up to about 89).",
		Differs: regionDiffers + ", and what hides the face (hair, a hand) is not left out.",
		Native:  onFace(func(p *Picture) float64 { return between(p.light(), 0, 25) }),
		Score:   curve{120, 0.832, -1, 0.92, 0.05}.score,
	}
}

func overExposurePrevention() Measure {
	return Measure{
		ID: "0x47", Name: "OverExposurePrevention", Source: iso, Unit: "share of pixels",
		Method:  "Share of the landmarked region with a linear luminance of 247 to 255 of 255 (sRGB from about 251).",
		Differs: regionDiffers + ", and what hides the face is not left out.",
		Native:  onFace(func(p *Picture) float64 { return between(p.light(), 247, 255) }),
		Score:   func(share float64) int { return whole(1 / (share + 0.01)) },
	}
}

// between is the share of values from low to high, both counted.
func between(count [256]int, low, high int) float64 {
	sum := 0
	for _, k := range count[low : high+1] {
		sum += k
	}
	return float64(sum) / total(count)
}
