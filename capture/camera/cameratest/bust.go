// SPDX-License-Identifier: EUPL-1.2

package cameratest

import "math"

// bust is neck, shoulders and chest: half width, front and back at each height.
type bust struct{ half, front, back curve }

func newBust() bust {
	return bust{
		half: curve{{6, 5.2}, {9, 5.3}, {12, 5.5}, {14, 6}, {15.6, 7.4}, {17, 10.4}, {18.4, 13.8},
			{20.2, 17.2}, {22.5, 19.4}, {26, 20.6}, {34, 21.4}, {50, 21.6}},
		front: curve{{6, 3}, {9, 2.8}, {12, 3}, {14, 3.5}, {16, 4.6}, {18, 5.8}, {21, 7.2}, {26, 8.8}, {34, 9.8}, {50, 10}},
		back:  curve{{6, -8}, {12, -8.2}, {16, -9}, {20, -10.4}, {50, -10.6}},
	}
}

// collar is the height of the sweater's neckline at angle a about the vertical axis.
func collar(a float64) float64 { return 14.1 + 1.9*math.Cos(a) }

const collarHalf = 1.0 // half height of the collar's ribs

// around is the place at height y and angle a.
func (b bust) around(y, a float64) vec {
	front, back := b.front.at(y), b.back.at(y)
	z := (front + back) / 2
	s := section{half: b.half.at(y), z: z, front: front - z, back: z - back, power: 2 + .4*smooth(15, 20, y)}
	px, pz := s.around(a)
	p := vec{px, y, pz}
	out := vec{px, 0, pz - z}.unit()
	d := y - collar(a)
	cloth := .22*smooth(-collarHalf-.12, -collarHalf+.12, d) +
		.3*math.Sqrt(max(0, 1-d*d/(collarHalf*collarHalf)))
	return p.add(out.mul(cloth + throat(p)))
}

// throat is the relief of the neck: its two long muscles and the larynx.
func throat(p vec) float64 {
	if p.z < 0 || p.y > 17 {
		return 0
	}
	muscle := math.Abs(p.x) - 1 - .42*(15.5-p.y)
	return .28*bell(muscle, .8) + .35*bell(p.x, .9)*bell(p.y-12.6, 1)
}

// mesh is the bust with its neck turned into the head's pose: fully at the jaw, not at the shoulders.
func (b bust) mesh(yaw, pitch, roll float64) *mesh {
	const columns = 150
	m := &mesh{closed: true}
	rows := 0
	for y := 6.0; y < 50; y += .2 + .6*smooth(19, 24, y) {
		k := smooth(17, 9, y)
		r := turn(.8*k*yaw, k*pitch, k*roll)
		for i := range columns {
			a := (float64(i)/columns*2 - 1) * math.Pi
			p := b.around(y+(collar(a)-collar(math.Pi/2))*hump(y-collar(math.Pi/2), 6), a) // a row follows the collar
			m.vertices = append(m.vertices, vertex{paint: p, place: r.place(p)})
		}
		rows++
	}
	m.triangles = grid(rows, columns, true)
	return m
}

// bust lights a point of neck or clothes.
func (b *body) bust(h *hit) vec {
	p := h.paint
	a := math.Atan2(p.x, p.z+3)
	d := p.y - collar(a)
	if d > -collarHalf {
		return b.light.shine(b.knit(h, a, d), h.along)
	}
	m := b.skin(h)
	m.colour = m.colour.mul(.93)
	m.shade = (.5 + .5*smooth(9.5, 15, p.y+.25*math.Abs(p.x))) * (1 - .3*smooth(-.9, 0, d+collarHalf))
	return b.light.shine(m, h.along)
}

// knit is a dark blue sweater with a ribbed collar, d below the collar's middle.
func (b *body) knit(h *hit, a, d float64) matter {
	p := h.paint
	m := matter{colour: vec{.028, .042, .085}, gloss: .015, shade: 1}
	fluff := .3*b.grain.fine(p.x, p.y, 14, h.pixel) + .12*b.grain.at(p.x*.7, p.y*.5)
	fade := 1 - smooth(.02, .06, h.pixel)
	if d < collarHalf {
		rib := math.Sin(a * 90)
		m.colour = m.colour.mul(1 + .45*rib*fade + fluff)
		m.shade = .62 + .38*smooth(collarHalf, .4, math.Abs(d))
		return m
	}
	row := math.Sin(p.y*24 + 3*math.Abs(math.Mod(p.x*3.2+64, 1)-.5))
	m.colour = m.colour.mul(1 + .25*row*fade + fluff)
	m.shade = .7 + .3*smooth(collarHalf, collarHalf+.8, d)
	return m
}
