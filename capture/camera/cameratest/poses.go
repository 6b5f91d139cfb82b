// SPDX-License-Identifier: EUPL-1.2

package cameratest

import (
	"image"
	"math"
	"sync"
)

const (
	loopPoses        = 16 // from the sitter's own pose to both sides
	poseTicks        = 4  // frames that a pose is shown
	posesBeforeStill = 5  // the base of the stills is rendered after so many
)

// poses is a loop of rendered poses without noise, and two states of a blink; it grows while it is shown.
type poses struct {
	mu     sync.Mutex
	loop   []*image.NRGBA
	half   *image.NRGBA
	closed *image.NRGBA
	busy   sync.Mutex // one renders at a time
}

// render renders the next picture that is missing and says whether there was one.
func (p *poses) render(s Sitter) bool {
	p.busy.Lock()
	defer p.busy.Unlock()
	n := p.ready()
	switch {
	case n == posesBeforeStill && p.half == nil:
		p.set(&p.half, blinking(s, .45))
		p.set(&p.closed, blinking(s, 0))
	case n < loopPoses:
		img := preview(posed(s, n))
		p.mu.Lock()
		p.loop = append(p.loop, img)
		p.mu.Unlock()
	default:
		return false
	}
	return true
}

func preview(s Sitter) *image.NRGBA {
	img, _ := s.clean(newView(s, previewSize()))
	return img
}

// posed is the sitter in the nth pose of the loop; the first is its own.
func posed(s Sitter, n int) Sitter {
	a := 2 * math.Pi * float64(n) / loopPoses
	s.Yaw += 1.1 * math.Sin(a)
	s.Pitch += .5 * math.Sin(2*a)
	s.Roll += .5 * math.Sin(a)
	s.X += .003 * math.Sin(a)
	s.Y += .0015 * math.Sin(2*a)
	return s
}

func blinking(s Sitter, open float64) *image.NRGBA {
	s.Eyes *= open
	return preview(s)
}

func (p *poses) set(at **image.NRGBA, img *image.NRGBA) {
	p.mu.Lock()
	defer p.mu.Unlock()
	*at = img
}

// ready is the number of poses that are rendered.
func (p *poses) ready() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.loop)
}

// sway is the way to and fro through the poses, with a blink at each return to the first.
type sway struct {
	pose, back int // back is 1 on the way back
	tick       int
	blink      int // frames of the blink that are left
}

// next is the picture for the next frame.
func (s *sway) next(p *poses) *image.NRGBA {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed == nil {
		s.blink = 0
	}
	if s.blink > 0 {
		s.blink--
		if s.blink == 0 || s.blink == 4 {
			return p.half
		}
		return p.closed
	}
	img := p.loop[s.pose]
	if s.tick++; s.tick%poseTicks == 0 {
		s.step(len(p.loop))
	}
	return img
}

func (s *sway) step(poses int) {
	switch {
	case s.back == 0 && s.pose+1 < poses:
		s.pose++
	case s.pose > 0:
		s.back = 1
		s.pose--
	}
	if s.back == 1 && s.pose == 0 {
		s.back = 0
		s.blink = 5
	}
}
