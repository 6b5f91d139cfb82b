// SPDX-License-Identifier: EUPL-1.2

package cameratest

import (
	"image/color"
	"math"
)

// Features are what makes one person's face another than Default's, whose are all 0. A measure is
// good from -1 to 1, the ends of what people have; a share from 0 to 1.
type Features struct {
	Width, Jaw, Chin      float64 // measures: width of head and jaw, length of the chin
	Flat                  float64 // measure: depth of the cheeks, 1 = broad and forward
	EyesApart, EyeTilt    float64 // measures: distance of the eyes, and how high their outer corners lie
	EyeWidth, EyeHeight   float64 // measures of the opening
	Fold                  float64 // measure of the fold of the upper lid: -1 none, 1 deep and low
	Brow, BrowThick       float64 // measures: height and thickness
	NoseWidth, NoseLength float64 // measures
	NoseDepth             float64 // measure
	MouthWidth, MouthLow  float64 // measures: width, and how low it lies
	Lips, LipTone         float64 // measures: thickness, and colour from pale to painted
	Thin                  float64 // share of the locks that are missing
	Age                   float64 // share: crow's feet, bags below the eyes, folds beside the mouth
	Liner                 float64 // share: lids painted dark
	Beard                 float64 // share: stubble to full beard with a moustache
}

// Lenses are the glasses' frame and what the lenses do.
type Lenses struct {
	Thick float64     // measure of the frame's thickness, -1..1.5
	High  float64     // measure of the lenses' height
	Frame color.NRGBA // the zero colour is black
	Tint  float64     // share of the light that the lenses swallow
	Veil  float64     // share of white light that they mirror
}

// shape moves a place of the head of Default to where this person has it.
func (f *Features) shape(p vec) vec {
	if *f == (Features{}) {
		return p
	}
	ax, side := math.Abs(p.x), sign(p.x)
	front := smooth(0, 4, p.z)
	move := vec{}
	move.x += p.x * (.07*f.Width + .11*f.Jaw*smooth(3, 9, p.y))
	move.y += 1.1 * f.Chin * smooth(8, 12, p.y) * front
	move.z += .7 * f.Flat * bell(ax-4.2, 1.8) * bell(p.y-2.6, 2) * front

	ex, eye := ax-eyeX, bell(ax-eyeX, 1.3)*bell(p.y, .9)*front
	move.x += side * eye * (.28*f.EyesApart + .13*f.EyeWidth*ex)
	move.y += eye * (.28*f.EyeHeight*p.y - .16*f.EyeTilt*ex)
	brow := p.y - browY
	move.y += bell(ax-3, 2.2) * bell(brow+.2, .6) * front * (.5*f.BrowThick*(brow+.2) - .3*f.Brow)

	nose := bell(p.x, 1.6) * front
	move.x += .25 * f.NoseWidth * p.x * bell(ax, 1.6) * bell(p.y-4.2, 1) * front
	move.y += .5 * f.NoseLength * nose * bell(p.y-4.2, 1.3)
	move.z += .6 * f.NoseDepth * bell(p.x, .9) * bell(p.y-3.4, 1.6) * front

	mouth := p.y - mouthY
	move.x += .14 * f.MouthWidth * p.x * bell(ax, 3) * bell(mouth, 1.1) * front
	move.y += bell(ax, 3) * front * (.4*f.MouthLow*bell(mouth, 1.8) + .45*f.Lips*mouth*bell(mouth, .7))
	return p.add(move)
}

// place is where a place of Default's head stands before the camera.
func (b *body) place(p vec) vec { return b.turn.place(b.features.shape(p)) }

// age draws what years leave around eyes and mouth.
func (b *body) age(m *matter, p vec) {
	k := b.features.Age
	if k == 0 {
		return
	}
	ax := math.Abs(p.x)
	for i := range 3 { // crow's feet
		line := p.y - .1 - (float64(i)-1)*(.25+.3*(ax-4.9))
		m.shade *= 1 - .35*k*hump(line, .09)*smooth(4.75, 5, ax)*smooth(6.3, 5.4, ax)
	}
	t := (ax - eyeX) / 1.7
	m.shade *= 1 - .38*k*hump(p.y-.95-.25*(1-t*t), .22)*hump(t, 1.1)        // bag
	m.shade *= 1 - .35*k*hump(ax-1.9-.33*(p.y-4.6), .22)*hump(p.y-5.8, 1.6) // beside the mouth
	m.shade *= 1 - .2*k*hump(math.Mod(p.y+20, 1)-.5, .12)*smooth(-3.4, -4, p.y)
}

// beard paints stubble or the ground of a beard.
func (b *body) beard(m *matter, h *hit) {
	k := b.features.Beard
	p := h.paint
	if k == 0 || p.y < 4.8 || p.z < 0 {
		return
	}
	ax, d := math.Abs(p.x), p.y-mouthY
	cheek := smooth(0, 1.2, p.y-6.6+.75*(ax-3.6)*smooth(7.5, 5.5, ax)) * smooth(2.2, 3.2, ax)
	moustache := hump(ax, 3.2) * smooth(5.1, 5.6, p.y) * smooth(0, -.35, d+.3)
	chin := smooth(.85, 1.35, d) * smooth(3.8, 2.6, ax)
	grow := max(cheek, moustache, chin)
	if t := ax / mouthHalf; t < 1 {
		swell := 1 - t*t
		grow *= 1 - smooth(-.08, .04, d+upperLip(p.x, swell))*smooth(-.08, .04, lowerLip(swell)-d)
	}
	grow *= .75 + .5*b.grain.fine(p.x+.4*p.y, p.y*.35, 7, h.pixel) + .2*b.grain.at(p.x*2, p.y*2)
	m.to(b.hair.mul(.8).mix(b.tone.mul(.3), .25), min(max(k*grow, 0), .93), .04)
}

// behind is the light that comes to the camera from the place p of the unturned head, if a lens is
// in between.
func (b *body) behind(c, p vec) vec {
	if b.lenses.Tint == 0 && b.lenses.Veil == 0 {
		return c
	}
	to := b.camera.sub(p)
	x, y, _ := lensAt(p.add(to.mul((9.6 - p.z) / to.z)))
	k := b.lensed(x, y)
	if p.z > 9.9 || k == 0 {
		return c
	}
	white := b.lenses.Veil * (.55 + .45*b.grain.at(x*.5+7, y*.5))
	return c.mul(1-k*b.lenses.Tint).mix(vec{.75, .77, .8}, k*white*.6)
}

func lensAt(p vec) (x, y, z float64) { return math.Abs(p.x), p.y, p.z }

// lensed is 1 in a lens, at |x| and y.
func (b *body) lensed(x, y float64) float64 {
	u, v := math.Abs(x-3.3)/2.5, math.Abs(y-.32)/b.lenses.half()
	return smooth(1.03, .97, math.Pow(u, 2.8)+math.Pow(v, 2.8))
}

// half is half the height of a lens, cm.
func (l Lenses) half() float64 { return 1.85 * (1 + .35*l.High) }
