// SPDX-License-Identifier: EUPL-1.2

package rule

import "math"

func background() Rule {
	return Rule{
		ID: "4.1", Name: "background", Clause: "7.2.6, A.2.4.3", Unit: "levels", Scatter: 1.5,
		Method: "How far the background beside and above the head departs from an even wall, root of the mean square over red, green " +
			"and blue, exceeded by a tenth of it. The wall may darken by 10 levels per inter-eye distance downwards or upwards, by 2 to the side; hair that stands out does not count. " +
			"Where the empty scene is known, the even wall is that one in the photo's light.",
		Measure: func(p *Picture) (float64, error) {
			w, err := p.background()
			if err != nil {
				return 0, err
			}
			var off []float32
			for _, o := range w.seen {
				c := w.lit(o)
				r, g, b := float64(w.patch.R[o])-c[0], float64(w.patch.G[o])-c[1], float64(w.patch.B[o])-c[2]
				off = append(off, float32(math.Sqrt((r*r+g*g+b*b)/3)))
			}
			return percentile(off, 0.9), nil
		},
	}
}

// background gives the wall when enough of it is seen.
func (p *Picture) background() (wall, error) {
	if _, err := p.clearFace(); err != nil {
		return wall{}, err
	}
	if w := p.wall(); w.lit != nil {
		return w, nil
	}
	return wall{}, errNoWall
}
