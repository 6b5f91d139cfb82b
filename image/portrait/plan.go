// SPDX-License-Identifier: EUPL-1.2

package portrait

import (
	"fmt"
	"image"
	"math"
	"slices"

	"github.com/fotobox-project/fotobox/image/face"
)

// Where the head shall lie in the portrait, and how far the crop may depart from
// that when the picture is tight. The bounds keep a small distance from the
// limits of the rules, so that rounding does not cross them.
const (
	headTarget, headMost            = 0.75, 0.797        // head height / portrait height (PassV § 4: 0.70 to 0.80)
	eyesTarget, eyesLeast, eyesMost = 0.45, 0.303, 0.497 // eye line from the top (TR-03121 5.5: 0.30 to 0.50)
	sideLeast, sideMost             = 0.453, 0.547       // middle of the eyes from the left (TR-03121 5.6: 0.45 to 0.55)
	widthMost                       = 0.745              // head width / portrait width (TR-03121 5.3: 0.75)
	hairMargin                      = 0.02               // free above the hair
	chinMargin                      = 0.04               // free below the chin
	mostRoll                        = 20                 // degrees; beyond it faces are not found and rolls not trusted
	movement                        = 0.03               // reserve of Fits: in distance; half of it at each side of the picture
)

// Least is how small a head may be in a portrait.
type Least struct {
	Head float64 // its height / the portrait's height
	Eyes float64 // inter-eye distance, pixels of the portrait
}

// Adults is the least head of PassV § 4, 0.70, and the inter-eye distance of TR-03121 5.7, 300.
func Adults() Least { return Least{0.703, 302} }

// Children is the least head of PassV § 4 for children below ten, 0.50, with as
// much more of the inter-eye distance, so that they need not come as near.
func Children() Least { return Least{0.52, 232} }

// Misfit says why no portrait within the rules can be cut from a picture, as the
// way in which the person must move.
type Misfit struct {
	// Advice is one of "left", "right", "up", "down": the person moves that way,
	// left being the person's own left, which is also the left of a mirrored
	// preview; "too-far": comes nearer, the head has too few pixels; "too-near":
	// steps back, the head does not fit into the picture.
	Advice string
}

// Error names the advice.
func (m *Misfit) Error() string { return fmt.Sprintf("plan portrait: head does not fit: %s", m.Advice) }

// The advices of Misfit.
const (
	Left    = "left"
	Right   = "right"
	Up      = "up"
	Down    = "down"
	TooFar  = "too-far"
	TooNear = "too-near"
)

// Plan chooses the crop from a picture of the given size: head height 0.75 and
// eye line 0.45 of the portrait, upright, or the nearest to it that the picture
// holds within the rules' limits. When there is none the error is a *Misfit and
// the crop is the nearest one that neither enlarges nor pads, smaller than
// Width x Height if need be: a report on it says which rule is broken.
func Plan(size image.Point, f face.Face, h Head, least Least) (Crop, error) {
	return plan(size, f, h, least, 0)
}

// Fits tells whether a portrait can be cut with a reserve for the movement of a
// person between two pictures: by 3 % of the distance, and by 1.5 % of the
// picture's width and height at the same time. However the person moves within
// that, Plan has no misfit. The error is a *Misfit.
func Fits(size image.Point, f face.Face, h Head, least Least) error {
	_, err := plan(size, f, h, least, movement)
	return err
}

func plan(size image.Point, f face.Face, h Head, small Least, reserve float64) (Crop, error) {
	if !sane(f, h) {
		return largest(size), &Misfit{Advice: TooFar}
	}
	l := layout{size: size, face: f, head: h, small: small, reserve: reserve, least: Height * (1 + reserve)}
	l.roll = math.Max(-mostRoll, math.Min(mostRoll, f.Roll()))
	if c, ok := l.search(); ok {
		return c, nil
	}
	misfit := &Misfit{Advice: l.advice()}
	l.least = 0
	if c, ok := l.search(); ok {
		return c, misfit
	}
	return l.nearest(), misfit
}

