// SPDX-License-Identifier: EUPL-1.2

package face

import (
	"bytes"
	"math"
	"math/rand/v2"
	"testing"

	pigo "github.com/esimov/pigo/core"
	"github.com/google/go-cmp/cmp"

	"github.com/fotobox-project/fotobox/image/pixel"
)

func cascade(t testing.TB, name string) []byte {
	t.Helper()
	data, err := cascades.ReadFile("cascade/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// noise is a picture of coarse random spots, which leads searches everywhere.
func noise(w, h int, seed uint64) *pixel.Gray {
	random := rand.New(rand.NewPCG(seed, 1))
	spots := make([]uint8, 400)
	for i := range spots {
		spots[i] = uint8(random.Uint32())
	}
	g := &pixel.Gray{Pix: make([]uint8, w*h), W: w, H: h}
	for i := range g.Pix {
		x, y := i%w, i/w
		g.Pix[i] = spots[(y/9%20)*20+x/9%20]/2 + uint8(random.Uint32N(120))
	}
	return g
}

// Upright, our run time gives the windows and scores of pigo's.
func TestDetectorAgreesWithPigo(t *testing.T) {
	data := cascade(t, "facefinder")
	d, err := parseDetector(data)
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := pigo.NewPigo().Unpack(bytes.Clone(data))
	if err != nil {
		t.Fatal(err)
	}
	agree := func(name string, g *pixel.Gray) {
		var want []window
		for _, w := range theirs.RunCascade(pigo.CascadeParams{
			MinSize: 21, MaxSize: 10000, ShiftFactor: 0.1, ScaleFactor: 1.1,
			ImageParams: pigo.ImageParams{Pixels: g.Pix, Rows: g.H, Cols: g.W, Dim: g.W},
		}, 0) {
			if 2*(w.Scale/2+1) <= min(g.W, g.H) {
				want = append(want, window{x: float64(w.Col), y: float64(w.Row), size: float64(w.Scale), score: float64(w.Q)})
			}
		}
		near := cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) < 1e-6 })
		if diff := cmp.Diff(want, d.detect(g, 21, 0, coarse()), cmp.AllowUnexported(window{}), near); diff != "" {
			t.Errorf("%s: windows (-pigo +ours):\n%s", name, diff)
		}
		t.Logf("%s: %d windows", name, len(want))
	}
	agree("noise", noise(160, 120, 1))
	agree("high noise", noise(97, 143, 2))
	g, _ := pixel.Luma(portrait(t), 200) // last, since it is skipped where there are no photos
	agree("portrait", g)
}

func TestParseDetectorRefusesDamage(t *testing.T) {
	whole := cascade(t, "facefinder")
	deep, many, wild := bytes.Clone(whole), bytes.Clone(whole), bytes.Clone(whole)
	deep[8], many[14] = 31, 0xff
	copy(wild[16+4*63:], []byte{0, 0, 0xc0, 0x7f}) // the first leaf: not a number
	for name, data := range map[string][]byte{
		"nothing": nil, "cut short": whole[:len(whole)-1], "too long": append(bytes.Clone(whole), 0),
		"only a header": whole[:16], "trees of depth 31": deep, "16 million trees": many, "NaN in a leaf": wild,
	} {
		if _, err := parseDetector(data); err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
}

// smallDetector is a valid cascade of two trees of depth 2.
func smallDetector() []byte {
	data := append(make([]byte, 8), 2, 0, 0, 0, 2, 0, 0, 0)
	for range 2 {
		data = append(data, 10, 20, 246, 226, 128, 127, 127, 128, 0, 5, 9, 200)
		data = append(data, bytes.Repeat([]byte{0, 0, 128, 63}, 4)...) // leaves of 1
		data = append(data, 0, 0, 0, 191)                              // threshold -0.5
	}
	return data
}

func FuzzParseDetector(f *testing.F) {
	f.Add(smallDetector())
	f.Add(smallDetector()[:40])
	f.Add([]byte{})
	picture := noise(48, 36, 3)
	f.Fuzz(func(t *testing.T, data []byte) {
		d, err := parseDetector(data)
		if err != nil {
			return
		}
		for _, roll := range []float64{0, -tilt, tilt, 2} {
			d.detect(picture, leastBox, roll, coarse())
		}
	})
}
