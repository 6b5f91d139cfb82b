// SPDX-License-Identifier: EUPL-1.2

package cameratest

import (
	"math"
	"math/rand/v2"
)

// partX is where the hair parts, cm to the right in the picture.
const partX = 2.3

// haircut grows the hairs of a head.
type haircut struct {
	*body
	rand *rand.Rand
}

// hairs grows n locks of short hair, combed to both sides from a parting.
func (c haircut) hairs(n int) []strand {
	all := make([]strand, 0, n)
	for len(all) < n {
		y := crownY + c.rand.Float64()*(6-crownY)
		p := c.head.around(y, (c.rand.Float64()*2-1)*math.Pi)
		depth := c.head.line.depth(p)
		if depth < 0 || c.rand.Float64() > .35+.65*smooth(0, .5, depth) {
			continue
		}
		lock := c.lock(p, depth)
		if tip := lock.places[len(lock.places)-1]; tip.z > 2 && c.head.line.depth(tip) < -.4 {
			continue // it would hang into the face
		}
		all = append(all, lock)
	}
	return all
}

// volume is how far the mass of the hair stands out from the skull at a place so deep in it.
func volume(p vec, depth float64) float64 {
	return (.05 + .34*smooth(-3.5, -8.5, p.y)) * smooth(.1, 1.3, depth)
}

// lock grows one lock at p, depth behind the hairline.
func (c haircut) lock(p vec, depth float64) strand {
	const steps = 8
	high := smooth(-3.5, -8.5, p.y)
	length := (1.5 + 3.6*high) * (.7 + .6*c.rand.Float64()) * (.55 + .45*smooth(0, 1.2, depth))
	loose := (.04 + .08*smooth(-2.5, -7, p.y) + .3*high) * c.rand.Float64() // above the mass of the hair
	turn, part := .3*c.rand.NormFloat64(), partX+.5*c.rand.NormFloat64()
	s := strand{normal: shellNormal(p), width: .03 + .035*c.rand.Float64(), gloss: .09}
	for i := range steps + 1 {
		t := float64(i) / steps
		behind := c.head.line.depth(p)
		lift := loose * smooth(0, .5, t) * (.35 + .65*smooth(0, 1.5, behind))
		p = onShell(p, volume(p, behind)+.015+lift)
		s.places = append(s.places, p)
		n := shellNormal(p)
		d := comb(p, part, turn)
		p = p.add(d.sub(n.mul(d.dot(n))).unit().mul(length / steps))
	}
	shade := (.5 + 1.2*loose) * (.6 + .7*c.rand.Float64())
	s.root, s.tip = c.hair.mul(.7*shade), c.hair.mul(1.25*shade)
	return s
}

// comb is the direction that hair at p lies in, left or right of its parting; turn is how unruly it is.
func comb(p vec, part, turn float64) vec {
	side := 1.0
	if p.x < part {
		side = -1
	}
	top := vec{side, .1, -.25 + turn - 1.3*smooth(4, 8, p.z)}
	flank := vec{.15 * side, 1, -.4 + turn}
	return top.mix(flank, smooth(-8.5, -4.5, p.y)).unit()
}

// shellNormal points out of the skull at p; below the brow the skull counts as a cylinder.
func shellNormal(p vec) vec {
	r := cranium()
	return vec{p.x / (r.x * r.x), min(p.y-browY, 0) / (r.y * r.y), p.z / (r.z * r.z)}.unit()
}

// onShell moves p to the height above the skull, where that is higher than p.
func onShell(p vec, height float64) vec {
	r := cranium()
	wide := 1 - .012*max(p.y-browY, 0) // the head narrows below the brow
	q := vec{p.x / (r.x * wide), min(p.y-browY, 0) / r.y, p.z / r.z}
	above := (math.Sqrt(q.dot(q)) - 1) * 8.5 // cm, near enough
	return p.add(shellNormal(p).mul(height - above))
}

