// SPDX-License-Identifier: EUPL-1.2

package rule

func background() Rule {
	return Rule{
		ID: "4.1", Name: "background", Clause: "7.2.6, A.2.4.3", Unit: "%", Scatter: 1,
		Method: "How far the background beside and above the head departs from an even wall, in percent of its brightness (sRGB levels): " +
			"in cells of a quarter of the inter-eye distance the median departure, root of the mean square over red, green and blue, exceeded by 15 in 100 cells; " +
			"the same of the cells that lie farther from the head than hair; how much the wall changes from one side of the head to the other, over 3 inter-eye distances; " +
			"and twice the contrast within a cell that half of them have. The largest counts. The even wall may change by 6 % per inter-eye distance downwards or upwards, by 3 % to the side; hair that stands out does not count. " +
			"Where the empty scene is known, the even wall is that one in the photo's light, and 8 in 100 cells may depart more.",
		Measure: func(p *Picture) (float64, error) {
			w, err := p.background()
			if err != nil {
				return 0, err
			}
			return 100 * w.uneven(), nil
		},
	}
}

// The wall is found around faces that are too small, or whose eyes are too
// uncertain, for measures inside them.
const (
	wallFace   = wallPerUnit // pixels between the eyes: one for each sample
	wallSpread = 0.15        // of the inter-eye distance: the oval of the head is that generous
)

// background gives the wall when enough of it is seen.
func (p *Picture) background() (wall, error) {
	if _, err := p.located(wallFace, wallSpread); err != nil {
		return wall{}, err
	}
	if w := p.wall(); len(w.cells) >= leastCells {
		return w, nil
	}
	return wall{}, errNoWall
}

// Cells and what is told by them.
const (
	cellSide   = 4    // samples: a strand of hair does not fill half of it, stripes show
	leastCells = 4    // a quarter of an inter-eye distance, squared
	fewOff     = 0.85 // what departs in fewer cells than the rest may be the hair's edge, an ear, a collar
	fewKnown   = 0.92 // the same where the empty scene tells the person from the wall
	patterned  = 2    // plain walls have hardly any contrast in cells, so that little of it is a pattern
	beyondHair = 1.25 // times the oval of a head, where hair is no excuse
	darkWall   = 64   // levels: below, noise and compression would count as a pattern
)

// A wall may change slowly in one direction (ICAO TR Portrait Quality 2018), as
// lamps from above let it, in shares of its brightness for each inter-eye distance.
// From side to side it is uneven light, whose fall over the width of a head with
// its hair counts by itself.
const (
	steepestDown   = 0.06
	steepestAcross = 0.03
	headWide       = 3
)

// cell is a square of the wall.
type cell struct {
	x, y float64 // middle of what is seen
	rgb  [3]float64
	at   []int // samples
}

// squares are the cells of the wall of which half or more is seen.
func (w wall) squares() (list []cell) {
	wide := (w.patch.W + cellSide - 1) / cellSide
	at := make([][]int, wide*((w.patch.H+cellSide-1)/cellSide))
	for _, o := range w.seen {
		k := o/w.patch.W/cellSide*wide + o%w.patch.W/cellSide
		at[k] = append(at[k], o)
	}
	for _, samples := range at {
		if len(samples) >= cellSide*cellSide/2 {
			list = append(list, w.cell(samples))
		}
	}
	return list
}

func (w wall) cell(samples []int) cell {
	c, n := cell{at: samples}, float64(len(samples))
	for _, o := range samples {
		x, y := w.patch.Place(o)
		c.x, c.y = c.x+x/n, c.y+y/n
	}
	for k, channel := range w.even {
		v := make([]float32, 0, cellSide*cellSide)
		for _, o := range samples {
			v = append(v, channel[o])
		}
		c.rgb[k] = percentile(v, 0.5)
	}
	return c
}

// uneven is the rule's value as a share.
func (w wall) uneven() float64 {
	few := fewOff
	if w.open == nil {
		few = fewKnown
	}
	sure := w.sure()
	even := through(sure)
	level := max(even.level(), darkWall)
	aside := even.across() * min(span(sure), headWide)
	even = even.eased(sure, steepestAcross*level, steepestDown*level)
	var off, clear, grain []float32
	for _, c := range w.cells {
		d := w.off(c, even)
		off, grain = append(off, d), append(grain, w.contrast(c))
		if away(c.x, c.y) > beyondHair*beyondHair {
			clear = append(clear, d)
		}
	}
	most := max(percentile(off, few), aside, patterned*percentile(grain, 0.5))
	if len(clear) >= leastCells {
		most = max(most, percentile(clear, few))
	}
	return most / level
}

// sure are the cells by which the even wall is found, those that are hardly hair:
// curls on one side would look like a fall of light. Where few are sure all must do.
func (w wall) sure() (list []cell) {
	for _, c := range w.cells {
		n := 0
		for _, o := range c.at {
			if w.open == nil || w.open[o] {
				n++
			}
		}
		if 2*n > len(c.at) {
			list = append(list, c)
		}
	}
	if 2*len(list) < len(w.cells) {
		return w.cells
	}
	return list
}

// off is how far a cell is from the even wall, the median of its samples.
func (w wall) off(c cell, even plane) float32 {
	v := make([]float32, 0, cellSide*cellSide)
	for _, o := range c.at {
		x, y := w.patch.Place(o)
		v = append(v, float32(even.off(x, y, [3]float64{float64(w.even[0][o]), float64(w.even[1][o]), float64(w.even[2][o])})))
	}
	return float32(percentile(v, 0.5))
}

// contrast is the range of brightness in a cell but for a tenth at both ends.
func (w wall) contrast(c cell) float32 {
	v := make([]float32, 0, cellSide*cellSide)
	for _, o := range c.at {
		v = append(v, (w.even[0][o]+w.even[1][o]+w.even[2][o])/3)
	}
	return float32(percentile(v, 0.9) - percentile(v, 0.1))
}

// span is how far to the sides the wall is seen.
func span(cells []cell) float64 {
	left, right := cells[0].x, cells[0].x
	for _, c := range cells {
		left, right = min(left, c.x), max(right, c.x)
	}
	return right - left
}
