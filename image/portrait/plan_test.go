// SPDX-License-Identifier: EUPL-1.2

package portrait

import (
	"errors"
	"image"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/fotobox-project/fotobox/image/face"
)

func TestPlanTarget(t *testing.T) {
	f := sketch(972, 1200, 460, 3)
	c, err := Plan(image.Pt(1944, 2592), f, proportions(f), Adults())
	if err != nil {
		t.Fatal(err)
	}
	h, m := c.MapHead(proportions(f)), c.Map(f)
	for _, tt := range []struct {
		what            string
		got, want, near float64
	}{
		{"head height", h.Height() / Height, 0.75, 0.001},
		{"eye line", (m.EyeLeft.Y + m.EyeRight.Y) / 2 / Height, 0.45, 0.001},
		{"centring", (m.EyeLeft.X + m.EyeRight.X) / 2 / Width, 0.50, 0.001},
		{"roll left in the portrait", m.Roll(), 0, 0.01},
		{"roll taken back", c.Roll, 3, 0.01},
	} {
		if math.Abs(tt.got-tt.want) > tt.near {
			t.Errorf("%s: got %.4f, want %.4f", tt.what, tt.got, tt.want)
		}
	}
}

func TestPlanMisfit(t *testing.T) {
	size := image.Pt(1944, 2592)
	for _, tt := range []struct {
		name      string
		x, y, ied float64
		want      string
	}{
		{"far", 972, 1200, 250, TooFar},
		{"near", 972, 1200, 700, TooNear},
		{"left in the picture", 400, 1200, 460, Left},
		{"right in the picture", 1544, 1200, 460, Right},
		{"high", 972, 400, 460, Down},
		{"low", 972, 2000, 460, Up},
	} {
		f := sketch(tt.x, tt.y, tt.ied, 0)
		c, err := Plan(size, f, proportions(f), Adults())
		misfit, ok := errors.AsType[*Misfit](err)
		if !ok || misfit.Advice != tt.want {
			t.Errorf("%s: got %v, want the advice %q", tt.name, err, tt.want)
		}
		if l := (layout{size: size}); !l.holds(c) || c.Scale < 1 {
			t.Errorf("%s: the nearest crop %+v pads or enlarges", tt.name, c)
		}
	}
}

// TestPlanTight: a head that is off the ideal but within the rules' freedom is cut.
func TestPlanTight(t *testing.T) {
	for _, tt := range []struct {
		name      string
		size      image.Point
		x, y, ied float64
	}{
		{"few pixels: head height down to 0.70", image.Pt(1944, 2592), 972, 1200, 337},
		{"near: head height up to 0.80", image.Pt(1944, 2592), 972, 1200, 558},
		{"near the upper edge: eye line up", image.Pt(1944, 2592), 972, 780, 400},
		{"near the left edge: off centre", image.Pt(1944, 2592), 720, 1200, 400},
	} {
		f := sketch(tt.x, tt.y, tt.ied, 0)
		if _, err := Plan(tt.size, f, proportions(f), Adults()); err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
}

// TestPlanLaws: whatever the face, a crop lies in the picture and is not
// enlarged; without an error it also keeps the limits of the rules.
func TestPlanLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := image.Pt(rapid.IntRange(200, 4000).Draw(t, "width"), rapid.IntRange(200, 4000).Draw(t, "height"))
		f := sketch(
			rapid.Float64Range(0, float64(size.X)).Draw(t, "x"), rapid.Float64Range(0, float64(size.Y)).Draw(t, "y"),
			rapid.Float64Range(20, 900).Draw(t, "ied"), rapid.Float64Range(-19, 19).Draw(t, "roll"))
		head := proportions(f)
		c, err := Plan(size, f, head, Adults())
		if l := (layout{size: size}); !l.holds(c) || c.Scale < 1 {
			t.Fatalf("crop %+v of %v pads or enlarges", c, size)
		}
		if err != nil {
			return
		}
		m, h := c.Map(f), c.MapHead(head)
		x, y := (m.EyeLeft.X+m.EyeRight.X)/2/Width, (m.EyeLeft.Y+m.EyeRight.Y)/2/Height
		if r := h.Height() / Height; c.Size != image.Pt(Width, Height) || r < 0.70 || r > 0.80 || x < 0.45 || x > 0.55 || y < 0.30 || y > 0.50 {
			t.Fatalf("portrait of %v: head %.3f, eyes at %.3f, %.3f", c.Size, r, x, y)
		}
	})
}

