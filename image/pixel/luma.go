// SPDX-License-Identifier: EUPL-1.2

package pixel

import "image"

// Gray is a picture of brightness, row by row without gaps: the pixel in
// column x of row y is Pix[y*W+x], 0 black to 255 white. The values are sRGB
// luma (Y' of ITU-R BT.601, as in JPEG files), not linear light.
type Gray struct {
	Pix  []uint8
	W, H int
}

// At gives the pixel next to (x, y) that lies in the picture.
func (g *Gray) At(x, y int) uint8 {
	return g.Pix[min(max(y, 0), g.H-1)*g.W+min(max(x, 0), g.W-1)]
}

// Luma gives the brightness of the picture, averaged down by area so that its
// longer side has at most maxSide pixels; it never enlarges. scale is the
// number of the picture's pixels along the side of one pixel of g, 1 or more:
// the point (x, y) of g is img.Bounds().Min + (x, y)*scale. Alpha is ignored.
func Luma(img image.Image, maxSide int) (g *Gray, scale float64) {
	b := img.Bounds()
	scale = max(1, float64(max(b.Dx(), b.Dy()))/float64(max(1, maxSide)))
	return Region(img, b, scale), scale
}

// Region gives the brightness of the part r of the picture, where one pixel of
// the result is the mean over a square of scale x scale pixels, scale >= 1.
// What of r lies outside the picture is left out. An incomplete square at the
// right or lower end is left out too, so that every pixel has the same scale.
func Region(img image.Image, r image.Rectangle, scale float64) *Gray {
	r = r.Intersect(img.Bounds())
	if r.Empty() {
		return &Gray{}
	}
	row := lumaRow(img, r)
	if scale <= 1 {
		return plain(row, r.Dx(), r.Dy())
	}
	return shrink(row, spans(r.Dx(), scale), spans(r.Dy(), scale), r.Dx())
}

func plain(row rowFunc, w, h int) *Gray {
	g := &Gray{Pix: make([]uint8, w*h), W: w, H: h}
	for y := range h {
		row(y, g.Pix[y*w:(y+1)*w])
	}
	return g
}

// A span is the run of source pixels under one pixel of the result: the pixels
// from first to last, of which the two at the ends count in part. Weights are
// in 1/256 pixel; those between the ends weigh 256.
type span struct {
	first, last int
	head, tail  uint64
	total       uint64
}

func spans(n int, scale float64) []span {
	out := make([]span, max(1, int(float64(n)/scale+1e-6)))
	for i := range out {
		a := int(float64(i) * scale * 256)
		b := min(int(float64(i+1)*scale*256), n*256)
		s := span{first: a / 256, last: (b - 1) / 256, total: uint64(b - a)}
		s.head = uint64(min(b, (s.first+1)*256) - a)
		if s.last > s.first {
			s.tail = uint64(b - s.last*256)
		}
		out[i] = s
	}
	return out
}

// weight gives the weight of source pixel i, which lies in the span.
func (s span) weight(i int) uint64 {
	switch i {
	case s.first:
		return s.head
	case s.last:
		return s.tail
	}
	return 256
}

// shrink reads every source row once, or twice where two spans share it.
func shrink(row rowFunc, columns, rows []span, width int) *Gray {
	g := &Gray{Pix: make([]uint8, len(columns)*len(rows)), W: len(columns), H: len(rows)}
	line, read := make([]uint8, width), -1
	across, sum := make([]uint64, len(columns)), make([]uint64, len(columns))
	for y, s := range rows {
		clear(sum)
		for i := s.first; i <= s.last; i++ {
			if i != read {
				row(i, line)
				squeeze(across, line, columns)
				read = i
			}
			w := s.weight(i)
			for x, v := range across {
				sum[x] += v * w
			}
		}
		for x, v := range sum {
			whole := columns[x].total * s.total
			g.Pix[y*g.W+x] = uint8(float64(int64(v+whole/2)) / float64(int64(whole))) // exact below 2^44, and quicker than of integers
		}
	}
	return g
}

// squeeze sums one row of source pixels into the columns of the result.
func squeeze(across []uint64, line []uint8, columns []span) {
	for x, s := range columns {
		v := uint64(line[s.first])*s.head + uint64(line[s.last])*s.tail
		if s.last > s.first+1 {
			var middle uint64
			for _, p := range line[s.first+1 : s.last] {
				middle += uint64(p)
			}
			v += middle * 256
		}
		across[x] = v
	}
}
