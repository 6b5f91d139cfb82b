// SPDX-License-Identifier: EUPL-1.2

package quality

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/fotobox-project/fotobox/image/face"
	"github.com/fotobox-project/fotobox/image/phototest"
)

// drawn is an aligned picture of one colour with the eyes where OFIQ has them, the
// mouth 1.15 and the chin 1.8 inter-eye distances below.
func drawn(c color.NRGBA) *aligned {
	a := &aligned{pix: make([]uint8, 3*side*side), known: make([]bool, side*side)}
	for o := range a.known {
		a.known[o] = true
		a.pix[3*o], a.pix[3*o+1], a.pix[3*o+2] = c.R, c.G, c.B
	}
	a.marks = marks{
		eyeLeft: point{251, 272}, eyeRight: point{364, 272}, nose: point{308, 336},
		mouthLeft: point{262, 402}, mouthRight: point{355, 402}, lips: point{308, 402}, chin: point{308, 475}, width: 250,
	}
	a.lumi = luminances(a.pix)
	return a
}

// paint fills a part of the aligned picture.
func (a *aligned) paint(r image.Rectangle, c color.NRGBA) {
	each(r, func(o int) { a.pix[3*o], a.pix[3*o+1], a.pix[3*o+2] = c.R, c.G, c.B })
	a.lumi = luminances(a.pix)
}

func near(t *testing.T, name string, got, want, bound float64) {
	t.Helper()
	if !(math.Abs(got-want) <= bound) {
		t.Errorf("%s is %g, want %g", name, got, want)
	}
}

// TestLuminance: sRGB 188 is half the light, 124 a fifth, 89 at the border of dark.
func TestLuminance(t *testing.T) {
	pix := []uint8{188, 188, 188, 124, 124, 124, 255, 0, 0, 0, 255, 0, 0, 0, 255, 89, 89, 89, 91, 91, 91}
	for i, want := range []uint8{128, 51, 54, 182, 18, 25, 27} {
		if got := luminances(pix)[i]; got != want {
			t.Errorf("luminance of %v is %d, want %d", pix[3*i:3*i+3], got, want)
		}
	}
}

// TestHistogramMeasures: half of the region black, half white, and one value alone.
func TestHistogramMeasures(t *testing.T) {
	var two, one [256]int
	two[0], two[255], one[51] = 500, 500, 7
	mean, variance := moments(two)
	near(t, "mean of two", mean, 0.5, 1e-12)
	near(t, "variance of two", variance, 0.25, 1e-12)
	near(t, "entropy of two", entropy(two), 1, 1e-12)
	near(t, "dark share of two", between(two, 0, 25), 0.5, 1e-12)
	near(t, "bright share of two", between(two, 247, 255), 0.5, 1e-12)
	mean, variance = moments(one)
	near(t, "mean of one", mean, 0.2, 1e-12)
	near(t, "variance of one", variance, 0, 1e-12)
	near(t, "entropy of one", entropy(one), 0, 1e-12)
}

// TestRegion: an area as large as half an ellipse and the brows' part, and no point
// above the brows or below the chin.
func TestRegion(t *testing.T) {
	a := drawn(color.NRGBA{124, 124, 124, 255})
	n := total(a.histogram())
	half, depth := jaw*250/2., 203.
	below := math.Pi / 2 * half * depth
	if n < below || n > below+2*half*browTop*113 {
		t.Errorf("the region has %g pixels, its lower part alone has %g", n, below)
	}
	r := a.region()
	for _, tt := range []struct {
		x, y float64
		want bool
	}{
		{308, 272, true}, {308, 474, true}, {308, 477, false}, {308, 228, true}, {308, 222, false},
		{308 - half + 2, 272, true}, {308 - half - 2, 272, false}, {210, 450, false},
	} {
		if got := r.contains(point{tt.x, tt.y}); got != tt.want {
			t.Errorf("(%g, %g) in the region: %t, want %t", tt.x, tt.y, got, tt.want)
		}
	}
}

// TestCheeks: 0.3 of 113 pixels is 33; the squares begin at 272 + 65.
func TestCheeks(t *testing.T) {
	a := drawn(color.NRGBA{200, 160, 140, 255})
	left, right := a.cheeks()
	if left != image.Rect(251, 337, 284, 370) || right != image.Rect(331, 337, 364, 370) {
		t.Errorf("cheeks at %v and %v", left, right)
	}
	near(t, "overlap of equal cheeks", overlap(a.shares(left), a.shares(right)), 1, 1e-9)
	near(t, "evenness of one colour", a.evenness(), 1, 1e-9)
	a.paint(left, color.NRGBA{100, 80, 70, 255})
	near(t, "overlap of unlike cheeks", overlap(a.shares(left), a.shares(right)), 0, 1e-9)
	a.paint(a.squares()[2], color.NRGBA{100, 80, 70, 255})
	near(t, "evenness with a cheek of half the values", a.evenness(), 0.5, 1e-9)
}

