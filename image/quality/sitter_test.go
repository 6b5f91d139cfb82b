// SPDX-License-Identifier: EUPL-1.2

package quality

import (
	"image"
	"image/color"
	"math"
	"reflect"
	"sync"
	"testing"

	"github.com/fotobox-project/fotobox/capture/camera/cameratest"
	"github.com/fotobox-project/fotobox/image/face"
	"github.com/fotobox-project/fotobox/image/phototest"
)

var newFinder = sync.OnceValues(face.New)

// faces finds those of a picture.
func faces(t testing.TB, img image.Image) []face.Face {
	t.Helper()
	finder, err := newFinder()
	if err != nil {
		t.Fatal(err)
	}
	list, err := finder.Find(img)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// sat renders the sitter and measures.
func sat(t testing.TB, s cameratest.Sitter) (map[string]float64, cameratest.Truth) {
	t.Helper()
	img, truth := s.Render(image.Pt(480, 640))
	values := map[string]float64{}
	for _, r := range Evaluate(New(img, faces(t, img))) {
		if r.Native != nil {
			values[r.Name] = *r.Native
		}
	}
	if len(values) != 20 {
		t.Fatalf("%d values of %+v, want 20", len(values), s)
	}
	return values, truth
}

func at(p cameratest.Point) point { return point{p.X, p.Y} }

// TestGeometry compares with where things are drawn. The bounds are wide: the finder
// sees the corners of the drawn eyes up to 6 % of their distance off, which it does
// not on photos (TestMarks).
func TestGeometry(t *testing.T) {
	s := cameratest.Default()
	s.X, s.Roll = 0.04, 3
	got, truth := sat(t, s)
	left, right := middle(at(truth.OuterLeft), at(truth.InnerLeft)), middle(at(truth.InnerRight), at(truth.OuterRight))
	m, ied := middle(left, right), left.to(right)
	depth := m.to(at(truth.Chin))
	near(t, "InterEyeDistance", got["InterEyeDistance"], ied, 0.12*ied)
	near(t, "HeadSize", got["HeadSize"], depth/640, 0.03)
	near(t, "LeftwardCrop", got["LeftwardCropOfTheFaceImage"], right.x/ied, 0.4)
	near(t, "RightwardCrop", got["RightwardCropOfTheFaceImage"], (480-left.x)/ied, 0.4)
	near(t, "MarginAbove", got["MarginAboveOfTheFaceImage"], m.y/depth, 0.2)
	near(t, "MarginBelow", got["MarginBelowOfTheFaceImage"], (640-m.y)/depth, 0.2)
	near(t, "Roll", got["HeadPoseRoll"], 3, 1)
	near(t, "SingleFacePresent", got["SingleFacePresent"], 0, 0)
}

// change is by how much a measure must rise at least from the first to the last
// step; a negative one falls.
type change map[string]float64

// TestSweeps: each measure follows what changes in front of the camera.
func TestSweeps(t *testing.T) {
	light := func(s *cameratest.Sitter, v float64) { s.Lamps = cameratest.Lamps{Left: v, Right: v, Ambient: v} }
	for _, tt := range []struct {
		name  string
		set   func(*cameratest.Sitter, float64)
		steps [3]float64
		want  change
	}{
		{"yaw", func(s *cameratest.Sitter, v float64) { s.Yaw = v }, [3]float64{-8, 0, 8}, change{"HeadPoseYaw": 8}},
		{"roll", func(s *cameratest.Sitter, v float64) { s.Roll = v }, [3]float64{-6, 0, 6}, change{"HeadPoseRoll": 10}},
		{"head", func(s *cameratest.Sitter, v float64) { s.Head = v }, [3]float64{0.45, 0.55, 0.65},
			change{"HeadSize": 0.07, "InterEyeDistance": 20}},
		{"place", func(s *cameratest.Sitter, v float64) { s.X, s.Y = v, v }, [3]float64{-0.05, 0, 0.05}, change{
			"MarginAboveOfTheFaceImage": 0.2, "MarginBelowOfTheFaceImage": -0.2,
			"LeftwardCropOfTheFaceImage": 0.3, "RightwardCropOfTheFaceImage": -0.3}},
		{"dark", light, [3]float64{0.3, 0.6, 1}, change{"LuminanceMean": 0.1, "UnderExposurePrevention": -0.2, "DynamicRange": 0.5}},
		{"bright", light, [3]float64{1, 2.5, 4}, change{"LuminanceMean": 0.3, "OverExposurePrevention": 0.3}},
		{"side light", func(s *cameratest.Sitter, v float64) { s.Lamps.Right, s.Lamps.Ambient = v, 0.3 }, [3]float64{1, 0.6, 0.2},
			change{"IlluminationUniformity": -0.3, "FourSquares": -0.03}},
		{"noise", func(s *cameratest.Sitter, v float64) { s.Noise = v }, [3]float64{0, 4, 12}, change{"BackgroundUniformity": 50}},
	} {
		if phototest.UnderRace && tt.name != "yaw" {
			continue // races show on one as well
		}
		var values [3]map[string]float64
		for i, v := range tt.steps {
			s := cameratest.Default()
			tt.set(&s, v)
			values[i], _ = sat(t, s)
		}
		for name, least := range tt.want {
			follows(t, tt.name, name, least, values)
		}
	}
}

func follows(t *testing.T, what, name string, least float64, values [3]map[string]float64) {
	t.Helper()
	a, b, c := values[0][name], values[1][name], values[2][name]
	t.Logf("%-10s %-28s %8.3f %8.3f %8.3f", what, name, a, b, c)
	if sign := math.Copysign(1, least); sign*(b-a) < 0 || sign*(c-b) < 0 || sign*(c-a) < sign*least {
		t.Errorf("%s: %s goes from %.4f by %.4f to %.4f, want %+g at least", what, name, a, b, c, least)
	}
}

// TestAltered: a cast of blue leaves the box of skin, a grey picture is natural to
// OFIQ and not to the ICAO, few levels are counted, and a person beside counts.
func TestAltered(t *testing.T) {
	img, _ := cameratest.Default().Render(image.Pt(480, 640))
	found := faces(t, img)
	values := func(alter func(c color.NRGBA) color.NRGBA) map[string]float64 {
		out := image.NewNRGBA(img.Rect)
		for y := range 640 {
			for x := range 480 {
				out.SetNRGBA(x, y, alter(img.NRGBAAt(x, y)))
			}
		}
		got := map[string]float64{}
		for _, r := range Evaluate(New(out, found)) {
			if r.Native != nil {
				got[r.Name] = *r.Native
			}
		}
		return got
	}
	plain := values(func(c color.NRGBA) color.NRGBA { return c })
	near(t, "SkinColour", plain["SkinColour"], 0, 0)
	near(t, "NaturalColour", plain["NaturalColour"], 0, 0)
	blue := values(func(c color.NRGBA) color.NRGBA { return color.NRGBA{c.R / 2, c.G, c.B, 255} })
	near(t, "SkinColour without half of the red", blue["SkinColour"], 100, 0)
	grey := values(func(c color.NRGBA) color.NRGBA { return color.NRGBA{c.G, c.G, c.G, 255} })
	near(t, "NaturalColour in grey", grey["NaturalColour"], 0, 0)
	if grey["SkinColour"] < math.Hypot(leastA, leastB)-0.01 {
		t.Errorf("SkinColour in grey is %g, which is too near", grey["SkinColour"])
	}
	coarse := values(func(c color.NRGBA) color.NRGBA { return color.NRGBA{c.R &^ 15, c.G, c.B, 255} })
	if n := coarse["IntensityLevels"]; n > 16 || n < 5 || plain["IntensityLevels"] < 100 {
		t.Errorf("%g levels of 16, %g of the picture", n, plain["IntensityLevels"])
	}
	beside := found[0]
	beside.Box = image.Rect(0, 0, beside.Box.Dx()/2, beside.Box.Dy()/2)
	share, err := singleFacePresent().Native(New(img, append(found, beside)))
	near(t, "SingleFacePresent", share, 0.25, 0.01)
	if err != nil {
		t.Error(err)
	}
}

// TestRepeatable: the same picture gives the same digits.
func TestRepeatable(t *testing.T) {
	img, _ := cameratest.Default().Render(image.Pt(480, 640))
	found := faces(t, img)
	if a, b := Evaluate(New(img, found)), Evaluate(New(img, found)); !reflect.DeepEqual(a, b) {
		t.Errorf("%+v\n%+v", a, b)
	}
}

// BenchmarkEvaluate is the whole set on a portrait, its faces being known.
func BenchmarkEvaluate(b *testing.B) {
	s := cameratest.Default()
	s.Head = 0.75
	img, _ := s.Render(image.Pt(1244, 1600))
	found := faces(b, img)
	for b.Loop() {
		if r := Evaluate(New(img, found)); r[1].Native == nil {
			b.Fatal(r[1].Reason)
		}
	}
}
