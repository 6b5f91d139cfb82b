// SPDX-License-Identifier: EUPL-1.2

package rule

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/disintegration/imaging"
	"pgregory.net/rapid"

	"github.com/fotobox-project/fotobox/image/face"
	"github.com/fotobox-project/fotobox/image/phototest"
	"github.com/fotobox-project/fotobox/image/pixel"
	"github.com/fotobox-project/fotobox/image/portrait"
)

// sketch places the points of an average face: the middle of its eyes at (x, y),
// the inter-eye distance and the roll in degrees.
func sketch(x, y, ied, roll float64) face.Face {
	sin, cos := math.Sincos(roll * math.Pi / 180)
	eyes := pixel.Frame{X: x, Y: y, Ux: ied * cos, Uy: ied * sin}
	at := func(u, v float64) face.Point {
		px, py := eyes.At(u, v)
		return face.Point{X: px, Y: py, Spread: 0.01 * ied}
	}
	return face.Face{
		Box: image.Rect(int(x-ied), int(y-0.7*ied), int(x+ied), int(y+1.3*ied)), Score: 100,
		EyeLeft: at(-0.5, 0), EyeRight: at(0.5, 0),
		OuterLeft: at(-0.7, 0), InnerLeft: at(-0.3, 0), InnerRight: at(0.3, 0), OuterRight: at(0.7, 0),
		Nose: at(0, 0.6), MouthLeft: at(-0.4, 1.03), MouthRight: at(0.4, 1.03),
		LipTop: at(0, 0.95), LipBottom: at(0, 1.2),
	}
}

func plain(w, h int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	draw.Draw(img, img.Rect, image.NewUniform(color.NRGBA{190, 190, 190, 255}), image.Point{}, draw.Src)
	return img
}

