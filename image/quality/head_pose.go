// SPDX-License-Identifier: EUPL-1.2

package quality

import (
	"math"

	"github.com/fotobox-project/fotobox/image/portrait"
)

// frontal scores an angle in degrees by the squared cosine; from 90 on it is 0.
func frontal(degrees float64) int {
	c := max(0, math.Cos(degrees*math.Pi/180))
	return whole(100 * c * c)
}

func headPoseYaw() Measure {
	return Measure{
		ID: "0x58", Name: "HeadPoseYaw", Source: iso, Unit: "deg",
		Method: "Tip of the nose beside the axis from the eyes to the mouth, 0.0104 inter-eye distances per degree; " +
			"positive where the face looks to the right of the picture.",
		Differs: "Geometric instead of a 3D face model fitted by a network: the error's deviation is 2 to 3 degrees within 20. The sign is ours.",
		Native:  onFace((*Picture).yaw),
		Score:   frontal,
	}
}

// yaw is positive where the face looks to the right of the picture, degrees.
func (p *Picture) yaw() float64 {
	const perDegree = 0.0104 // slope over ten scanned heads, as in image/rule
	f := p.Faces[0]
	eyes := portrait.Eyes(f)
	nx, ny := eyes.From(f.Nose.X, f.Nose.Y)
	mx, my := eyes.From((f.MouthLeft.X+f.MouthRight.X)/2, (f.MouthLeft.Y+f.MouthRight.Y)/2)
	return min(max((nx-mx*ny/my)/perDegree, -60), 60)
}

func headPosePitch() Measure {
	return Measure{
		ID: "0x59", Name: "HeadPosePitch", Source: iso, Unit: "deg",
		Method:  "Angle by which the face looks up or down.",
		Missing: "people's proportions differ more than a pitch of 5 degrees changes them (error's deviation 7 degrees on our points)",
		Score:   frontal,
	}
}

func headPoseRoll() Measure {
	return Measure{
		ID: "0x5a", Name: "HeadPoseRoll", Source: iso, Unit: "deg",
		Method:  "Angle of the line between the pupils; positive where the head is turned clockwise in the picture.",
		Differs: "From the eyes alone; the sign is ours.",
		Native:  onFace(func(p *Picture) float64 { return p.Faces[0].Roll() }),
		Score:   frontal,
	}
}