// browHairs grows n hairs on each brow.
func (c haircut) browHairs(n int) []strand {
	var all []strand
	for i := range 2 * n {
		ax := 1.1 + 4.1*c.rand.Float64()
		y, half := browLine(ax)
		y += half * (c.rand.Float64()*2 - 1) * .9
		side := float64(i%2*2 - 1)
		lean := .9 - 1.5*smooth(1.1, 2.6, ax) - .5*smooth(3, 5, ax)*sign(y)
		all = append(all, c.onFace(side*ax, y, vec{side, -lean, 0}.unit(), .45+.25*c.rand.Float64()))
	}
	return all
}

// onFace grows a short hair along the skin.
func (c haircut) onFace(x, y float64, d vec, length float64) strand {
	const steps = 3
	s := strand{normal: vec{z: 1}, width: .026}
	for i := range steps + 1 {
		t := float64(i) / steps
		p := c.head.moved(c.head.surface(x+d.x*length*t, y+d.y*length*t))
		s.places = append(s.places, p.add(vec{z: .03 + .05*t}))
	}
	shade := .7 + .5*c.rand.Float64()
	s.root, s.tip = c.hair.mul(.8*shade), c.hair.mul(1.1*shade)
	return s
}

// lashes grows n lashes on each upper lid and half as many on each lower.
func (c haircut) lashes(n int) []strand {
	var all []strand
	for _, side := range []float64{-1, 1} {
		for i := range n {
			t := -.85 + 1.85*(float64(i)+.6*c.rand.Float64())/float64(n)
			all = append(all, c.lash(side, t, c.head.lids.upper(t), -.35, .34))
			if i%2 == 0 {
				all = append(all, c.lash(side, t, c.head.lids.lower(t)+.03, .22, .16))
			}
		}
	}
	return all
}

// lash grows from the lid's edge at t outwards, and by rise up or down at its tip.
func (c haircut) lash(side, t, y, rise, length float64) strand {
	const steps = 3
	if rise < 0 { // the lashes of a closed upper lid hang down
		rise = .3 - (.3-rise)*c.head.lids.open
	}
	root := c.head.surface(side*(eyeX+lidHalf*t), y)
	length *= (.75 + .25*smooth(-1, .3, t)) * (.8 + .4*c.rand.Float64())
	s := strand{normal: vec{z: 1}, width: .026, root: c.tone.mul(.06), tip: c.tone.mul(.12)}
	for i := range steps + 1 {
		k := float64(i) / steps
		d := vec{side * (.25 + .9*t) * k, rise / .34 * k * k, .8 * k * (1 - .4*k)}
		s.places = append(s.places, root.add(vec{z: .02}).add(d.mul(length)))
	}
	return s
}

// fringe hangs strands from the hairline over the eye on the side of the sign of k: the more the
// larger it is, and the further down.
func (c haircut) fringe(k float64) []strand {
	if k == 0 {
		return nil
	}
	const steps = 10
	side, k := sign(k), math.Abs(k)
	n := int(8 + 420*k*k)
	middle, spread := eyeX+.8*c.rand.NormFloat64()*.5, .5+1.1*k
	all := make([]strand, 0, n)
	for range n {
		x := side * (middle + spread*c.rand.NormFloat64()*.7)
		from, to := x*.6+.5*c.rand.NormFloat64(), -.2+(1.2+3*k)*c.rand.Float64()
		s := strand{normal: vec{z: 1}, width: .03 + .05*c.rand.Float64(), gloss: .07, loose: true}
		for i := range steps + 1 {
			t := float64(i) / steps
			p := vec{from + (x-from)*t*(2-t), -7.3 + (to+7.3)*t, 0}
			z := 0.0
			for dy := -.9; dy <= .9; dy += .45 { // lies on brow and cheek, not in the socket
				z = max(z, c.head.surface(p.x, min(max(p.y+dy, -7), 6)).z)
			}
			s.places = append(s.places, vec{p.x, p.y, z + .3})
		}
		shade := .6 + .7*c.rand.Float64()
		s.root, s.tip = c.hair.mul(.8*shade), c.hair.mul(1.3*shade)
		all = append(all, s)
	}
	return all
}
