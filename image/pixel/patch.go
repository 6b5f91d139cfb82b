// SPDX-License-Identifier: EUPL-1.2

package pixel

import (
	"image"
	"image/color"
	"math"
)

// Frame is a system of coordinates laid into a picture: a right-angled one that
// may be turned and scaled. The origin is in pixels of the picture, (0, 0) being
// the top left corner of its first pixel; (Ux, Uy) is the step along the frame's
// x axis, and its y axis is that step turned clockwise by a right angle.
type Frame struct{ X, Y, Ux, Uy float64 }

// Unit is the length of the frame's unit in pixels of the picture.
func (f Frame) Unit() float64 { return math.Hypot(f.Ux, f.Uy) }

// At gives the picture's point at (x, y) of the frame.
func (f Frame) At(x, y float64) (px, py float64) {
	return f.X + float64(f.Ux*x) - float64(f.Uy*y), f.Y + float64(f.Uy*x) + float64(f.Ux*y)
}

// From gives the frame's point at (px, py) of the picture.
func (f Frame) From(px, py float64) (x, y float64) {
	n := float64(f.Ux*f.Ux) + float64(f.Uy*f.Uy)
	dx, dy := px-f.X, py-f.Y
	return (float64(dx*f.Ux) + float64(dy*f.Uy)) / n, (float64(dy*f.Ux) - float64(dx*f.Uy)) / n
}

// Patch is a part of a picture resampled along a frame, from (X0, Y0) on, with
// PerUnit samples along one unit of the frame. Values are sRGB, 0 to 255, Y is
// the luma of ITU-R BT.601. Outside holds what lay beyond the picture's edge;
// its colour is that of the nearest pixel.
type Patch struct {
	X0, Y0, PerUnit float64
	W, H            int
	R, G, B, Y      []float32
	Outside         []bool
}

// Index gives the sample at (x, y) of the frame, or the nearest one.
func (p *Patch) Index(x, y float64) int {
	i := min(max(int((x-p.X0)*p.PerUnit), 0), p.W-1)
	j := min(max(int((y-p.Y0)*p.PerUnit), 0), p.H-1)
	return j*p.W + i
}

// Place gives the middle of a sample in the frame.
func (p *Patch) Place(index int) (x, y float64) {
	return p.X0 + (float64(index%p.W)+0.5)/p.PerUnit, p.Y0 + (float64(index/p.W)+0.5)/p.PerUnit
}

// Resample takes the patch from (x0, y0) to (x1, y1) of the frame. Where the
// picture is finer than the patch its pixels are averaged, at most 4 x 4 of
// them; where it is coarser they are interpolated.
func Resample(img image.Image, f Frame, x0, y0, x1, y1, perUnit float64) *Patch {
	p := &Patch{X0: x0, Y0: y0, PerUnit: perUnit}
	p.W, p.H = max(1, int((x1-x0)*perUnit)), max(1, int((y1-y0)*perUnit))
	n := p.W * p.H
	all := make([]float32, 4*n)
	p.R, p.G, p.B, p.Y = all[:n], all[n:2*n], all[2*n:3*n], all[3*n:]
	p.Outside = make([]bool, n)
	p.fill(samplerOf(img), f)
	return p
}

func (p *Patch) fill(s sampler, f Frame) {
	step := f.Unit() / p.PerUnit
	over := min(4, max(1, int(math.Ceil(step-0.25))))
	part, half := 1/float64(over)/p.PerUnit, 0.5/p.PerUnit
	for j := range p.H {
		y := p.Y0 + float64(j)/p.PerUnit
		for i := range p.W {
			o := j*p.W + i
			x := p.X0 + float64(i)/p.PerUnit
			cx, cy := f.At(x+half, y+half)
			p.Outside[o] = cx < 0 || cy < 0 || cx >= float64(s.w) || cy >= float64(s.h)
			var c [3]float32
			if over == 1 {
				c = s.between(cx, cy)
			} else {
				c = s.mean(f, x, y, part, over)
			}
			p.R[o], p.G[o], p.B[o] = c[0], c[1], c[2]
			p.Y[o] = float32(0.299*c[0]) + float32(0.587*c[1]) + float32(0.114*c[2])
		}
	}
}

