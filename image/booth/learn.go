// SPDX-License-Identifier: EUPL-1.2

package booth

import (
	"errors"
	"fmt"
	"image"
	"math"
)

// MinPictures is how many pictures of the empty scene are needed: fewer say
// nothing about its noise.
const MinPictures = 3

// Bounds of what is accepted as an empty scene.
const (
	mostDrift  = 0.05  // change of the whole picture's light between pictures, share
	mostMoving = 0.01  // share of cells that change by more than a tenth
	moving     = 0.10  // of their light, and
	movingDark = 0.01  // of white
	mostBurnt  = 0.02  // share of cells that are burnt out
	darkest    = 0.10  // median luminance: two stops below the darkest recommended background
	mostThing  = 0.05  // share of the middle of the scene that is not the wall
	wallStep   = 0.08  // change of a wall's light from cell to cell, logarithm
	wallRange  = 0.9   // and against its median
	leastNoise = 0.001 // linear, below which noise is not believed: 8-bit values have that much rounding
)

// Learn makes the scene's entry for one pattern of the lamps from pictures of the
// empty scene, stills of the camera. It refuses pictures that differ, that are too
// dark or burnt out, and scenes in which something stands before the wall. Whether
// a face is in them is the caller's to ask.
func Learn(name string, pictures []image.Image) (Lamp, error) {
	if len(pictures) < MinPictures {
		return Lamp{}, fmt.Errorf("learn the empty scene: %d pictures, %d are needed", len(pictures), MinPictures)
	}
	var grids []grid
	for _, img := range pictures {
		if err := alike(img.Bounds().Size()); err != nil {
			return Lamp{}, err
		}
		grids = append(grids, sampled(img))
	}
	l := average(name, grids)
	for _, g := range grids {
		if err := l.steady(g); err != nil {
			return Lamp{}, err
		}
	}
	return l, l.check()
}

func average(name string, grids []grid) Lamp {
	mean := newGrid()
	l := Lamp{Name: name, Mean: mean.c, Noise: make([]float32, cells)}
	n := float32(len(grids))
	for o := range cells {
		for k := range l.Mean {
			for _, g := range grids {
				l.Mean[k][o] += g.c[k][o] / n
			}
		}
		var squares float32
		for _, g := range grids {
			d := g.luminance(o) - l.luminance(o)
			squares += float32(d * d)
		}
		l.Noise[o] = max(leastNoise, float32(math.Sqrt(float64(squares/(n-1)))))
	}
	return l
}

// Sentences that a person at the station can act on.
var (
	errFlicker = errors.New("the light changed between the pictures; wait until the lamps are warm, and shut out sun and flicker")
	errMoving  = errors.New("something moved between the pictures; step out of the picture and keep the camera still")
	errDark    = errors.New("the scene is too dark; switch the lamps on and take the cap off the lens")
	errBurnt   = errors.New("the wall is burnt out; turn lamps or exposure down")
	errThing   = errors.New("something stands before the wall; the scene must be empty: nobody, no chair, no pattern")
)

// steady refuses a picture that differs from the mean of all.
func (l *Lamp) steady(g grid) error {
	ratio := make([]float32, cells)
	moved := 0
	for o := range cells {
		was, is := l.luminance(o), g.luminance(o)
		ratio[o] = (is + floor) / (was + floor)
		if d := abs(is - was); d > moving*was && d > movingDark {
			moved++
		}
	}
	switch {
	case math.Abs(percentile(ratio, 0.5)-1) > mostDrift:
		return errFlicker
	case float64(moved)/cells > mostMoving:
		return errMoving
	}
	return nil
}

// check refuses what cannot be an empty scene.
func (l *Lamp) check() error {
	var burnt float64
	y := make([]float32, cells)
	for o := range y {
		y[o] = l.luminance(o)
		if max(l.Mean[0][o], l.Mean[1][o], l.Mean[2][o]) >= clipped {
			burnt++
		}
	}
	switch {
	case percentile(y, 0.5) < darkest:
		return errDark
	case burnt/cells > mostBurnt:
		return errBurnt
	case l.thing() > mostThing:
		return errThing
	}
	return nil
}

// thing is the share of the middle of the scene that no small steps lead to from
// above: where people stand there must be nothing but the wall.
func (l *Lamp) thing() float64 {
	wall, typical := l.walk()
	var all, other float64
	for o := range cells {
		x, y := float64(o%Columns)/Columns, float64(o/Columns)/Rows
		if x < 0.2 || x > 0.8 || y < 0.15 || y > 0.85 {
			continue
		}
		all++
		if !wall[o] || abs(l.log(o)-typical) > wallRange {
			other++
		}
	}
	return other / all
}

func (l *Lamp) log(o int) float32 { return float32(math.Log(float64(l.luminance(o) + floor))) }

// walk goes from the upper middle of the scene over small steps.
func (l *Lamp) walk() (wall []bool, typical float32) {
	wall = make([]bool, cells)
	var queue []int
	var start []float32
	for i := Columns / 5; i < Columns*4/5; i++ {
		o := Rows/20*Columns + i
		wall[o], queue, start = true, append(queue, o), append(start, l.log(o))
	}
	for len(queue) > 0 {
		o := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		for _, n := range beside(o) {
			if n >= 0 && !wall[n] && abs(l.log(o)-l.log(n)) < wallStep && l.hueStep(o, n) < wallStep {
				wall[n] = true
				queue = append(queue, n)
			}
		}
	}
	return wall, float32(percentile(start, 0.5))
}

// hueStep is the change of red and blue against the luminance between two cells.
func (l *Lamp) hueStep(o, n int) float32 {
	light := l.log(o) - l.log(n)
	return max(abs(logRatio(l.Mean[0][o], l.Mean[0][n])-light), abs(logRatio(l.Mean[2][o], l.Mean[2][n])-light))
}
