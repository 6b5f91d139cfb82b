// SPDX-License-Identifier: EUPL-1.2

package booth

import (
	"image"
	"math"
	"slices"

	"github.com/fotobox-project/fotobox/image/pixel"
)

// What a wall may show, as natural logarithms of the ratio to the empty scene.
const (
	mostStep  = 0.06 // between neighbours: 6 % a cell, a soft shadow's edge
	mostHue   = 0.12 // of a channel against the luminance
	hueStep   = 0.05 // of that between neighbours
	deepest   = 0.7  // darkest and lightest wall against its median: half, and double
	noiseSafe = 4    // standard deviations of the scene's noise that are no step
	noiseMost = 0.12 // of the picture's own noise that is believed to be noise
	shadowMax = 0.7  // a shadow with a hard edge leaves at least half of the light,
	shadowMin = 0.02 // and takes some of it,
	shadowHue = 0.06 // has the wall's hue
	smoothMax = 0.02 // and no texture: the deviation over 3 x 3 cells
)

// trial is one comparison under way. All arrays are cells.
type trial struct {
	scene *Scene
	now   grid
	x, y  []float32 // place in the frame of the eyes
	ratio []float32 // log of the luminance against the empty scene
	hue   [2][]float32
	step  []float32 // largest step of ratio that noise explains
	wall  []bool
	level0,
	hue0, hue1 float32 // medians over the wall around the person
}

// floor keeps the ratio of dark cells finite: a thousandth of white.
const floor = 1. / 1024

func newTrial(s *Scene, now grid, eyes pixel.Frame, size image.Point) *trial {
	all := make([]float32, 6*cells)
	part := func(k int) []float32 { return all[k*cells : (k+1)*cells] }
	t := &trial{
		scene: s, now: now, wall: make([]bool, cells),
		x: part(0), y: part(1), ratio: part(2), hue: [2][]float32{part(3), part(4)}, step: part(5),
	}
	was := s.light()
	wide, high := float64(size.X)/Columns, float64(size.Y)/Rows
	for o := range cells {
		x, y := eyes.From(float64((float64(o%Columns)+0.5)*wide), float64((float64(o/Columns)+0.5)*high))
		t.x[o], t.y[o] = float32(x), float32(y)
		light := logRatio(now.luminance(o), was.luminance(o))
		t.ratio[o] = light
		t.hue[0][o] = logRatio(now.c[0][o], was.Mean[0][o]) - light
		t.hue[1][o] = logRatio(now.c[2][o], was.Mean[2][o]) - light
		t.step[o] = noiseSafe * was.Noise[o] / (was.luminance(o) + floor)
	}
	return t
}

func logRatio(now, was float32) float32 {
	return float32(math.Log(float64((now + floor) / (was + floor))))
}

// Parts of the picture by the frame of the eyes. A generous oval holds head and
// hair; below the chin stands the body.
func (t *trial) apart(o int) bool { // neither head, hair nor body
	x, y := t.x[o], t.y[o]
	return y < 0.9 && outside(x, y, 2, 2.9)
}

func (t *trial) aside(o int) bool { // not the head, perhaps hair
	x, y := t.x[o], t.y[o]
	return y < 1.2 && outside(x, y, 1.35, 2.2)
}

// outside tells whether a place lies outside of the oval of that width and height.
func outside(x, y, wide, high float32) bool {
	x, y = x/wide, y/high
	return float32(x*x)+float32(y*y) > 1
}

func (t *trial) near(o int) bool { // where a head throws its shadow
	x, y := t.x[o], t.y[o]
	return t.aside(o) && !outside(x, y, 2.6, 3.2)
}

// level finds the light of the wall: the median of what lies apart.
func (t *trial) level() bool {
	var ratio, hue, hue1 []float32
	for o := range cells {
		if t.apart(o) {
			ratio, hue, hue1 = append(ratio, t.ratio[o]), append(hue, t.hue[0][o]), append(hue1, t.hue[1][o])
		}
	}
	if len(ratio) < cells/50 {
		return false
	}
	t.level0 = float32(percentile(ratio, 0.5))
	t.hue0, t.hue1 = float32(percentile(hue, 0.5)), float32(percentile(hue1, 0.5))
	return true
}

// calm raises what counts as a step by the picture's own noise, told from the
// differences between neighbours: a camera that turns its gain up is no pattern.
func (t *trial) calm() {
	var steps []float32
	for o := range cells {
		if t.apart(o) && o%Columns > 0 {
			steps = append(steps, abs(t.ratio[o]-t.ratio[o-1]))
		}
	}
	const deviations = 3 / 0.674 // of a normal distribution, from the median
	safe := min(float32(deviations*percentile(steps, 0.5)), noiseMost)
	for o := range t.step {
		t.step[o] += safe
	}
}

// fill closes holes of a cell, which noise left.
func (t *trial) fill() {
	was := slices.Clone(t.wall)
	for o := range cells {
		if was[o] || !t.like(o) {
			continue
		}
		holds := 0
		for _, m := range around(o) {
			if m >= 0 && was[m] {
				holds++
			}
		}
		t.wall[o] = holds >= 6
	}
}

// like tells whether a cell may be the wall by itself.
func (t *trial) like(o int) bool {
	safe := t.step[o]
	return abs(t.ratio[o]-t.level0) < deepest && t.tint(o) < mostHue+safe
}

// tint is how far the cell's hue is from the wall's.
func (t *trial) tint(o int) float32 {
	return max(abs(t.hue[0][o]-t.hue0), abs(t.hue[1][o]-t.hue1))
}

// spread grows the wall from the cells apart, over small steps only.
func (t *trial) spread() {
	var queue []int
	for o := range cells {
		edge := o%Columns == 0 || o%Columns == Columns-1 || o/Columns == 0
		if edge && t.apart(o) && t.like(o) && abs(t.ratio[o]-t.level0) < deepest/2 {
			t.wall[o] = true
			queue = append(queue, o)
		}
	}
	for len(queue) > 0 {
		o := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		for _, n := range beside(o) {
			if n >= 0 && !t.wall[n] && t.like(n) && t.small(o, n) {
				t.wall[n] = true
				queue = append(queue, n)
			}
		}
	}
}

func (t *trial) small(o, n int) bool {
	safe := t.step[n]
	return abs(t.ratio[o]-t.ratio[n]) < mostStep+safe &&
		max(abs(t.hue[0][o]-t.hue[0][n]), abs(t.hue[1][o]-t.hue[1][n])) < hueStep+safe
}

// shade adds shadows with hard edges: beside the head, darker than the wall, of
// its hue and as smooth as it. Hair and clothes have texture or another hue.
func (t *trial) shade() {
	for o := range cells {
		dark := t.level0 - t.ratio[o]
		if !t.wall[o] && t.aside(o) && dark > shadowMin && dark < shadowMax && t.tint(o) < shadowHue+t.step[o] {
			t.wall[o] = t.roughness(o) < smoothMax+t.step[o]
		}
	}
}

// roughness is the deviation of the ratio over 3 x 3 cells.
func (t *trial) roughness(o int) float32 {
	var sum, squares, n float32
	for _, m := range around(o) {
		if m >= 0 {
			v := t.ratio[m] - t.ratio[o]
			sum, squares, n = sum+v, squares+float32(v*v), n+1
		}
	}
	return float32(math.Sqrt(float64(max(0, squares/n-float32(sum*sum)/(n*n)))))
}

func abs(v float32) float32 { return max(v, -v) }
