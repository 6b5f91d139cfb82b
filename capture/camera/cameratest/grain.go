// SPDX-License-Identifier: EUPL-1.2

package cameratest

import "math/rand/v2"

const grainSide = 256 // a power of two

// grain is a smooth random pattern in -1..1 that repeats after grainSide units: pores, knit, strands.
type grain [grainSide * grainSide]float32

func newGrain(seed uint64) *grain {
	r := rand.New(rand.NewPCG(seed, 1))
	g := new(grain)
	for i := range g {
		g[i] = r.Float32()*2 - 1
	}
	return g
}

// at is the pattern at (u, v).
func (g *grain) at(u, v float64) float64 {
	u += 1 << 20 // keeps the truncation below a floor
	v += 1 << 20
	i, j := int(u), int(v)
	fu, fv := float32(u-float64(i)), float32(v-float64(j))
	i0, i1 := i&(grainSide-1), (i+1)&(grainSide-1)
	j0, j1 := j&(grainSide-1)*grainSide, (j+1)&(grainSide-1)*grainSide
	top := g[j0+i0] + fu*(g[j0+i1]-g[j0+i0])
	bottom := g[j1+i0] + fu*(g[j1+i1]-g[j1+i0])
	return float64(top + fv*(bottom-top))
}

// fine is the pattern with waves of 1/f cm, faded out where a pixel of px cm cannot show them.
func (g *grain) fine(u, v, f, px float64) float64 {
	k := 1 - 1.4*f*px
	if k <= 0 {
		return 0
	}
	return k * g.at(u*f, v*f)
}