// TestLab: CIELAB values of sRGB's red, of a skin and of grey (D50, Bradford).
func TestLab(t *testing.T) {
	for _, tt := range []struct {
		rgb  [3]float64
		a, b float64
	}{
		{[3]float64{255, 0, 0}, 80.8, 69.9},
		{[3]float64{0, 0, 255}, 68.3, -112.0},
		{[3]float64{128, 128, 128}, 0, 0},
		{[3]float64{194, 150, 130}, 15.6, 17.3}, // near the second patch of a ColorChecker
	} {
		a, b := lab(tt.rgb)
		near(t, "a*", a, tt.a, 0.8)
		near(t, "b*", b, tt.b, 0.8)
	}
	near(t, "inside the box", fromBox(15, 17), 0, 0)
	near(t, "left of the box and above", fromBox(2, 39), 5, 1e-12)
	near(t, "green", fromBox(-1, 20), 100, 0)
}

// TestGradient: on a ramp the kernel gives 3+10+3 times the step over two rows.
func TestGradient(t *testing.T) {
	w := &wall{lumi: make([]uint8, wallWidth*wallHeight)}
	mask := make([]bool, len(w.lumi))
	for o := range w.lumi {
		w.lumi[o] = uint8(o / wallWidth / 2)
		mask[o] = o/wallWidth > 10 && o/wallWidth < 200
	}
	got, _ := w.gradient(mask)
	near(t, "half a level a row", got, 16, 1e-9)
	if _, ok := w.gradient(make([]bool, len(mask))); ok {
		t.Error("an empty background has a gradient")
	}
}

// TestPose: what is known of the head goes before the points.
func TestPose(t *testing.T) {
	a := face.Face{
		EyeLeft: face.Point{X: 100, Y: 100}, EyeRight: face.Point{X: 200, Y: 100}, Nose: face.Point{X: 155.2, Y: 160},
		OuterLeft: face.Point{X: 80, Y: 100}, InnerLeft: face.Point{X: 120, Y: 100},
		InnerRight: face.Point{X: 180, Y: 100}, OuterRight: face.Point{X: 220, Y: 100},
		MouthLeft: face.Point{X: 115, Y: 210}, MouthRight: face.Point{X: 185, Y: 210},
		LipTop: face.Point{X: 150, Y: 200}, LipBottom: face.Point{X: 150, Y: 225},
	}
	p := New(image.NewNRGBA(image.Rect(0, 0, 300, 400)), []face.Face{a})
	yaw, _ := headPoseYaw().Native(p)
	near(t, "yaw by a nose 0.052 aside", yaw, 5, 1e-9)
	distance, _ := interEyeDistance().Native(p)
	near(t, "distance of the eyes", distance, 100/math.Cos(5*math.Pi/180), 1e-9)
	if _, err := headPosePitch().Native(p); err == nil {
		t.Error("a pitch is known by the points")
	}
	p.Pose = &Pose{Yaw: -60, Pitch: 4}
	distance, _ = interEyeDistance().Native(p)
	pitch, err := headPosePitch().Native(p)
	near(t, "distance of the eyes of a head turned by 60", distance, 200, 1e-9)
	near(t, "pitch", pitch, 4, 0)
	if err != nil {
		t.Error(err)
	}
}

// TestReasons: what cannot be measured says why, and the others keep quiet.
func TestReasons(t *testing.T) {
	gray := image.NewNRGBA(image.Rect(0, 0, 200, 250))
	nan := face.Face{Box: image.Rect(50, 50, 150, 150)}
	nan.EyeLeft.X = math.NaN()
	small := face.Face{Box: image.Rect(90, 90, 110, 110), EyeLeft: face.Point{X: 95, Y: 95}, EyeRight: face.Point{X: 105, Y: 95}}
	for _, tt := range []struct {
		name   string
		faces  []face.Face
		single bool // SingleFacePresent has a value
	}{
		{"nobody", nil, false},
		{"points nowhere", []face.Face{nan}, true},
		{"tiny", []face.Face{small}, true},
	} {
		for _, r := range Evaluate(New(gray, tt.faces)) {
			if has := tt.single && r.Name == "SingleFacePresent"; (r.Native != nil) != has || (r.Reason == "") != has || (r.Score != nil) != has {
				t.Errorf("%s: %+v", tt.name, r)
			}
		}
	}
}

// TestWildPoints: points anywhere give values, or reasons, but no panic.
func TestWildPoints(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 90, 120))
	r := rand.New(rand.NewPCG(7, 7))
	trials := 30
	if phototest.UnderRace {
		trials = 6
	}
	for i := range trials {
		reach := math.Pow(10, float64(i%6)) * 20
		var f face.Face
		for _, p := range []*face.Point{
			&f.EyeLeft, &f.EyeRight, &f.OuterLeft, &f.InnerLeft, &f.InnerRight, &f.OuterRight,
			&f.Nose, &f.MouthLeft, &f.MouthRight, &f.LipTop, &f.LipBottom,
		} {
			*p = face.Point{X: reach * (r.Float64() - 0.3), Y: reach * (r.Float64() - 0.3)}
		}
		if i%3 == 0 { // all on one place but the eyes
			f.Nose, f.MouthLeft, f.MouthRight, f.LipTop, f.LipBottom = f.EyeLeft, f.EyeLeft, f.EyeLeft, f.EyeLeft, f.EyeLeft
		}
		for _, res := range Evaluate(New(img, []face.Face{f})) {
			if (res.Native == nil) == (res.Reason == "") {
				t.Errorf("%+v of %+v", res, f)
			}
			if res.Score != nil && (*res.Score < 0 || *res.Score > 100) {
				t.Errorf("%s scores %d", res.Name, *res.Score)
			}
		}
	}
}