type sampler struct {
	at   colourFunc
	w, h int
	// pix are the pixels themselves where four bytes hold one, from start on: most of
	// the work on a frame is reading them, and a call for each would double it.
	pix           []uint8
	start, stride int
}

func samplerOf(img image.Image) sampler {
	b := img.Bounds()
	s := sampler{at: colours(img), w: b.Dx(), h: b.Dy()}
	switch img := img.(type) {
	case *image.NRGBA:
		s.pix, s.start, s.stride = img.Pix, img.PixOffset(b.Min.X, b.Min.Y), img.Stride
	case *image.RGBA:
		s.pix, s.start, s.stride = img.Pix, img.PixOffset(b.Min.X, b.Min.Y), img.Stride
	}
	return s
}

// mean averages over x over points, each of the pixel it falls into.
func (s *sampler) mean(f Frame, x, y, part float64, over int) (c [3]float32) {
	var r, g, b int
	dx, dy := float64(f.Ux*part), float64(f.Uy*part)
	for j := range over {
		px, py := f.At(x+part/2, y+float64((float64(j)+0.5)*part))
		for range over {
			i, k := min(max(int(px), 0), s.w-1), min(max(int(py), 0), s.h-1)
			if s.pix != nil {
				o := s.start + k*s.stride + 4*i
				p := s.pix[o : o+3 : o+3]
				r, g, b = r+int(p[0]), g+int(p[1]), b+int(p[2])
			} else {
				cr, cg, cb := s.at(i, k)
				r, g, b = r+int(cr), g+int(cg), b+int(cb)
			}
			px, py = px+dx, py+dy
		}
	}
	n := float32(over * over)
	return [3]float32{float32(r) / n, float32(g) / n, float32(b) / n}
}

// between interpolates between the four pixels around the point.
func (s *sampler) between(px, py float64) (c [3]float32) {
	px, py = px-0.5, py-0.5
	x, y := int(math.Floor(px)), int(math.Floor(py))
	fx, fy := float32(px-float64(x)), float32(py-float64(y))
	weights := [4]float32{(1 - fx) * (1 - fy), fx * (1 - fy), (1 - fx) * fy, fx * fy}
	for k, w := range weights {
		r, g, b := s.at(s.clamp(x+k&1, y+k>>1))
		c[0] += float32(w * float32(r))
		c[1] += float32(w * float32(g))
		c[2] += float32(w * float32(b))
	}
	return c
}

func (s *sampler) clamp(x, y int) (int, int) {
	return min(max(x, 0), s.w-1), min(max(y, 0), s.h-1)
}

// colourFunc gives one pixel, counted from the picture's top left corner.
type colourFunc func(x, y int) (r, g, b uint8)

// At gives a fast reader of single pixels in sRGB. (0, 0) is the picture's top
// left corner, whatever its bounds; it must not be asked for what lies outside.
func At(img image.Image) func(x, y int) (r, g, b uint8) { return colours(img) }

// colours chooses the fast reader for the types that cameras and decoders give.
func colours(img image.Image) colourFunc {
	switch img := img.(type) {
	case Picture:
		return colours(img.Image)
	case *image.NRGBA:
		return quads(img.Pix, img.PixOffset(img.Rect.Min.X, img.Rect.Min.Y), img.Stride)
	case *image.RGBA:
		return quads(img.Pix, img.PixOffset(img.Rect.Min.X, img.Rect.Min.Y), img.Stride)
	case *image.YCbCr:
		return triple(img)
	}
	b := img.Bounds()
	return func(x, y int) (uint8, uint8, uint8) {
		r, g, b, _ := img.At(b.Min.X+x, b.Min.Y+y).RGBA()
		return uint8(r >> 8), uint8(g >> 8), uint8(b >> 8)
	}
}

func quads(pix []uint8, start, stride int) colourFunc {
	return func(x, y int) (uint8, uint8, uint8) {
		p := pix[start+y*stride+4*x:]
		return p[0], p[1], p[2]
	}
}

func triple(img *image.YCbCr) colourFunc {
	return func(x, y int) (uint8, uint8, uint8) {
		c := img.YCbCrAt(img.Rect.Min.X+x, img.Rect.Min.Y+y)
		return color.YCbCrToRGB(c.Y, c.Cb, c.Cr)
	}
}