// TestGuidePlace: directions are the person's own, the left of the mirrored screen.
func TestGuidePlace(t *testing.T) {
	img, still := plain(480, 640), image.Pt(1944, 2592)
	second := sketch(400, 300, 60, 0)
	for _, tt := range []struct {
		name  string
		faces []face.Face
		want  Hint
	}{
		{"nobody", nil, HintNoFace},
		{"two", []face.Face{sketch(240, 300, 100, 0), second}, HintSeveralFaces},
		{"at the left of the camera's picture: moves to the own left", []face.Face{sketch(110, 300, 110, 0)}, HintLeft},
		{"at its right", []face.Face{sketch(370, 300, 110, 0)}, HintRight},
		{"low in the picture", []face.Face{sketch(240, 500, 110, 0)}, HintUp},
		{"high in the picture", []face.Face{sketch(240, 90, 110, 0)}, HintDown},
		{"small", []face.Face{sketch(240, 300, 60, 0)}, HintNearer},
		{"large", []face.Face{sketch(240, 300, 160, 0)}, HintFarther},
		{"tilted", []face.Face{sketch(240, 300, 105, 11)}, HintStraighten},
		{"tilted the other way", []face.Face{sketch(240, 300, 105, -11)}, HintStraighten},
		{"in place, but no eyes on a plain wall", []face.Face{sketch(240, 300, 105, 3)}, HintEyesOpen},
		{"in place, too uncertain to judge the eyes", []face.Face{blurred(sketch(240, 300, 105, 3))}, HintGood},
	} {
		if got := Guide(DePassport2025(), still, tt.faces, img); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func blurred(f face.Face) face.Face {
	f.EyeLeft.Spread = 0.3 * f.IED()
	return f
}

// TestGuideSize: without a still's size the smallest one of a station is assumed.
func TestGuideSize(t *testing.T) {
	img := plain(480, 640)
	for _, size := range []image.Point{{}, {X: 480, Y: 640}, {X: 1944, Y: 2592}} {
		if got := Guide(DePassport2025(), size, []face.Face{sketch(240, 300, 60, 0)}, img); got != HintNearer {
			t.Errorf("still %v: got %q, want nearer", size, got)
		}
	}
	if got := Guide(DePassport2025(), image.Pt(3888, 5184), []face.Face{sketch(240, 300, 60, 0)}, img); got == HintNearer {
		t.Error("a larger still has enough pixels, yet the hint is to come nearer")
	}
}

// TestGuideKeepsItsWord: where it does not ask to move, the still can be cropped.
func TestGuideKeepsItsWord(t *testing.T) {
	img, still := plain(480, 640), image.Pt(1944, 2592)
	const k = 2592. / 640
	content := 0
	rapid.Check(t, func(t *rapid.T) {
		f := sketch(rapid.Float64Range(160, 320).Draw(t, "x"), rapid.Float64Range(200, 400).Draw(t, "y"),
			rapid.Float64Range(80, 130).Draw(t, "ied"), rapid.Float64Range(-8, 8).Draw(t, "roll"))
		if h := Guide(DePassport2025(), still, []face.Face{f}, img); h != HintEyesOpen && h != HintGood {
			return
		}
		content++
		head := portrait.Measure(img, f).Scale(k)
		if _, err := portrait.Plan(still, portrait.Scale(f, k), head, portrait.Adults()); err != nil {
			t.Fatalf("the guide is content, then %v", err)
		}
	})
	if content == 0 {
		t.Error("the guide is never content")
	}
}

// preview puts a photo's person in front of the station as the camera sees it.
func preview(s sitting) *image.NRGBA {
	eyes := s.marks.Eyes()
	k := 105 / eyes.Unit()
	small := imaging.Resize(s.img, int(k*float64(s.img.Rect.Dx())), 0, imaging.CatmullRom)
	out := imaging.New(480, 640, s.img.NRGBAAt(5, 5))
	return imaging.Paste(out, small, image.Pt(240-int(k*eyes.X), 290-int(k*eyes.Y)))
}

// TestGuidePeople: neutral faces in place are content, smiles and closed eyes
// are told so, on the frames of the preview.
func TestGuidePeople(t *testing.T) {
	finder, err := face.New()
	if err != nil {
		t.Fatal(err)
	}
	count := func(list []sitting, alter func(sitting) *image.NRGBA) (n int, hints map[Hint]int) {
		hints = map[Hint]int{}
		for _, s := range list {
			s.img = alter(s)
			frame := preview(s)
			faces, err := finder.Track(frame)
			if err != nil {
				t.Fatal(err)
			}
			hints[Guide(DePassport2025(), image.Point{}, faces, frame)]++
			n++
		}
		return n, hints
	}
	good := sitters(t, "london-0*")
	n, hints := count(good, asIs)
	t.Logf("neutral: %v", hints)
	if hints[HintGood] < n*9/10 {
		t.Errorf("of %d neutral people %v", n, hints)
	}
	n, hints = count(good, func(s sitting) *image.NRGBA { return phototest.Shut(s.img, s.marks, 0.97) })
	t.Logf("eyes closed: %v", hints)
	if hints[HintEyesOpen] < n*8/10 || hints[HintGlare] > 0 {
		t.Errorf("of %d people with closed eyes %v", n, hints)
	}
	n, hints = count(good, func(s sitting) *image.NRGBA { return spotted(s, color.NRGBA{250, 250, 252, 255}, 0, 0, 0.2, 0.14) })
	t.Logf("a lamp before the eyes: %v", hints)
	if hints[HintGlare] < n*8/10 || hints[HintEyesOpen] > n/10 {
		t.Errorf("of %d people with a lamp in both glasses %v", n, hints)
	}
}

// TestGuideDark: who cannot be found for want of light is not told to come before the camera.
func TestGuideDark(t *testing.T) {
	lit := func(wall uint8) *image.NRGBA { return imaging.New(480, 640, color.NRGBA{wall, wall, wall, 255}) }
	lamp := lit(3)
	draw.Draw(lamp, image.Rect(0, 0, 480, 60), image.White, image.Point{}, draw.Src)
	for _, tt := range []struct {
		name string
		img  image.Image
		want Hint
	}{
		{"black", lit(0), HintDark},
		{"noise", phototest.Noisy(lit(5), 4, rand.New(rand.NewPCG(1, 2))), HintDark},
		{"a dark wall, lit", lit(40), HintNoFace},
		{"a light wall", lit(200), HintNoFace},
		{"a lamp in a dark room", lamp, HintNoFace},
	} {
		if got := Guide(DePassport2025(), image.Point{}, nil, tt.img); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
	if got := Guide(DePassport2025(), image.Pt(1944, 2592), []face.Face{sketch(240, 300, 60, 0)}, lit(5)); got != HintNearer {
		t.Errorf("somebody who is found in the dark all the same: got %q, want nearer", got)
	}
}

// TestGuideInfant: of a small child nothing is asked that it cannot do; of a second
// face and of the place as of everybody.
func TestGuideInfant(t *testing.T) {
	img, still := plain(480, 640), image.Pt(1944, 2592)
	infant := DePassport2025Infant()
	for _, tt := range []struct {
		name          string
		faces         []face.Face
		adult, infant Hint
	}{
		{"no eyes on a plain wall", []face.Face{sketch(240, 300, 105, 3)}, HintEyesOpen, HintGood},
		{"tilted", []face.Face{sketch(240, 300, 105, 11)}, HintStraighten, HintGood},
		{"lying", []face.Face{sketch(240, 300, 105, 18)}, HintStraighten, HintStraighten},
		{"two", []face.Face{sketch(240, 300, 100, 0), sketch(400, 300, 60, 0)}, HintSeveralFaces, HintSeveralFaces},
		{"smaller", []face.Face{blurred(sketch(240, 300, 70, 0))}, HintNearer, HintGood},
	} {
		if got := Guide(DePassport2025(), still, tt.faces, img); got != tt.adult {
			t.Errorf("%s, an adult: got %q, want %q", tt.name, got, tt.adult)
		}
		if got := Guide(infant, still, tt.faces, img); got != tt.infant {
			t.Errorf("%s, a small child: got %q, want %q", tt.name, got, tt.infant)
		}
	}
}
