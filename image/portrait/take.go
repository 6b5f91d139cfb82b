// SPDX-License-Identifier: EUPL-1.2

package portrait

import (
	"image"
	"image/draw"
	"math"
	"runtime"
	"sync"
)

// Take cuts the portrait out. Turning, scaling and cropping are one resample
// with a Catmull-Rom kernel, widened by the scale so that fine patterns do not
// alias. The picture is only read where the crop lies.
func Take(img image.Image, c Crop) *image.NRGBA {
	dst := image.NewNRGBA(image.Rectangle{Max: c.Size})
	src := part(img, c)
	t := taker{dst: dst, src: src, crop: c, kernel: newKernel(c.Scale)}
	n := runtime.GOMAXPROCS(0)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { t.rows(i*c.Size.Y/n, (i+1)*c.Size.Y/n) })
	}
	wg.Wait()
	return dst
}

// plane is a tight copy of the part of the picture that is read, with the
// place of its first pixel in the picture.
type plane struct {
	*image.RGBA
	x, y float64
}

// part copies the crop's surroundings, so that one fast reader serves all types.
func part(img image.Image, c Crop) plane {
	b := img.Bounds()
	f := c.Frame()
	reach := 2*c.Scale + 2
	lo, hi := Point{math.Inf(1), math.Inf(1)}, Point{math.Inf(-1), math.Inf(-1)}
	for _, corner := range []image.Point{{}, {X: c.Size.X}, {Y: c.Size.Y}, c.Size} {
		x, y := f.At(float64(corner.X), float64(corner.Y))
		lo, hi = Point{min(lo.X, x), min(lo.Y, y)}, Point{max(hi.X, x), max(hi.Y, y)}
	}
	r := image.Rect(int(lo.X-reach), int(lo.Y-reach), int(hi.X+reach)+1, int(hi.Y+reach)+1)
	r = r.Intersect(image.Rect(0, 0, b.Dx(), b.Dy()))
	p := image.NewRGBA(image.Rect(0, 0, r.Dx(), r.Dy()))
	draw.Draw(p, p.Rect, img, b.Min.Add(r.Min), draw.Src)
	return plane{p, float64(r.Min.X), float64(r.Min.Y)}
}

type taker struct {
	dst    *image.NRGBA
	src    plane
	crop   Crop
	kernel kernel
}

func (t taker) rows(from, to int) {
	f := t.crop.Frame()
	for y := from; y < to; y++ {
		out := t.dst.Pix[y*t.dst.Stride:]
		for x := range t.crop.Size.X {
			px, py := f.At(float64(x)+0.5, float64(y)+0.5)
			r, g, b := t.sample(px-t.src.x-0.5, py-t.src.y-0.5)
			o := out[4*x : 4*x+4 : 4*x+4]
			o[0], o[1], o[2], o[3] = r, g, b, 255
		}
	}
}

// sample weighs the pixels around (px, py), both in pixel centres of the part.
func (t taker) sample(px, py float64) (uint8, uint8, uint8) {
	x0, wx := t.kernel.at(px)
	y0, wy := t.kernel.at(py)
	w, h := t.src.Rect.Dx(), t.src.Rect.Dy()
	if x0 < 0 || y0 < 0 || x0+len(wx) > w || y0+len(wy) > h {
		return t.edge(x0, y0, wx, wy)
	}
	var r, g, b float32
	for j, vy := range wy {
		row := t.src.Pix[(y0+j)*t.src.Stride+4*x0:][:4*len(wx)]
		var rr, gg, bb float32
		for i, vx := range wx {
			p := row[4*i : 4*i+3 : 4*i+3]
			rr += float32(vx * float32(p[0]))
			gg += float32(vx * float32(p[1]))
			bb += float32(vx * float32(p[2]))
		}
		r, g, b = r+float32(vy*rr), g+float32(vy*gg), b+float32(vy*bb)
	}
	return round(r), round(g), round(b)
}

// edge repeats the picture's last pixel for the part of the kernel that
// reaches over its border; the crop itself never does.
func (t taker) edge(x0, y0 int, wx, wy []float32) (uint8, uint8, uint8) {
	w, h := t.src.Rect.Dx(), t.src.Rect.Dy()
	var r, g, b float32
	for j, vy := range wy {
		y := min(max(y0+j, 0), h-1)
		for i, vx := range wx {
			p := t.src.Pix[y*t.src.Stride+4*min(max(x0+i, 0), w-1):]
			k := vx * vy
			r, g, b = r+float32(k*float32(p[0])), g+float32(k*float32(p[1])), b+float32(k*float32(p[2]))
		}
	}
	return round(r), round(g), round(b)
}

func round(v float32) uint8 { return uint8(min(max(v+0.5, 0), 255)) }

// kernel holds the weights of all phases between two pixels.
type kernel struct {
	taps    int
	weights [][]float32
}

const phases = 128

func newKernel(scale float64) kernel {
	k := kernel{taps: 2 * int(math.Ceil(2*scale)), weights: make([][]float32, phases+1)}
	for i := range k.weights {
		k.weights[i] = k.phase(float64(i)/phases, scale)
	}
	return k
}

// phase gives the weights of the taps around a point that lies the share p
// between the two middle taps; they sum up to one.
func (k kernel) phase(p, scale float64) []float32 {
	w, sum := make([]float32, k.taps), 0.0
	for i := range w {
		v := catmullRom((float64(i-k.taps/2+1) - p) / scale)
		w[i] = float32(v)
		sum += v
	}
	for i := range w {
		w[i] /= float32(sum)
	}
	return w
}

// at gives the first tap and the weights for a point.
func (k kernel) at(v float64) (first int, weights []float32) {
	whole := math.Floor(v)
	return int(whole) - k.taps/2 + 1, k.weights[int((v-whole)*phases+0.5)]
}

func catmullRom(t float64) float64 {
	t = math.Abs(t)
	switch {
	case t < 1:
		return float64((float64(1.5*t)-2.5)*t*t) + 1
	case t < 2:
		return float64((float64((float64(-0.5*t)+2.5)*t)-4)*t) + 2
	}
	return 0
}
