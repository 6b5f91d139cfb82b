// SPDX-License-Identifier: EUPL-1.2

package cameratest

import (
	"image"
	"math/rand/v2"
)

const noiseSize = 1 << 16

// noise is a table of normal deviates, in 1/256 standard deviations.
type noise [noiseSize]int32

func newNoise() *noise {
	r := rand.New(rand.NewPCG(7, 7))
	n := new(noise)
	for i := range n {
		n[i] = int32(r.NormFloat64() * 256)
	}
	return n
}

// film returns the part of base that starts at from and has the given size, with noise of sd grey
// levels as a sensor adds it; another seed gives another exposure of the same scene.
func (n *noise) film(base *image.NRGBA, from, size image.Point, sd float64, seed uint64) *image.NRGBA {
	img := image.NewNRGBA(image.Rectangle{Max: size})
	r := rand.New(rand.NewPCG(seed, 2))
	k := int32(sd * 256)
	for y := range size.Y {
		start := base.PixOffset(from.X, from.Y+y)
		n.row(img.Pix[y*img.Stride:][:4*size.X], base.Pix[start:start+4*size.X], k, r.Uint32())
	}
	return img
}

func (n *noise) row(dst, src []uint8, k int32, at uint32) {
	for i := 0; i+3 < len(src) && i+3 < len(dst); i += 4 {
		for c := range 3 {
			v := int32(src[i+c]) + (n[at%noiseSize]*k+1<<15)>>16
			dst[i+c] = uint8(min(max(v, 0), 255))
			at++
		}
		dst[i+3] = 255
	}
}
