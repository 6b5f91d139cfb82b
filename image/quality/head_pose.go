// SPDX-License-Identifier: EUPL-1.2

package quality

import (
	"errors"
	"fmt"
	"math"

	"github.com/fotobox-project/fotobox/image/portrait"
)

// frontal scores an angle in degrees by the squared cosine; from 90 on it is 0.
func frontal(degrees float64) int {
	c := max(0, math.Cos(degrees*math.Pi/180))
	return whole(100 * c * c)
}

// poseDiffers is what yaw and pitch differ in.
const poseDiffers = "OFIQ fits a 3D model of the face by a network. Here it is the value of rule %s. The sign is ours."

func headPoseYaw() Measure {
	return Measure{
		ID: "0x58", Name: "HeadPoseYaw", Source: iso, Unit: "deg",
		Method:  "Angle by which the face looks to a side; positive to the right of the picture.",
		Differs: fmt.Sprintf(poseDiffers, "1.1"),
		Native:  onFace((*Picture).yaw),
		Score:   frontal,
	}
}

// yaw is that of the pose or, where none is known, from the tip of the nose beside
// the axis from the eyes to the mouth.
func (p *Picture) yaw() float64 {
	if p.Pose != nil {
		return p.Pose.Yaw
	}
	const perDegree = 0.0104 // inter-eye distances, the slope over ten scanned heads
	f := p.Faces[0]
	eyes := portrait.Eyes(f)
	nx, ny := eyes.From(f.Nose.X, f.Nose.Y)
	mx, my := eyes.From((f.MouthLeft.X+f.MouthRight.X)/2, (f.MouthLeft.Y+f.MouthRight.Y)/2)
	return min(max((nx-mx*ny/my)/perDegree, -60), 60)
}

func headPosePitch() Measure {
	return Measure{
		ID: "0x59", Name: "HeadPosePitch", Source: iso, Unit: "deg",
		Method:  "Angle by which the face looks up or down; positive up.",
		Differs: fmt.Sprintf(poseDiffers, "1.2") + " People's proportions differ by more than the 5 degrees of the rules: it is a hint.",
		Native: func(p *Picture) (float64, error) {
			if err := p.known(); err != nil {
				return 0, err
			}
			if p.Pose == nil {
				return 0, errors.New("the face's points alone tell no pitch")
			}
			return p.Pose.Pitch, nil
		},
		Score: frontal,
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
