// SPDX-License-Identifier: EUPL-1.2

package rule

import (
	"encoding/json"
	"image"
	"image/color"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/fotobox-project/fotobox/image/face"
	"github.com/fotobox-project/fotobox/image/pixel"
	"github.com/fotobox-project/fotobox/image/portrait"
)

// TestWholePortrait measures the geometry of a finished portrait with a face at
// a known place.
func TestWholePortrait(t *testing.T) {
	p := Whole(plain(portrait.Width, portrait.Height), pixel.RGB24, []face.Face{sketch(640, 700, 340, 4)})
	r := Judge(p, DePassport2025())
	for _, tt := range []struct {
		id         ID
		want, near float64
		side       Side
	}{
		{"1.3", 4, 0.01, Inside},
		{"1.1", 0, 0.5, Inside},
		{"4.3", 1, 0, Inside},
		{"5.1", 1600, 0, Inside},
		{"5.2", 1244, 0, Inside},
		{"5.3", 2.25 * 340 / 1244, 0.001, Inside},
		{"5.4", (1.69 + 1.75) * 340 / 1600, 0.005, Inside},
		{"5.5", 700. / 1600, 0.001, Inside},
		{"5.6", 640. / 1244, 0.001, Inside},
		{"5.7", 340, 0.01, Inside},
		{"6.1", 1, 0.01, Inside},
		{"7.1", 0, 0, Inside},
		{"7.2", 0, 0.01, Low},
		{"7.5", 3, 0, High}, // a wall of grey is no colour picture
		{"7.6", 1, 0, Low},
	} {
		f := r.finding(tt.id)
		if math.Abs(f.Value-tt.want) > tt.near || f.Side != tt.side {
			t.Errorf("%s %s: got %.4f %s, want %.4f %s", f.ID, f.Name, f.Value, f.Side, tt.want, tt.side)
		}
	}
	if r.Verdict != Reject {
		t.Errorf("a wall was judged %s", r.Verdict)
	}
}

// TestNoFace: that nobody is seen is a judgement; what needs a face is unclear.
func TestNoFace(t *testing.T) {
	p, _, err := Cut(DePassport2025(), plain(300, 400), pixel.RGB24, nil)
	if err != nil {
		t.Fatal(err)
	}
	r := Judge(p, DePassport2025().Relative())
	if r.Verdict != Reject {
		t.Errorf("verdict %s", r.Verdict)
	}
	for _, f := range r.Findings {
		want := Unclear
		switch f.ID {
		case "4.3", "5.1", "5.2":
			want = Low
		case "7.5":
			want = Inside
		}
		if f.Side != want || f.Advice != map[bool]string{true: "", false: f.Name + "." + f.Side.String()}[f.Side == Inside] {
			t.Errorf("%s: %s with advice %q, want %s", f.Name, f.Side, f.Advice, want)
		}
		if (f.Side == Unclear) != (f.Reason != "") {
			t.Errorf("%s: %s with the reason %q", f.Name, f.Side, f.Reason)
		}
	}
}

// TestUnsure: a face whose eyes are not sure, or are too small, is no pass.
func TestUnsure(t *testing.T) {
	for _, f := range []face.Face{blurred(sketch(640, 700, 340, 0)), sketch(640, 700, 20, 0)} {
		r := Judge(Whole(plain(portrait.Width, portrait.Height), pixel.RGB24, []face.Face{f}), DePassport2025())
		if got := r.finding("3.1"); got.Side != Unclear || got.Reason == "" || !math.IsNaN(got.Value) {
			t.Errorf("eyes of %v: %+v", f.Spread(), got)
		}
	}
}

func TestOneFaceAreas(t *testing.T) {
	for _, tt := range []struct {
		name  string
		faces []face.Face
		want  float64
		side  Side
	}{
		{"none", nil, 0, Low},
		{"one", []face.Face{sketch(300, 300, 100, 0)}, 1, Inside},
		{"one and a small one far behind", []face.Face{sketch(300, 300, 100, 0), sketch(500, 100, 25, 0)}, 1.0625, Inside},
		{"two, the larger one second", []face.Face{sketch(300, 300, 50, 0), sketch(500, 300, 100, 0)}, 1.25, High},
	} {
		p := &Picture{Image: plain(10, 10), Faces: tt.faces}
		v, err := oneFace().Measure(p)
		if side := DePassport2025().Limits["4.3"].side(v); err != nil || math.Abs(v-tt.want) > 0.01 || side != tt.side {
			t.Errorf("%s: got %v %s, %v; want %v %s", tt.name, v, side, err, tt.want, tt.side)
		}
	}
}