// sane tells whether the points can belong to a head. Those of a finder that lost
// its way may fall on one place.
func sane(f face.Face, h Head) bool {
	eyes := Eyes(f)
	for _, v := range []float64{eyes.X, eyes.Y, h.Height(), h.Width, h.Top.X, h.Top.Y} {
		if !(math.Abs(v) < 1e6) {
			return false
		}
	}
	return eyes.Unit() >= 1 && h.Height() >= 1
}

// largest is the largest crop from the middle of a picture.
func largest(size image.Point) Crop {
	height := min(float64(size.Y), float64(size.X)*Height/Width)
	c := Crop{Centre: Point{float64(size.X) / 2, float64(size.Y) / 2}, Scale: max(1, height/Height)}
	c.Size = cropSize(height)
	return c
}

// Unaimed is the crop for a picture in which no face is found: where the guidance
// asks people to hold their heads, in the middle and a little above it.
func Unaimed(size image.Point) Crop {
	const height, centre = 0.79, 0.487 // shares of an upright picture's height
	c := largest(size)
	h := min(float64(size.Y)*height, float64(size.X)*Height/Width)
	c.Scale, c.Size = max(1, h/Height), cropSize(h)
	c.Centre.Y = within(centre*float64(size.Y), h/2, float64(size.Y)-h/2)
	return c
}

// cropSize is the portrait's size from a crop of that height in the picture.
func cropSize(height float64) image.Point {
	if height < Height {
		return image.Pt(max(1, int(height*Width/Height)), max(1, int(height)))
	}
	return image.Pt(Width, Height)
}

// search tries the heights from the preferred one on, upright if possible.
func (l layout) search() (Crop, bool) {
	heights := l.heights()
	for _, turn := range []float64{1, 0.5, 0} {
		for _, height := range heights {
			if c, x, y := l.place(height, l.roll*turn); l.good(c, x, y) {
				return c, true
			}
		}
	}
	return Crop{}, false
}

// layout is one question to Plan.
type layout struct {
	size    image.Point
	face    face.Face
	head    Head
	small   Least
	reserve float64
	roll    float64
	least   float64 // height of a crop in pixels of the picture
}

// heights lists the crop's possible heights in pixels of the picture, the
// preferred one first. It is empty when the head has too few pixels. Except for
// the least height itself they are shares of the head's, so that they grow with it
// when the person comes nearer.
func (l layout) heights() (heights []float64) {
	const steps = 16
	shortest, tallest := l.span()
	want := max(l.head.Height()/headTarget, l.head.Width/widthMost*Height/Width)
	want = min(max(want, shortest), tallest)
	if want < l.least && l.least <= tallest && l.reserve == 0 {
		heights = append(heights, l.least)
	}
	for i := range steps + 1 {
		k := float64(i) / steps
		heights = append(heights, want+float64(k*(shortest-want)), want+float64(k*(tallest-want)))
	}
	return slices.DeleteFunc(heights, func(h float64) bool { return h < l.least })
}

// span gives the heights of the smallest and the largest crop around the head. A
// person with a small distance of the eyes needs a larger head to show it with
// enough pixels, as far as the head's limit allows.
func (l layout) span() (shortest, tallest float64) {
	shortest, tallest = l.head.Height()/headMost, l.head.Height()/l.small.Head
	return shortest, min(tallest, max(shortest, l.face.IED()*Height/l.small.Eyes))
}

// place lays a crop of that height as near to the target as the picture allows.
// x and y tell where the middle of the eyes comes to lie, as shares of the crop.
func (l layout) place(height, roll float64) (c Crop, x, y float64) {
	c = Crop{Scale: max(1, height/Height), Roll: roll, Size: cropSize(height)}
	eyes := Eyes(l.face)
	f := c.Frame()
	f.X, f.Y = eyes.X, eyes.Y
	w, h := float64(c.Size.X), float64(c.Size.Y)
	c.Centre.X, c.Centre.Y = f.At(0, h*(0.5-l.eyeLine(height)))
	c.Centre = l.inside(c, w, h)
	x, y = c.Frame().From(eyes.X, eyes.Y)
	return c, x / w, y / h
}

// eyeLine is the wanted eye line: lower than the target for high hair.
func (l layout) eyeLine(height float64) float64 {
	eyes := Eyes(l.face)
	hair := math.Hypot(l.head.Top.X-eyes.X, l.head.Top.Y-eyes.Y) / height
	least, most := l.eyeLimits(height)
	return min(max(eyesTarget, hair+hairMargin, least), most)
}

