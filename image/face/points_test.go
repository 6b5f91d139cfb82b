// SPDX-License-Identifier: EUPL-1.2

package face

import (
	"fmt"
	"image"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/fotobox-project/fotobox/image/phototest"
	"github.com/fotobox-project/fotobox/image/pixel"
)

// The errors of each point against the hand-placed ones, in % of the IED.
type errorTable map[string][]float64

func (e errorTable) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n%-34s %4s %7s %7s %7s %7s", "% of the IED", "n", "median", "90 %", "95 %", "worst")
	for _, name := range slices.Sorted(maps.Keys(e)) {
		v := e[name]
		fmt.Fprintf(&b, "\n%-34s %4d", name, len(v))
		for _, q := range []float64{0.5, 0.9, 0.95, 1} {
			fmt.Fprintf(&b, " %7.2f", quantile(v, q))
		}
	}
	return b.String()
}

func TestPointsAgainstHandPlacedOnes(t *testing.T) {
	files := photos(t, func(p phototest.Photo) bool { return p.Marks != nil })
	for name, search := range searches(finder(t)) {
		t.Run(name, func(t *testing.T) {
			all := searched(t, files, search)
			table := errorTable{}
			for _, p := range all {
				if len(p.faces) > 0 {
					table.add(p)
				}
			}
			table.addDarkest(all)
			t.Log(table)
			wants(t, table, "pupils", 2.5, 6)
			wants(t, table, "pupils, darkest sixth", 2.5, 6)
			wants(t, table, "inner corners", 2.5, 6)
			wants(t, table, "outer corners", 2.5, 6)
			wants(t, table, "mouth corners", 2.5, 6)
			wants(t, table, "lip, top", 2.5, 6)
			wants(t, table, "lip, bottom", 3.5, 8)
			wants(t, table, "nose + 0.18 down, to subnasale", 3, 7)
			wants(t, table, "spread of the pupils", 1.5, 4)
		})
	}
}

func wants(t *testing.T, table errorTable, name string, median, most float64) {
	t.Helper()
	v := table[name]
	if m, q := quantile(v, 0.5), quantile(v, 0.95); !(m <= median && q <= most) {
		t.Errorf("%s: median %.2f %%, 95 %% below %.2f %% of the IED; want %.1f and %.1f", name, m, q, median, most)
	}
}

func (e errorTable) add(p photo) {
	f, ied := p.faces[0], p.Marks.IED()
	put := func(name string, got, want Point) { e[name] = append(e[name], 100*distance(got, want)/ied) }
	for _, group := range []string{"pupils", "pupils, " + p.Set()} {
		put(group, f.EyeLeft, p.mark("eye_l"))
		put(group, f.EyeRight, p.mark("eye_r"))
	}
	put("inner corners", f.InnerLeft, p.mark("eye_l_inner"))
	put("inner corners", f.InnerRight, p.mark("eye_r_inner"))
	put("outer corners", f.OuterLeft, p.mark("eye_l_outer"))
	put("outer corners", f.OuterRight, p.mark("eye_r_outer"))
	put("mouth corners", f.MouthLeft, p.mark("mouth_l"))
	put("mouth corners", f.MouthRight, p.mark("mouth_r"))
	// the upper lip's mark stands on one peak of the Cupid's bow: take its height only
	put("lip, top", f.LipTop, Point{X: p.mark("lip_upper_bottom").X, Y: p.mark("lip_upper_top").Y})
	put("lip, bottom", f.LipBottom, p.mark("lip_lower_bottom"))
	down := start{}.turned(f.roll())
	put("nose + 0.10 down, to nostrils", f.Nose.moved(down, 0, 0.10*ied), between(p.mark("nostril_l"), p.mark("nostril_r")))
	put("nose + 0.18 down, to subnasale", f.Nose.moved(down, 0, 0.18*ied), p.mark("subnasale"))
	e["spread of the pupils"] = append(e["spread of the pupils"], 100*f.Spread())
}

// addDarkest sets apart the sixth of the London sitters with the darkest cheeks.
func (e errorTable) addDarkest(all []photo) {
	var sitters []photo
	var skin []float64
	for _, p := range all {
		if p.Set() == "london" && len(p.faces) > 0 {
			sitters, skin = append(sitters, p), append(skin, cheeks(p))
		}
	}
	limit := quantile(slices.Clone(skin), 1./6)
	for i, p := range sitters {
		if skin[i] <= limit {
			part := errorTable{}
			part.add(p)
			e["pupils, darkest sixth"] = append(e["pupils, darkest sixth"], part["pupils"]...)
		}
	}
}

// cheeks is the mean luma of two squares below the eyes.
func cheeks(p photo) (sum float64) {
	f := p.faces[0]
	for _, eye := range []Point{f.EyeLeft, f.EyeRight} {
		x, y, half := int(eye.X), int(eye.Y+0.5*f.IED()), int(0.1*f.IED())
		g := pixel.Region(p.picture, image.Rect(x-half, y-half, x+half, y+half), float64(2*half))
		sum += float64(g.Pix[0]) / 2
	}
	return sum
}

func TestFaceMeasures(t *testing.T) {
	f := Face{EyeLeft: Point{X: 10, Y: 20, Spread: 2}, EyeRight: Point{X: 40, Y: 60, Spread: 5}}
	if f.IED() != 50 || f.Spread() != 0.1 {
		t.Errorf("IED %v, spread %v; want 50 and 0.1", f.IED(), f.Spread())
	}
	if got, want := f.Roll(), math.Atan2(4, 3)*180/math.Pi; math.Abs(got-want) > 1e-9 {
		t.Errorf("roll %v; want %v, clockwise", got, want)
	}
	if !math.IsInf(Face{}.Spread(), 1) {
		t.Errorf("spread of a face without eyes: %v; want +Inf", Face{}.Spread())
	}
}
