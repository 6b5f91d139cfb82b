// SPDX-License-Identifier: EUPL-1.2

package rule

import (
	"image"
	"image/draw"
	"math"
	"testing"

	"github.com/disintegration/imaging"

	"github.com/fotobox-project/fotobox/image/face"
	"github.com/fotobox-project/fotobox/image/pixel"
	"github.com/fotobox-project/fotobox/image/portrait"
)

// judged gives the rule's finding on the rendered sitter before that wall.
func (st stage) judged(img image.Image) Finding {
	p, _, _ := Cut(DePassport2025(), img, pixel.RGB24, st.faces)
	return Judge(p, DePassport2025().Relative()).finding("4.1")
}

// TestBackground: what lamps do to an even wall is tolerated, what stands or hangs
// there is not. The portrait shows 1.8 inter-eye distances to both sides and 2.1
// above the eyes.
func TestBackground(t *testing.T) {
	st, neutral := staged(), [3]float64{1, 1, 1}
	for _, tt := range []struct {
		name string
		wall light
		want Side
	}{
		{"even", even, Inside},
		{"lamps at one side", lamps, Inside},
		{"darker below, as lamps from above leave it", func(_, y float64) float64 { return 1 - 0.07*(y+2) }, Inside},
		{"darker at the corners", func(x, y float64) float64 { return 1 - 0.02*(x*x+y*y) }, Inside},
		{"half the light on one side", func(x, _ float64) float64 { return 1 - 0.5*min(max((x+1.8)/3.6, 0), 1) }, High},
		{"a door's edge", func(x, _ float64) float64 { return step(x > -1.5, 0.5) }, High},
		{"half of the wall", func(x, _ float64) float64 { return step(x > 0, 0.6) }, High},
		{"a picture in a corner", func(x, y float64) float64 { return step(x < 1.1 || y > -1.4, 0.5) }, High},
		{"stripes", func(x, _ float64) float64 { return 0.8 + 0.2*math.Sin(2*math.Pi*x/0.4) }, High},
		{"wallpaper", func(x, y float64) float64 { return 0.8 + 0.2*math.Sin(30*x)*math.Sin(30*y) }, High},
	} {
		if f := st.judged(st.shown(tt.wall, neutral)); f.Side != tt.want {
			t.Errorf("%s: %.2f is %s, want %s %s", tt.name, f.Value, f.Side, tt.want, f.Reason)
		}
	}
}

// step is 1 where it holds and that light elsewhere.
func step(holds bool, light float64) float64 {
	if holds {
		return 1
	}
	return light
}

// TestDoorLikeHair: a door beside the head that has the colour of the hair is none.
func TestDoorLikeHair(t *testing.T) {
	st := staged()
	eyes := portrait.Eyes(st.faces[0])
	x, y := eyes.At(0, -1.4)
	hair := st.img.NRGBAAt(int(x), int(y))
	img := image.NewNRGBA(st.img.Rect)
	draw.Draw(img, img.Rect, st.img, image.Point{}, draw.Src)
	for o, wall := range st.wall {
		px, py := o%img.Rect.Dx(), o/img.Rect.Dx()
		if u, _ := eyes.From(float64(px), float64(py)); wall && u < -1.35 {
			img.SetNRGBA(px, py, hair)
		}
	}
	if f := st.judged(img); f.Side != High {
		t.Errorf("%.2f is %s, want high %s", f.Value, f.Side, f.Reason)
	}
}

// TestLittleWall: a head that fills the picture leaves nothing to say of the wall.
func TestLittleWall(t *testing.T) {
	st := staged()
	eyes := portrait.Eyes(st.faces[0])
	x0, y0 := eyes.At(-1.1, -1.3)
	x1, y1 := eyes.At(1.1, 2)
	tight := st.img.SubImage(image.Rect(int(x0), int(y0), int(x1), int(y1)))
	img := image.NewNRGBA(image.Rectangle{Max: tight.Bounds().Size()})
	draw.Draw(img, img.Rect, tight, tight.Bounds().Min, draw.Src)
	finder, err := face.New()
	if err != nil {
		t.Fatal(err)
	}
	faces, err := finder.Find(img)
	if err != nil || len(faces) != 1 {
		t.Fatalf("%d faces, %v", len(faces), err)
	}
	f := Judge(Whole(img, pixel.RGB24, faces), DePassport2025().Relative()).finding("4.1")
	if f.Side != Unclear || f.Reason != errNoWall.Error() {
		t.Errorf("%.2f is %s (%s), want unclear: %v", f.Value, f.Side, f.Reason, errNoWall)
	}
}

// TestSmallFace: the wall shows behind a face that is too small for all other measures.
func TestSmallFace(t *testing.T) {
	st := staged()
	for _, tt := range []struct {
		wall light
		want Side
	}{{even, Inside}, {func(x, _ float64) float64 { return step(x > -1.5, 0.5) }, High}} {
		whole := st.shown(tt.wall, [3]float64{1, 1, 1})
		k := 20 / st.faces[0].IED()
		img := imaging.Resize(whole, int(k*float64(whole.Rect.Dx())), 0, imaging.Box)
		p, _, _ := Cut(DePassport2025(), img, pixel.RGB24, []face.Face{portrait.Scale(st.faces[0], k)})
		if f := Judge(p, DePassport2025().Relative()).finding("4.1"); f.Side != tt.want {
			t.Errorf("%.2f is %s, want %s %s", f.Value, f.Side, tt.want, f.Reason)
		}
	}
}

// TestThrough: foreign cells along one edge do not bend the plane; a fit by least
// squares would tilt by 8 more.
func TestThrough(t *testing.T) {
	want := plane{{at: 200, x: 3, y: -8}, {at: 190, x: 3, y: -8}, {at: 180, x: 2, y: -7}}
	var cells []cell
	for o := range 80 {
		c := cell{x: float64(o%10)/2.5 - 2, y: float64(o/10)/3 - 2, at: make([]int, 16)}
		for k := range c.rgb {
			c.rgb[k] = want[k].over(c.x, c.y)
			if o%10 < 1 {
				c.rgb[k] -= 60
			}
		}
		cells = append(cells, c)
	}
	got := through(cells)
	for k := range got {
		if math.Abs(got[k].x-want[k].x) > 1 || math.Abs(got[k].y-want[k].y) > 1 || math.Abs(got[k].over(0, 0)-want[k].at) > 2 {
			t.Errorf("channel %d: got %+v, want %+v", k, got[k], want[k])
		}
	}
	if d := want.off(1, 1, [3]float64{195 + 6, 185 + 6, 175 + 6}); math.Abs(d-6) > 1e-9 {
		t.Errorf("off by %.3f, want 6", d)
	}
}

// TestWalls: plain walls of photos pass, whatever the hair before them, and the same
// ones with a door or half the light on one side do not.
func TestWalls(t *testing.T) {
	london := sitters(t, "london-[01]*")
	caught(t, "plain walls", london, "4.1", Inside, 1, asIs)
	caught(t, "a door", london, "4.1", High, 0.98, func(s sitting) *image.NRGBA {
		return s.dimmed(func(x float64) float64 { return step(x > -1.35, 0.5) })
	})
	caught(t, "half the light", london, "4.1", High, 0.98, func(s sitting) *image.NRGBA {
		return s.dimmed(func(x float64) float64 { return 1 - 0.5*min(max((x+1.8)/3.6, 0), 1) })
	})
}
