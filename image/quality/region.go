// SPDX-License-Identifier: EUPL-1.2

package quality

// region is the landmarked region of a face: what lies between the brows' upper
// edge and the jaw. Below the eyes it is half an ellipse down to the chin; above
// them it follows the brows. It stands for the convex hull of 98 landmarks.
type region struct {
	origin     point // middle between the eyes
	ux, uy     float64
	half, chin float64 // half width and depth in inter-eye distances
}

// Proportions of the region. jaw is its width at the eyes over the head's width
// between the ears' attachment: with 0.97 half of the photos looked at show the wall
// beside the jaw, up to 1 % of the region, with 0.88 hardly any does. The brows are in
// inter-eye distances: they reach 26 mm above pupils that lie 63 mm apart.
const (
	jaw       = 0.88
	browTop   = 0.42 // height of the brows' arcs
	browArc   = 0.6  // and how far to the side they are
	browEnd   = 0.28 // height at their outer ends
	browReach = 0.95
)

// region gives that of the face with these marks.
func (m marks) region() region {
	ied := m.ied()
	return region{
		origin: m.eyes(),
		ux:     (m.eyeRight.x - m.eyeLeft.x) / (ied * ied), uy: (m.eyeRight.y - m.eyeLeft.y) / (ied * ied),
		half: jaw * m.width / ied / 2, chin: m.depth() / ied,
	}
}

// contains tells whether a point of the picture lies in the region.
func (r region) contains(p point) bool {
	dx, dy := p.x-r.origin.x, p.y-r.origin.y
	x, y := float64(dx*r.ux)+float64(dy*r.uy), float64(dy*r.ux)-float64(dx*r.uy)
	if x < 0 {
		x = -x
	}
	if y >= 0 {
		x, y = x/r.half, y/r.chin
		return float64(x*x)+float64(y*y) <= 1
	}
	return x <= r.brow(-y)
}

// brow is the region's half width at a height above the eyes.
func (r region) brow(height float64) float64 {
	reach := min(browReach, r.half)
	switch {
	case height > browTop:
		return -1
	case height > browEnd:
		return reach + (browArc-reach)*(height-browEnd)/(browTop-browEnd)
	}
	return r.half + (reach-r.half)*height/browEnd
}
