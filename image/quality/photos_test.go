// SPDX-License-Identifier: EUPL-1.2

package quality

import (
	"cmp"
	"encoding/csv"
	"flag"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/fotobox-project/fotobox/image/pixel"
)

// photoFolder lies beside the repository; it is not part of it.
const photoFolder = "../../../shared/photos"

// every thins the photos out: an ordinary run only looks whether the measures still
// work. The figures in the documents come from -every 1.
var every = flag.Int("every", 15, "measure one photo of so many")

// hand gives the points placed by hand, by photo and name.
func hand(t *testing.T) map[string]map[string]point {
	t.Helper()
	file, err := os.Open(filepath.Join(photoFolder, "LANDMARKS.csv"))
	if err != nil {
		t.Skipf("the test photos are not here: %v", err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]map[string]point{}
	for _, row := range rows[1:] {
		places := map[string]point{}
		for i := 1; i+1 < len(row); i += 2 {
			x, _ := strconv.ParseFloat(row[i], 64)
			y, _ := strconv.ParseFloat(row[i+1], 64)
			places[rows[0][i][:len(rows[0][i])-2]] = point{x, y}
		}
		all[row[0]] = places
	}
	return all
}

func load(t *testing.T, name string) pixel.Picture {
	t.Helper()
	file, err := os.Open(filepath.Join(photoFolder, name))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	photo, err := pixel.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	return photo
}

// TestMarks compares eyes, lips and chin with points placed by hand.
func TestMarks(t *testing.T) {
	all := hand(t)
	var names []string
	for name := range all {
		names = append(names, name)
	}
	slices.Sort(names)
	var ied, lips, chin []float64
	for i := 0; i < len(names); i += *every {
		photo, at := load(t, names[i]), all[names[i]]
		m := New(photo.Image, faces(t, photo.Image)).marks()
		l, r := middle(at["eye_l_outer"], at["eye_l_inner"]), middle(at["eye_r_outer"], at["eye_r_inner"])
		unit := l.to(r)
		ied = append(ied, m.ied()/unit)
		lips = append(lips, (m.lips.y-middle(at["lip_upper_bottom"], at["lip_lower_top"]).y)/unit)
		chin = append(chin, (m.chin.y-at["chin"].y)/unit)
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
	hand(t) // or skip
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
		if underRace && tt.plain {
			continue
		}
		photo := load(t, tt.name)
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
	names, err := filepath.Glob(filepath.Join(photoFolder, "london-[01]*"))
	if err != nil || len(names) == 0 {
		t.Skip("the test photos are not here")
	}
	var all [][]Result
	uneven := 0
	for i := 0; i < len(names) && !(underRace && i > 0); i += *every {
		photo := load(t, filepath.Base(names[i]))
		r := Evaluate(New(photo.Image, faces(t, photo.Image)))
		all = append(all, r)
		for _, m := range r {
			if m.Name == "FourSquares" && m.Met != nil && !*m.Met {
				uneven++
			}
			bad := m.Met != nil && !*m.Met && m.Name != "FourSquares"
			if bad || m.Score != nil && *m.Score < 90 && (m.Name == "NaturalColour" || m.Name == "OverExposurePrevention") {
				t.Errorf("%s: %s is %g", names[i], m.Name, *m.Native)
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
