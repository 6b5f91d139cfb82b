// SPDX-License-Identifier: EUPL-1.2

package face

import (
	"image"
	"image/color"
	"math"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/disintegration/imaging"
	"github.com/google/go-cmp/cmp"

	"github.com/fotobox-project/fotobox/image/phototest"
)

func TestFindRefusesAPictureWithoutPixels(t *testing.T) {
	if _, err := finder(t).Find(image.NewGray(image.Rectangle{})); err == nil {
		t.Error("got no error for a picture without pixels")
	}
}

func TestFindInTinyAndThinPictures(t *testing.T) {
	f := finder(t)
	for _, size := range []image.Point{{1, 1}, {19, 300}, {3000, 2}, {23, 23}} {
		img := image.NewNRGBA(image.Rectangle{Max: size})
		for name, search := range searches(f) {
			if faces, err := search(img); err != nil || len(faces) != 0 {
				t.Errorf("%s in %v: got %d faces, error %v", name, size, len(faces), err)
			}
		}
	}
}

func TestLoadNamesTheDamagedCascade(t *testing.T) {
	for _, name := range []string{"facefinder", "puploc", "lp38", "lp312", "lp81", "lp82", "lp84", "lp93"} {
		files := fstest.MapFS{}
		for _, other := range []string{"facefinder", "puploc", "lp38", "lp312", "lp81", "lp82", "lp84", "lp93"} {
			files[other] = &fstest.MapFile{Data: cascade(t, other)}
		}
		files[name].Data = files[name].Data[:5000]
		if _, err := load(files); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s cut short: got error %v", name, err)
		}
		delete(files, name)
		if _, err := load(files); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s missing: got error %v", name, err)
		}
	}
}

// One Finder serves many goroutines and gives each the same.
func TestFindAtTheSameTime(t *testing.T) {
	f, img := finder(t), portrait(t)
	want, err := f.Find(img)
	if err != nil || len(want) != 1 {
		t.Fatalf("got %d faces, error %v; want 1", len(want), err)
	}
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			got, err := f.Find(img)
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("error %v, faces (-first +later):\n%s", err, diff)
			}
		})
	}
	group.Wait()
}

// Points count from the first pixel of a picture, wherever its bounds begin.
func TestFindInAPartOfAPicture(t *testing.T) {
	f, whole := finder(t), imaging.Clone(portrait(t))
	part := whole.SubImage(image.Rect(150, 120, 750, 870))
	for name, search := range searches(f) {
		want, err1 := search(imaging.Clone(part))
		got, err2 := search(part)
		if diff := cmp.Diff(want, got); err1 != nil || err2 != nil || diff != "" {
			t.Errorf("%s: errors %v, %v; faces (-copy +part):\n%s", name, err1, err2, diff)
		}
	}
}

// Heads are found to 30 degrees of roll, with their roll and the pupils as
// precise as upright.
func TestFindTiltedHeads(t *testing.T) {
	files := photos(t, func(p phototest.Photo) bool { return p.Set() == "london" && p.Marks != nil })
	files = files[:min(6, len(files))]
	angles := []float64{-30, -20, -10, 10, 20, 30}
	if phototest.UnderRace {
		angles = []float64{-20}
	}
	for name, search := range searches(finder(t)) {
		pupils, rolls := errorTable{}, []float64{}
		for _, degrees := range angles {
			turned := func(img image.Image) ([]Face, error) {
				return search(imaging.Rotate(img, -degrees, color.Gray{220}))
			}
			for _, p := range searched(t, files, turned) {
				if len(p.faces) != 1 {
					t.Errorf("%s: %s turned by %v degrees: got %d faces", name, p.Name, degrees, len(p.faces))
					continue
				}
				p.Marks = turn(p.Marks, p.picture.Bounds().Size(), degrees)
				pupils.add(p)
				want := Face{EyeLeft: p.mark("eye_l"), EyeRight: p.mark("eye_r")}.Roll()
				rolls = append(rolls, math.Abs(p.faces[0].Roll()-want))
			}
		}
		wants(t, pupils, "pupils", 2.5, 6)
		wants(t, pupils, "mouth corners", 2.5, 6)
		if m, q := quantile(rolls, 0.5), quantile(rolls, 0.95); !(m < 0.6 && q < 1.5) {
			t.Errorf("%s: roll is off by %.2f degrees (median), %.2f (95 %%); want 0.6 and 1.5", name, m, q)
		}
	}
}

// turn gives the marks in the picture that imaging.Rotate makes of one of that
// size, turned clockwise about its middle.
func turn(m phototest.Marks, size image.Point, degrees float64) phototest.Marks {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	b := imaging.Rotate(image.NewGray(image.Rectangle{Max: size}), -degrees, color.Black).Bounds()
	out := phototest.Marks{}
	for name, p := range m {
		x, y := p.X-float64(size.X)/2, p.Y-float64(size.Y)/2
		out[name] = phototest.Point{X: x*cos - y*sin + float64(b.Dx())/2, Y: x*sin + y*cos + float64(b.Dy())/2}
	}
	return out
}
