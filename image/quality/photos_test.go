// SPDX-License-Identifier: EUPL-1.2

package quality

import (
	"cmp"
	"flag"
	"math"
	"slices"
	"testing"

	"github.com/fotobox-project/fotobox/image/phototest"
)

// every thins the photos out: an ordinary run only looks whether the measures still
// work. The figures in the documents come from -every 1.
var every = flag.Int("every", 15, "measure one photo of so many")

// TestMarks compares eyes, lips and chin with points placed by hand.
func TestMarks(t *testing.T) {
	var ied, lips, chin []float64
	for _, p := range phototest.Where(t, *every, func(p phototest.Photo) bool { return p.Marks != nil }) {
		photo := p.Picture(t)
		m := New(photo.Image, faces(t, photo.Image)).marks()
		mid := func(a, b string) point {
			return middle(point{p.Marks[a].X, p.Marks[a].Y}, point{p.Marks[b].X, p.Marks[b].Y})
		}
		unit := mid("eye_l_outer", "eye_l_inner").to(mid("eye_r_outer", "eye_r_inner"))
		ied = append(ied, m.ied()/unit)
		lips = append(lips, (m.lips.y-mid("lip_upper_bottom", "lip_lower_top").y)/unit)
		chin = append(chin, (m.chin.y-p.Marks["chin"].Y)/unit)
	}
	scatter(t, "distance of the eyes", ied, 1, 0.03)
	scatter(t, "lips, IED", lips, 0, 0.04)
	scatter(t, "chin, IED", chin, 0, 0.12)
}

func scatter(t *testing.T, name string, v []float64, want, bound float64) {
	t.Helper()
	var mean, square float64
	for _, x := range v {
		mean += x / float64(len(v))
	}
	for _, x := range v {
		square += (x - mean) * (x - mean) / float64(len(v))
	}
	t.Logf("%s: mean %.3f, deviation %.3f of %d", name, mean, math.Sqrt(square), len(v))
	if math.Abs(mean-want) > bound || math.Sqrt(square) > bound {
		t.Errorf("%s: mean %.3f, deviation %.3f; want %g within %g", name, mean, math.Sqrt(square), want, bound)
	}
}

// TestBackgrounds: plain walls score high and busy scenes low, whoever stands before them.
func TestBackgrounds(t *testing.T) {
	for _, tt := range []struct {
		name  string
		plain bool
	}{
		{"london-002-03.jpg", true},
		{"london-043-03.jpg", true}, // the darkest skin among them
		{"ukho-photoguide-image-m1-plain.jpg", true},
		{"congress-mary-miller.jpg", false}, // flags
		{"azure-identification1.jpg", false},
	} {
		if phototest.UnderRace && tt.plain {
			continue
		}
		photo := phototest.List(t, 1, tt.name)[0].Picture(t)
		native, err := backgroundUniformity().Native(New(photo.Image, faces(t, photo.Image)))
		t.Logf("%s: %.1f", tt.name, native)
		if err != nil || tt.plain && native > 45 || !tt.plain && native < 120 {
			t.Errorf("%s: %.1f, %v; plain %t", tt.name, native, err, tt.plain)
		}
	}
}

// TestSkin measures evenly lit, neutral faces and prints the medians of the darker
// and the lighter third. What depends on the light alone must be good for all.
func TestSkin(t *testing.T) {
	sitters := phototest.List(t, *every, "london-[01]*")
	if phototest.UnderRace {
		sitters = sitters[:1]
	}
	var all [][]Result
	uneven := 0
	for _, p := range sitters {
		photo := p.Picture(t)
		r := Evaluate(New(photo.Image, faces(t, photo.Image)))
		all = append(all, r)
		for _, m := range r {
			if m.Name == "FourSquares" && m.Met != nil && !*m.Met {
				uneven++
			}
			bad := m.Met != nil && !*m.Met && m.Name != "FourSquares"
			if bad || m.Score != nil && *m.Score < 90 && (m.Name == "NaturalColour" || m.Name == "OverExposurePrevention") {
				t.Errorf("%s: %s is %g", p.Name, m.Name, *m.Native)
			}
		}
	}
	t.Logf("%d of %d miss the limit of FourSquares", uneven, len(all))
	const byLight = 3 // LuminanceMean
	slices.SortFunc(all, func(a, b []Result) int { return cmp.Compare(*a[byLight].Native, *b[byLight].Native) })
	n := len(all)/3 + 1
	for i, m := range All() {
		if m.Native != nil && all[0][i].Native != nil {
			t.Logf("%-28s darker third %8.3f, lighter third %8.3f", m.Name, median(all[:n], i), median(all[len(all)-n:], i))
		}
	}
}

func median(list [][]Result, measure int) float64 {
	var v []float64
	for _, r := range list {
		v = append(v, *r[measure].Native)
	}
	slices.Sort(v)
	return v[len(v)/2]
}
