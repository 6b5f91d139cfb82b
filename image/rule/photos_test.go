// SPDX-License-Identifier: EUPL-1.2

package rule

import (
	"flag"
	"fmt"
	"image"
	"image/color"
	"maps"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/disintegration/imaging"

	"github.com/fotobox-project/fotobox/image/face"
	"github.com/fotobox-project/fotobox/image/phototest"
	"github.com/fotobox-project/fotobox/image/pixel"
)

// every thins the photos out: an ordinary run shall be quick, also under the race
// detector, and only looks whether the measures still work. The figures in the
// documents come from -every 1.
var every = flag.Int("every", 25, "judge one photo of so many")

// sitting is one test photo.
type sitting struct {
	name   string
	traits phototest.Traits
	img    *image.NRGBA
	marks  phototest.Marks
}

// sitters reads the photos that match, with their marks if they have any.
func sitters(t testing.TB, patterns ...string) (list []sitting) {
	t.Helper()
	for _, p := range phototest.List(t, *every, patterns...) {
		img, _, err := p.Open()
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, sitting{p.Name, p.Traits, img, p.Marks})
	}
	return list
}

// reports judges every photo after it was altered, in the relative set.
func reports(t testing.TB, list []sitting, alter func(sitting) *image.NRGBA) []Report {
	t.Helper()
	finder, err := face.New()
	if err != nil {
		t.Fatal(err)
	}
	out := make([]Report, len(list))
	var wg sync.WaitGroup
	for worker := range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := worker; i < len(list); i += runtime.GOMAXPROCS(0) {
				img := alter(list[i])
				faces, err := finder.Find(img)
				if err != nil {
					t.Error(err)
				}
				p, _, _ := Cut(DePassport2025(), img, pixel.RGB24, faces)
				out[i] = Judge(p, DePassport2025().Relative())
			}
		})
	}
	wg.Wait()
	return out
}

// halved is the photo with half the pixels along each side.
func (s sitting) halved() sitting {
	marks := phototest.Marks{}
	for name, p := range s.marks {
		marks[name] = phototest.Point{X: p.X / 2, Y: p.Y / 2}
	}
	return sitting{s.name, s.traits, imaging.Resize(s.img, s.img.Rect.Dx()/2, 0, imaging.CatmullRom), marks}
}

func asIs(s sitting) *image.NRGBA { return s.img }

// finding gives the report's finding of a rule.
func (r Report) finding(id ID) Finding {
	i := slices.IndexFunc(r.Findings, func(f Finding) bool { return f.ID == id })
	return r.Findings[i]
}

// summary counts verdicts and, by rule, what lay outside and counted.
func summary(list []Report) (accepted int, line string) {
	outside := map[string]int{}
	for _, r := range list {
		if r.Verdict == Accept {
			accepted++
		}
		for f := range r.Open() {
			if !f.Advisory {
				outside[f.Advice]++
			}
		}
	}
	line = fmt.Sprintf("%d of %d accepted", accepted, len(list))
	for _, key := range slices.Sorted(maps.Keys(outside)) {
		line += fmt.Sprintf(", %s %d", key, outside[key])
	}
	return accepted, line
}

// TestPhotos accepts good photos, and rejects the same photos made bad.
func TestPhotos(t *testing.T) {
	good := sitters(t, "london-[01]*", "canada-*")
	list := reports(t, good, asIs)
	accepted, line := summary(list)
	t.Logf("neutral: %s", line)
	// Four of the Canada set stand in side light, two have curls in all of the background.
	if accepted < len(list)*90/100-1 {
		t.Errorf("neutral photos: %s; want 90 %%, or all but one", line)
	}
	for i, r := range list {
		for f := range r.Open() {
			if !f.Advisory {
				t.Logf("  %s: %s %.3f", good[i].name, f.Advice, f.Value)
			}
		}
	}
}

func TestSmiles(t *testing.T) {
	var teeth, lips []sitting
	for _, s := range sitters(t, "london-smile-*") {
		if s.traits.Has("smile-teeth") {
			teeth = append(teeth, s)
		} else {
			lips = append(lips, s)
		}
	}
	if len(teeth) == 0 {
		teeth = sitters(t, "london-smile-030-*")
	}
	caught(t, "teeth", teeth, "2.2", High, 0.9, asIs)
	accepted, line := summary(reports(t, lips, asIs))
	t.Logf("smiles with closed lips: %s", line)
	if accepted < len(lips)*9/10-1 {
		t.Errorf("smiles with closed lips: %s; want nine of ten", line)
	}
}

// TestCovered: hair over an eye is seen on the small guidance photos too, and the
// same persons with free eyes pass.
func TestCovered(t *testing.T) {
	caught(t, "hair over an eye", sitters(t, "ukho-*hair-over-eye*", "ukho-*face-hair*"), "3.2", Low, 1, asIs)
	caught(t, "free eyes", sitters(t, "ukho-*plain*", "ukho-*approved*"), "3.2", Inside, 1, asIs)
}

