// SPDX-License-Identifier: EUPL-1.2

package rule

import (
	"image"
	"math"
	"testing"
	"time"

	"github.com/fotobox-project/fotobox/image/face"
)

// frames looks at one face after another, 30 a second, and gives the last hint.
func frames(t Track, from time.Time, faces []face.Face) (Track, Hint) {
	var hint Hint
	img := plain(480, 640)
	for i, f := range faces {
		var list []face.Face
		if f.IED() > 0 {
			list = []face.Face{f}
		}
		t, hint = t.Look(DePassport2025(), from.Add(time.Duration(i)*time.Second/30), image.Pt(1944, 2592), list, img)
	}
	return t, hint
}

// walk places a face again and again, a little further each time.
func walk(n int, step float64, put func(face.Face) face.Face) (list []face.Face) {
	for i := range n {
		list = append(list, put(sketch(225+float64(i)*step, 300, 105, 0)))
	}
	return list
}

// TestTrackMoving: scatter of a still head is no movement, a walking one is, and
// rest is noticed. The eyes of these faces are too uncertain to be judged.
func TestTrackMoving(t *testing.T) {
	start := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	if _, got := frames(Track{}, start, walk(20, 0, blurred)); got != HintGood {
		t.Errorf("at rest: %q", got)
	}
	shaken := walk(20, 0, blurred)
	for i := range shaken {
		shaken[i] = blurred(sketch(240+3*float64(i%2), 300+2*float64(i%3), 105, 0))
	}
	if _, got := frames(Track{}, start, shaken); got != HintGood {
		t.Errorf("points that scatter: %q", got)
	}
	track, got := frames(Track{}, start, walk(15, 2.5, blurred)) // 75 pixels, 0.7 IED a second
	if got != HintMoving {
		t.Errorf("walking: %q", got)
	}
	if _, got := frames(track, start.Add(time.Second), walk(20, 0, blurred)); got != HintGood {
		t.Errorf("come to rest: %q", got)
	}
	if _, got := frames(track, start.Add(time.Second), []face.Face{{}}); got != HintNoFace {
		t.Errorf("gone: %q", got)
	}
}

// TestTrackBlink: lids that fall for a moment do not begin the wait anew; lids
// that stay down are told so.
func TestTrackBlink(t *testing.T) {
	start := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	open, shut := walk(20, 0, blurred), walk(5, 0, func(f face.Face) face.Face { return f })
	if got := Guide(DePassport2025(), image.Pt(1944, 2592), shut[:1], plain(480, 640)); got != HintEyesOpen {
		t.Fatalf("no eyes on a wall: %q", got)
	}
	track, _ := frames(Track{}, start, open)
	track, got := frames(track, start.Add(700*time.Millisecond), shut)
	if got != HintGood {
		t.Errorf("a blink: %q", got)
	}
	if _, got := frames(track, start.Add(1200*time.Millisecond), shut); got != HintEyesOpen {
		t.Errorf("closed eyes: %q", got)
	}
}

// TestTrackYaw: the median decides, and a turned head must come back further
// than it had to go.
func TestTrackYaw(t *testing.T) {
	now := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	at := func(turned bool, yaws ...float64) Track {
		t := Track{turned: turned}
		for _, v := range yaws {
			t.seen = append(t.seen, glimpse{now, 0, 0, 100, v})
		}
		return t
	}
	for _, tt := range []struct {
		name  string
		track Track
		want  bool
	}{
		{"too few", at(false, 20, 20, 20), false},
		{"frontal", at(false, 1, -3, 2, 40, 0), false},
		{"turned", at(false, 12, 14, -2, 13, 12), true},
		{"between, was frontal", at(false, 9, 9, 9, 9, 9), false},
		{"between, was turned", at(true, 9, 9, 9, 9, 9), true},
		{"back", at(true, 7, 7, 7, 7, 7), false},
		{"not known, was turned", at(true, math.NaN(), math.NaN(), 1, 1, 1), true},
	} {
		if got := tt.track.sideways(DePassport2025()); got != tt.want {
			t.Errorf("%s: %t", tt.name, got)
		}
	}
}