// eyeLimits bounds the eye line in a crop of that height: crown and chin are seen.
func (l layout) eyeLimits(height float64) (least, most float64) {
	eyes := Eyes(l.face)
	crown := math.Hypot(l.head.Crown.X-eyes.X, l.head.Crown.Y-eyes.Y) / height
	chin := math.Hypot(l.head.Chin.X-eyes.X, l.head.Chin.Y-eyes.Y) / height
	return max(eyesLeast, crown+hairMargin), min(eyesMost, 1-chin-chinMargin)
}

// room is the part of the picture that a crop may use. Without a reserve it is the
// whole picture; with one it is so much smaller that a crop in it, grown around the
// eyes and moved with the person, still lies in the picture.
func (l layout) room() (lo, hi Point) {
	eyes, border, grown := Eyes(l.face), l.reserve/2, 1+l.reserve
	w, h := float64(l.size.X), float64(l.size.Y)
	bx, by := float64(border*w), float64(border*h)
	lo = Point{eyes.X + (bx-eyes.X)/grown, eyes.Y + (by-eyes.Y)/grown}
	return lo, Point{eyes.X + (w-bx-eyes.X)/grown, eyes.Y + (h-by-eyes.Y)/grown}
}

// inside moves the crop's centre by the least way that brings the crop into the
// room; the middle of the room where the crop is larger.
func (l layout) inside(c Crop, w, h float64) Point {
	sin, cos := math.Sincos(math.Abs(c.Roll) * math.Pi / 180)
	halfW := c.Scale * (float64(w*cos) + float64(h*sin)) / 2
	halfH := c.Scale * (float64(w*sin) + float64(h*cos)) / 2
	lo, hi := l.room()
	return Point{
		X: within(c.Centre.X, lo.X+halfW, hi.X-halfW),
		Y: within(c.Centre.Y, lo.Y+halfH, hi.Y-halfH),
	}
}

func within(v, lo, hi float64) float64 {
	if lo > hi {
		return (lo + hi) / 2
	}
	return min(max(v, lo), hi)
}

// good tells whether the crop lies in the room and its eyes within the limits.
func (l layout) good(c Crop, x, y float64) bool {
	const rounding = 1e-6
	least, most := l.eyeLimits(c.Scale * float64(c.Size.Y))
	return l.holds(c) && x >= sideLeast-rounding && x <= sideMost+rounding && y >= least-rounding && y <= most+rounding
}

// holds tells whether the whole crop lies in the room.
func (l layout) holds(c Crop) bool {
	const rounding = 0.01
	f := c.Frame()
	lo, hi := l.room()
	for _, corner := range []image.Point{{}, {X: c.Size.X}, {Y: c.Size.Y}, c.Size} {
		x, y := f.At(float64(corner.X), float64(corner.Y))
		if x < lo.X-rounding || y < lo.Y-rounding || x > hi.X+rounding || y > hi.Y+rounding {
			return false
		}
	}
	return true
}

// nearest gives the crop that breaks the rules least: upright and at the wanted
// height if the picture holds that anywhere, otherwise less of both.
func (l layout) nearest() Crop {
	height, roll := l.head.Height()/headTarget, l.roll
	for range 40 {
		if c, _, _ := l.place(height, roll); l.holds(c) {
			return c
		}
		if math.Abs(roll) > 0.5 {
			roll *= 0.7
		} else {
			roll, height = 0, height*0.97
		}
	}
	return largest(l.size)
}

// advice looks at the smallest crop that the rules allow, which asks least of
// the picture.
func (l layout) advice() string {
	shortest, tallest := l.span()
	if l.least > tallest {
		return TooFar
	}
	smallest := max(shortest, l.least)
	lo, hi := l.room()
	if smallest > hi.Y-lo.Y || smallest*Width/Height > hi.X-lo.X {
		return TooNear
	}
	_, x, y := l.place(smallest, 0)
	switch {
	case x < sideLeast:
		return Left
	case x > sideMost:
		return Right
	case y < eyesTarget:
		return Down
	}
	return Up
}
