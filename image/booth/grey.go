// SPDX-License-Identifier: EUPL-1.2

package booth

import (
	"errors"
	"image"
	"math"
)

// Bounds of what is taken for a grey card.
const (
	cardEven   = 0.10 // change of its light against the middle, share
	cardLeast  = 10   // cells along its shorter side: a card of 8 cm at a head's place
	cardMost   = 0.7  // of the picture's width and height
	cardFull   = 0.75 // share of its bounding box that it fills: turned by up to 10 degrees
	cardDark   = 0.02 // linear; darker is black
	cardColour = 1.6  // largest channel over the smallest: no lamp for photos is so coloured
)

// Sentences that a person at the station can act on.
var (
	errNoCard    = errors.New("no grey card is seen in the middle of the picture; hold it flat before the wall, at the height of a face, and let nothing cover it")
	errCardBurnt = errors.New("the grey card is burnt out; turn it out of the lamps' reflection, or turn the lamps down")
	errCardDark  = errors.New("the grey card is too dark to measure by; switch the lamps on")
	errNotGrey   = errors.New("the card in the middle of the picture is not grey")
)

// Card finds the grey card in the middle of the camera's picture and gives the
// white balance that makes it grey. The mean over several pictures is the caller's
// to take: one still holds thousands of the card's pixels.
func Card(img image.Image) (*Grey, error) {
	if err := alike(img.Bounds().Size()); err != nil {
		return nil, err
	}
	g := sampled(img)
	card := g.card()
	box := bounds(card)
	if err := fits(card, box); err != nil {
		return nil, err
	}
	mean := g.mean(shrunk(card))
	low, high := min(mean[0], mean[1], mean[2]), max(mean[0], mean[1], mean[2])
	switch {
	case high >= clipped:
		return nil, errCardBurnt
	case low < cardDark:
		return nil, errCardDark
	case high/low > cardColour:
		return nil, errNotGrey
	}
	return &Grey{Gains: [3]float64{mean[1] / mean[0], 1, mean[1] / mean[2]}, Card: box}, nil
}

// card grows from the middle over all that looks alike.
func (g grid) card() []bool {
	middle := Rows/2*Columns + Columns/2
	var want [3]float32
	for k := range want {
		for _, o := range around(middle) {
			want[k] += g.c[k][o] / 9
		}
	}
	alike := func(o int) bool {
		for k, w := range want {
			if abs(g.c[k][o]-w) > float32(cardEven*w)+floor {
				return false
			}
		}
		return true
	}
	card := make([]bool, cells)
	card[middle] = true
	for queue := []int{middle}; len(queue) > 0; {
		o := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		for _, n := range beside(o) {
			if n >= 0 && !card[n] && alike(n) {
				card[n] = true
				queue = append(queue, n)
			}
		}
	}
	return card
}

// bounds is the smallest rectangle around the mask.
func bounds(mask []bool) (r image.Rectangle) {
	for o, in := range mask {
		if in {
			i, j := o%Columns, o/Columns
			r = r.Union(image.Rect(i, j, i+1, j+1))
		}
	}
	return r
}

// fits refuses what has not the shape of a card.
func fits(mask []bool, box image.Rectangle) error {
	area := 0
	for _, in := range mask {
		if in {
			area++
		}
	}
	w, h := box.Dx(), box.Dy()
	if min(w, h) < cardLeast || float64(w) > cardMost*Columns || float64(h) > cardMost*Rows || float64(area) < cardFull*float64(w*h) {
		return errNoCard
	}
	return nil
}

// mean is the light of the masked cells.
func (g grid) mean(mask []bool) (mean [3]float64) {
	var n float64
	for o, in := range mask {
		if in {
			n++
			for k := range mean {
				mean[k] += float64(g.c[k][o])
			}
		}
	}
	for k := range mean {
		mean[k] /= math.Max(n, 1)
	}
	return mean
}