// TestFitsReserve: where Fits is content a person may move by the reserve, whatever
// the head and the picture.
func TestFitsReserve(t *testing.T) {
	fits := 0
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string, lo, hi float64) float64 { return rapid.Float64Range(lo, hi).Draw(t, name) }
		crown, hair, chin, width := draw("crown", 1.4, 2), draw("hair", 0, 0.6), draw("chin", 1.5, 2), draw("across", 1.9, 2.5)
		ied, roll := draw("ied", 320, 560), draw("roll", -8, 8)
		crop := (crown + chin) * ied / headTarget
		h := math.Round(crop * draw("above and below", 1, 1.4))
		w := math.Round(crop * Width / Height * draw("beside", 1, 1.8))
		size := image.Pt(int(w), int(h))
		x, y := w*draw("x", 0.4, 0.6), h*draw("y", 0.4, 0.55)
		seen := func(x, y, ied float64) (face.Face, Head) {
			f := sketch(x, y, ied, roll)
			e := Eyes(f)
			return f, Head{Crown: along(e, -crown), Top: along(e, -crown-hair), Chin: along(e, chin), Width: width * ied}
		}
		f, head := seen(x, y, ied)
		if Fits(size, f, head, Adults()) != nil {
			return
		}
		fits++
		nearer := draw("nearer", 1/(1+movement), 1+movement)
		dx, dy := w*draw("dx", -movement/2, movement/2), h*draw("dy", -movement/2, movement/2)
		f, head = seen(x+dx, y+dy, ied*nearer)
		if _, err := Plan(size, f, head, Adults()); err != nil {
			t.Fatalf("Fits was content; then %v", err)
		}
	})
	if fits == 0 {
		t.Error("nothing fits")
	}
}

// TestPlanChildren: a child need not come as near, and still gets the larger head
// where the picture has it.
func TestPlanChildren(t *testing.T) {
	size := image.Pt(1944, 2592)
	small := sketch(972, 1200, 250, 0)
	if _, err := Plan(size, small, proportions(small), Adults()); err == nil {
		t.Fatal("an adult that far away fits: this proves nothing")
	}
	c, err := Plan(size, small, proportions(small), Children())
	if err != nil {
		t.Fatal(err)
	}
	h, f := c.MapHead(proportions(small)).Height()/Height, c.Map(small)
	if h < Children().Head || h > 0.7 || f.IED() < Children().Eyes {
		t.Errorf("head %.3f of the portrait, eyes %.0f pixels apart", h, f.IED())
	}
	near := sketch(972, 1200, 460, 0)
	adult, _ := Plan(size, near, proportions(near), Adults())
	if child, _ := Plan(size, near, proportions(near), Children()); child != adult {
		t.Errorf("near by the crop is %+v, want the adult's %+v", child, adult)
	}
}

// TestUnaimed: the crop lies in the picture, enlarges nothing and has the middle of
// the silhouette that the kiosk draws (240, 286 of 480x640) where a head's middle lies.
func TestUnaimed(t *testing.T) {
	for _, size := range []image.Point{{1944, 2592}, {3888, 5184}, {2592, 1944}, {1244, 1600}} {
		c := Unaimed(size)
		if l := (layout{size: size}); !l.holds(c) || c.Scale < 1 {
			t.Errorf("%v: %+v pads or enlarges", size, c)
		}
	}
	c := Unaimed(image.Pt(1944, 2592))
	x, y := c.Frame().From(1944*240/480., 2592*286/640.)
	if x, y := x/Width, y/Height; math.Abs(x-0.5) > 0.01 || math.Abs(y-0.45) > 0.02 || c.Size != image.Pt(Width, Height) {
		t.Errorf("the silhouette's middle lies at %.3f, %.3f of the portrait, want 0.50, 0.45", x, y)
	}
}