// TestExposureBackground: a dark face before a light wall is not underexposed; the
// same wall in the dark is.
func TestExposureBackground(t *testing.T) {
	for _, tt := range []struct {
		name       string
		wall, skin uint8
		side       Side
	}{
		{"light skin, light wall", 200, 170, Inside},
		{"very dark skin, light wall", 200, 45, Inside},
		{"very dark skin, darkest recommended wall", 161, 45, Inside},
		{"all in the dark", 90, 45, Low},
		{"burnt out", 255, 254, High},
	} {
		img := plain(600, 800)
		f := sketch(300, 350, 100, 0)
		eyes := portrait.Eyes(f)
		for i := range img.Pix {
			x, y := eyes.From(float64(i/4%600), float64(i/4/600))
			v := tt.wall
			if inFace(x, y) {
				v = tt.skin
			}
			if i%4 != 3 {
				img.Pix[i] = v
			}
		}
		v, err := exposure().Measure(Whole(img, pixel.RGB24, []face.Face{f}))
		if side := DePassport2025().Limits["7.1"].side(v); err != nil || side != tt.side {
			t.Errorf("%s: %.1f %s, %v; want %s", tt.name, v, side, err, tt.side)
		}
	}
}

func TestColourSpaceCode(t *testing.T) {
	img := plain(600, 800)
	for i := range img.Pix {
		if i%4 == 0 {
			img.Pix[i] = 220
		}
	}
	f := []face.Face{sketch(300, 350, 100, 0)}
	for _, tt := range []struct {
		colour pixel.ColourSpace
		img    image.Image
		want   float64
	}{{pixel.RGB24, img, 1}, {pixel.Grey8, img, 3}, {pixel.Unknown, img, 0}, {pixel.RGB24, plain(600, 800), 3}} {
		if v, err := colourSpace().Measure(Whole(tt.img, tt.colour, f)); err != nil || v != tt.want {
			t.Errorf("%v: got %v, %v; want %v", tt.colour, v, err, tt.want)
		}
	}
}

// TestWildPoints: whatever a finder returns, a judgement comes of it that can be
// written down.
func TestWildPoints(t *testing.T) {
	img := plain(90, 120)
	for i := range img.Pix {
		img.Pix[i] ^= uint8(i * 7)
	}
	rapid.Check(t, func(t *rapid.T) {
		place := rapid.Custom(func(t *rapid.T) face.Point {
			wild := rapid.OneOf(rapid.Float64Range(-100, 500), rapid.SampledFrom([]float64{0, math.NaN(), math.Inf(1), 1e300, 150}))
			return face.Point{X: wild.Draw(t, "x"), Y: wild.Draw(t, "y"), Spread: rapid.Float64Range(0, 10).Draw(t, "spread")}
		})
		f := face.Face{Box: image.Rect(0, 0, rapid.IntRange(0, 300).Draw(t, "box"), 100)}
		for _, p := range []*face.Point{&f.EyeLeft, &f.EyeRight, &f.Nose, &f.MouthLeft, &f.MouthRight, &f.LipTop, &f.LipBottom} {
			*p = place.Draw(t, "point")
		}
		p, _, _ := Cut(DePassport2025(), img, pixel.RGB24, []face.Face{f})
		if _, err := json.Marshal(Judge(p, DePassport2025())); err != nil {
			t.Fatal(err)
		}
		Guide(DePassport2025(), image.Point{}, []face.Face{f}, img)
	})
}

// TestTypes: a picture is judged alike, whatever type holds it.
func TestTypes(t *testing.T) {
	img := plain(600, 800)
	for i := range img.Pix {
		if i%4 != 3 {
			img.Pix[i] = uint8(100 + 60*math.Sin(float64(i)/50) + 40*math.Sin(float64(i)/7000))
		}
	}
	rgba := image.NewRGBA(image.Rect(-20, 10, 580, 810))
	for i := range img.Pix {
		rgba.Set(i/4%600-20, i/4/600+10, color.RGBAModel.Convert(img.At(i/4%600, i/4/600)))
	}
	f := []face.Face{sketch(300, 350, 100, 2)}
	want, got := Judge(Whole(img, pixel.RGB24, f), DePassport2025()), Judge(Whole(rgba, pixel.RGB24, f), DePassport2025())
	for i, w := range want.Findings {
		if g := got.Findings[i]; g.Value != w.Value && !(math.IsNaN(g.Value) && math.IsNaN(w.Value)) {
			t.Errorf("%s: %v as NRGBA, %v as RGBA", w.Name, w.Value, g.Value)
		}
	}
}
