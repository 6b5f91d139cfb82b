// SPDX-License-Identifier: EUPL-1.2

package rule

import (
	"encoding/json"
	"image"
	"math"
	"strings"
	"testing"

	"github.com/fotobox-project/fotobox/image/face"
	"github.com/fotobox-project/fotobox/image/model"
	"github.com/fotobox-project/fotobox/image/pixel"
)

// faceless is a patch of a face that holds nothing but what paint puts there: the
// luma of column i and row j.
func faceless(paint func(i, j int) float32) *pixel.Patch {
	p := pixel.Resample(plain(300, 400), model.Frame(sketch(150, 170, 80, 0)), model.Left, model.Top, model.Right, model.Bottom, model.PerUnit)
	for o := range p.Y {
		v := paint(o%p.W, o/p.W)
		p.R[o], p.G[o], p.B[o], p.Y[o] = v, v, v, v
	}
	return p
}

// TestLikeness: a picture that is its own mirror image is as like as can be, and a
// face of one tone is like nothing.
func TestLikeness(t *testing.T) {
	fine := func(i int) float32 { return 100 + 60*float32(i&2) } // stripes of two samples: an offset by one is seen
	mirrored := faceless(func(i, j int) float32 { return fine(min(i, 191-i)) + float32(j) })
	if got := likeness(mirrored); math.Abs(got-1) > 1e-9 {
		t.Errorf("a mirrored picture: got %v, want 1", got)
	}
	opposite := faceless(func(i, _ int) float32 { return 128 + float32(i-96)/2 })
	if got := likeness(opposite); got > -0.99 {
		t.Errorf("opposite sides: got %v, want -1", got)
	}
	for _, tone := range []float32{0, 16, 127.3, 255} {
		for _, wobble := range []float32{0, 1e-5, 0.3} {
			flat := faceless(func(i, j int) float32 { return tone + wobble*float32((i*7+j*13)%3) })
			if got := likeness(flat); got != 0 {
				t.Errorf("tone %v and wobble %v: got %v, want 0", tone, wobble, got)
			}
		}
	}
}

// TestGlareOnLightSkin: skin that is itself nearly white does not put a lamp in the
// glasses out of reach.
func TestGlareOnLightSkin(t *testing.T) {
	for _, tt := range []struct {
		name       string
		skin, lamp float32
		want       bool
	}{
		{"light skin", 160, 252, true},
		{"very light skin", 215, 252, true},
		{"very light skin without a lamp", 215, 235, false},
		{"dark skin", 60, 230, true},
		{"dark skin without a lamp", 60, 220, false},
	} {
		p := faceless(func(i, j int) float32 {
			if i > 40 && i < 60 && j > 90 && j < 100 {
				return tt.lamp
			}
			return tt.skin
		})
		if got := white(p, -0.5, percentile(cheeks(p), 0.5)); (got > 0.01) != tt.want {
			t.Errorf("%s: share %.3f, want a lamp: %t", tt.name, got, tt.want)
		}
	}
}

// TestMouthMisplaced: points that are no mouth's are a reason, not a value.
func TestMouthMisplaced(t *testing.T) {
	for name, move := range map[string]func(*face.Face){
		"both corners on one place":   func(f *face.Face) { f.MouthRight = f.MouthLeft },
		"corners hardly apart":        func(f *face.Face) { f.MouthRight = f.MouthLeft; f.MouthRight.X += 1e-3 },
		"wider than the face":         func(f *face.Face) { f.MouthLeft.X, f.MouthRight.X = f.MouthLeft.X-100, f.MouthRight.X+100 },
		"lips upside down":            func(f *face.Face) { f.LipTop, f.LipBottom = f.LipBottom, f.LipTop },
		"lips on one place":           func(f *face.Face) { f.LipBottom = f.LipTop },
		"lower lip far below the jaw": func(f *face.Face) { f.LipBottom.Y += 140 },
	} {
		f := sketch(300, 350, 100, 0)
		move(&f)
		v, err := mouthClosed().Measure(Whole(plain(600, 800), pixel.RGB24, []face.Face{f}))
		if err == nil {
			t.Errorf("%s: got %v, want a reason", name, v)
		}
	}
	if v, err := mouthClosed().Measure(Whole(plain(600, 800), pixel.RGB24, []face.Face{sketch(300, 350, 100, 0)})); err != nil || math.IsNaN(v) {
		t.Errorf("an average mouth: %v, %v", v, err)
	}
}

// TestYawMisplaced: eyes on the mouth's line, and a nose on it, give a finding that
// is a number or has a reason.
func TestYawMisplaced(t *testing.T) {
	f := sketch(300, 350, 100, 0)
	for _, p := range []*face.Point{&f.Nose, &f.MouthLeft, &f.MouthRight, &f.LipTop, &f.LipBottom} {
		p.Y = 350
	}
	r := Judge(Whole(plain(600, 800), pixel.RGB24, []face.Face{f}), DePassport2025())
	for _, id := range []ID{"1.1", "1.2", "2.1", "2.2", "3.3"} {
		if got := r.finding(id); math.IsNaN(got.Value) == (got.Reason == "") {
			t.Errorf("%s: value %v with the reason %q", id, got.Value, got.Reason)
		}
	}
}

// TestNoNumber: a measure that gives no number is unclear, with a reason; never a pass
// and never a limit that was missed.
func TestNoNumber(t *testing.T) {
	set := Set{Limits: map[ID]Limits{"9.9": {Min: math.Inf(-1), Max: 1}}}
	for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		f := judge(Rule{ID: "9.9", Name: "x", Measure: func(*Picture) (float64, error) { return v, nil }}, &Picture{}, set)
		if f.Side != Unclear || f.Reason == "" || !math.IsNaN(f.Value) || f.Advice != "x.unclear" {
			t.Errorf("%v: %+v", v, f)
		}
	}
}

// TestRollUnsure: a scatter that is no number is no certainty.
func TestRollUnsure(t *testing.T) {
	for _, spread := range []float64{math.NaN(), math.Inf(1), 25} {
		f := sketch(300, 350, 100, 0)
		f.EyeRight.Spread = spread
		for _, r := range []Rule{roll(), yaw(), eyesOpen(), focus()} {
			if v, err := r.Measure(Whole(plain(600, 800), pixel.RGB24, []face.Face{f})); err == nil {
				t.Errorf("%s with a scatter of %v: got %v, want a reason", r.Name, spread, v)
			}
		}
	}
}

// TestZeroOnPaper: a zero has no sign.
func TestZeroOnPaper(t *testing.T) {
	for _, v := range []float64{0, math.Copysign(0, -1), -1e-9} {
		data, err := json.Marshal(Finding{Value: v, Min: v})
		if err != nil || strings.Contains(string(data), "-0") {
			t.Errorf("%v is written as %s, %v", v, data, err)
		}
	}
}

// TestGuideMisplaced: a frame with such points has an answer.
func TestGuideMisplaced(t *testing.T) {
	f := sketch(240, 300, 105, 0)
	f.MouthRight = f.MouthLeft
	Guide(DePassport2025(), image.Point{}, []face.Face{f}, plain(480, 640))
}
