// SPDX-License-Identifier: EUPL-1.2

package quality

import "math"

// chinDiffers is what every measure with the chin differs in.
const chinDiffers = "The chin follows from the places of mouth and nose (deviation 0.06 inter-eye distances); points are not rounded to whole pixels."

const eyesDiffers = "Points are not rounded to whole pixels."

func interEyeDistance() Measure {
	return Measure{
		ID: "0x52", Name: "InterEyeDistance", Source: iso, Unit: "px",
		Method:  "Distance between the middles of the eyes' corners in pixels of the photo, over the cosine of the yaw.",
		Differs: eyesDiffers + " The yaw is ours.",
		Native: onFace(func(p *Picture) float64 {
			return p.marks().ied() / math.Cos(p.yaw()*math.Pi/180)
		}),
		Score: rising(70, 20),
	}
}

func headSize() Measure {
	return Measure{
		ID: "0x53", Name: "HeadSize", Source: iso, Unit: "share of height",
		Method: "Distance from the middle between the eyes to the chin over the photo's height; the score falls with its " +
			"distance from 0.45.",
		Differs: chinDiffers,
		Native: onFace(func(p *Picture) float64 {
			_, h := p.size()
			return p.marks().depth() / h
		}),
		Score: func(share float64) int { return curve{200, 1, -1, 0, 0.05}.score(math.Abs(share - 0.45)) },
	}
}

func leftwardCrop() Measure {
	return Measure{
		ID: "0x54", Name: "LeftwardCropOfTheFaceImage", Source: iso, Unit: "IED",
		Method:  "From the photo's left edge to the eye on the right in the picture, in inter-eye distances.",
		Differs: eyesDiffers,
		Native:  onFace(func(p *Picture) float64 { m := p.marks(); return m.eyeRight.x / m.ied() }),
		Score:   rising(0.9, 0.1),
	}
}

func rightwardCrop() Measure {
	return Measure{
		ID: "0x55", Name: "RightwardCropOfTheFaceImage", Source: iso, Unit: "IED",
		Method:  "From the eye on the left in the picture to the photo's right edge, in inter-eye distances.",
		Differs: eyesDiffers,
		Native: onFace(func(p *Picture) float64 {
			w, _ := p.size()
			m := p.marks()
			return (w - m.eyeLeft.x) / m.ied()
		}),
		Score: rising(0.9, 0.1),
	}
}

func marginAbove() Measure {
	return Measure{
		ID: "0x56", Name: "MarginAboveOfTheFaceImage", Source: iso, Unit: "eyes to chin",
		Method:  "From the photo's upper edge to the middle between the eyes, over the distance from there to the chin.",
		Differs: chinDiffers,
		Native:  onFace(func(p *Picture) float64 { m := p.marks(); return m.eyes().y / m.depth() }),
		Score:   rising(1.4, 0.1),
	}
}

func marginBelow() Measure {
	return Measure{
		ID: "0x57", Name: "MarginBelowOfTheFaceImage", Source: iso, Unit: "eyes to chin",
		Method:  "From the middle between the eyes to the photo's lower edge, over the distance from the former to the chin.",
		Differs: chinDiffers,
		Native: onFace(func(p *Picture) float64 {
			_, h := p.size()
			m := p.marks()
			return (h - m.eyes().y) / m.depth()
		}),
		Score: rising(1.8, 0.1),
	}
}