// TestScenes: daily life is no plain background.
func TestScenes(t *testing.T) {
	var passed, n int
	for _, r := range reports(t, sitters(t, "azure-*[a-z][0-9].jpg"), asIs) {
		n++
		if r.finding("4.1").Side == Inside {
			passed++
		}
	}
	t.Logf("%d of %d scenes pass", passed, n)
	if passed > n/10 {
		t.Errorf("%d of %d scenes pass as a plain background", passed, n)
	}
}

// TestNeutral: neutral people are not rejected for their face and its light.
func TestNeutral(t *testing.T) {
	list := reports(t, sitters(t, "london-[01]*"), asIs)
	rejected := 0
	for _, r := range list {
		hit := false
		for f := range r.Open() {
			hit = hit || !f.Advisory && strings.ContainsAny(string(f.ID[0]), "12367")
		}
		if hit {
			rejected++
		}
	}
	t.Logf("%d of %d neutral people rejected for pose, eyes, mouth, expression, light, focus or colour", rejected, len(list))
	if rejected > len(list)/50 {
		t.Errorf("%d of %d neutral people rejected, want at most 2 %%", rejected, len(list))
	}
}

// TestAltered: each fault must be caught by its rule in that share of the photos.
func TestAltered(t *testing.T) {
	good := sitters(t, "london-[01]*", "canada-*")
	grainy := good
	if *every > 1 {
		grainy = good[:1] // all its pixels: a smaller one is judged on fewer, where noise looks like detail
		good = []sitting{good[0].halved()}
	}
	blur := func(share float64) func(sitting) *image.NRGBA {
		return func(s sitting) *image.NRGBA { return imaging.Blur(s.img, share*s.marks.IED()) }
	}
	turn := func(degrees float64) func(sitting) *image.NRGBA {
		return func(s sitting) *image.NRGBA { return imaging.Rotate(s.img, degrees, s.img.NRGBAAt(5, 5)) }
	}
	for _, tt := range []struct {
		name  string
		rule  ID
		side  Side
		least float64
		alter func(sitting) *image.NRGBA
	}{
		{"eyes closed", "3.1", Low, 0.97, func(s sitting) *image.NRGBA { return phototest.Shut(s.img, s.marks, 0.97) }},
		{"eyes half closed", "3.1", Low, 0, func(s sitting) *image.NRGBA { return phototest.Shut(s.img, s.marks, 0.5) }},
		{"one stop too bright", "7.1", High, 0.8, func(s sitting) *image.NRGBA { return phototest.Exposed(s.img, 1) }},
		{"one stop too dark", "7.1", Low, 0, func(s sitting) *image.NRGBA { return phototest.Exposed(s.img, -1) }},
		{"1.5 stops too dark", "7.1", Low, 0.95, func(s sitting) *image.NRGBA { return phototest.Exposed(s.img, -1.5) }},
		{"contrast 45 %", "7.6", Low, 1, func(s sitting) *image.NRGBA { return phototest.Flattened(s.img, 0.45) }},
		{"blur 0.5 % IED", "7.2", Low, 0, blur(0.005)},
		{"blur 1 % IED", "7.2", Low, 1, blur(0.01)},
		{"blur 2 % IED", "7.2", Low, 1, blur(0.02)},
		{"turned 14 degrees", "1.3", High, 0.9, turn(-14)},
		{"turned -14 degrees", "1.3", Low, 0.9, turn(14)},
		{"half the light on one side", "6.1", Low, 0.9, sideLit},
		{"red eyes", "7.4", High, 0.95, func(s sitting) *image.NRGBA { return spotted(s, color.NRGBA{190, 40, 40, 255}, 0, 0, 0.04, 0.04) }},
		{"a lamp in the glasses", "6.4", High, 1, func(s sitting) *image.NRGBA {
			return spotted(s, color.NRGBA{250, 250, 252, 255}, -0.1, -0.06, 0.11, 0.07)
		}},
		{"without colour", "7.5", High, 1, func(s sitting) *image.NRGBA { return imaging.Grayscale(s.img) }},
		{"two persons", "4.3", High, 1, func(s sitting) *image.NRGBA { return twice(s.img) }},
	} {
		caught(t, tt.name, good, tt.rule, tt.side, tt.least, tt.alter)
	}
	caught(t, "noise of 18", grainy, "7.2", High, 0.95, func(s sitting) *image.NRGBA { return phototest.Noisy(s.img, 18, rand.New(rand.NewPCG(1, 2))) })
}

func caught(t *testing.T, name string, list []sitting, id ID, side Side, least float64, alter func(sitting) *image.NRGBA) {
	t.Helper()
	var n int
	for _, r := range reports(t, list, alter) {
		if r.finding(id).Side == side {
			n++
		}
	}
	t.Logf("%-20s %s %-4s caught %2d of %2d", name, id, side, n, len(list))
	if float64(n) < least*float64(len(list))-0.5 {
		t.Errorf("%s: rule %s caught %d of %d; want %.0f %%", name, id, n, len(list), 100*least)
	}
}
