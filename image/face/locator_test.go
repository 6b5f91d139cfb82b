// SPDX-License-Identifier: EUPL-1.2

package face

import (
	"bytes"
	"math"
	"testing"

	"github.com/fotobox-project/fotobox/image/pixel"
)

// eye draws a pupil of radius r in an iris in the white of an almond-shaped eye.
func eye(w, h int, x0, y0, r float64) *pixel.Gray {
	g := &pixel.Gray{Pix: make([]uint8, w*h), W: w, H: h}
	for i := range g.Pix {
		x, y := float64(i%w)+0.5-x0, float64(i/w)+0.5-y0
		lid := 2.2 * r * (1 - x*x/(25*r*r))
		switch d := math.Hypot(x, y); {
		case math.Abs(y) > lid:
			g.Pix[i] = 160
		case d < r:
			g.Pix[i] = 10
		case d < 2.3*r:
			g.Pix[i] = 70
		default:
			g.Pix[i] = 220
		}
	}
	return g
}

func TestLocateFindsADrawnPupil(t *testing.T) {
	l, err := parseLocator(cascade(t, "puploc"))
	if err != nil {
		t.Fatal(err)
	}
	g := eye(160, 120, 83.3, 61.7, 5)
	for _, from := range [][2]float64{{83, 62}, {78, 58}, {88, 65}} {
		s := start{x: from[0], y: from[1], size: 85}.turned(0)
		p := l.locate(g, s, pairs(32))
		if d := math.Hypot(p.X-83.3, p.Y-61.7); d > 2 || p.Spread > 3 {
			t.Errorf("from %v: got (%.1f, %.1f), spread %.1f; want (83.3, 61.7) within 2 pixels", from, p.X, p.Y, p.Spread)
		}
	}
}

// Mirroring the picture and the search mirrors the result exactly, but for
// the pixel on which a position falls.
func TestLocateMirrored(t *testing.T) {
	l, err := parseLocator(cascade(t, "lp84"))
	if err != nil {
		t.Fatal(err)
	}
	g := noise(200, 150, 5)
	m := &pixel.Gray{Pix: make([]uint8, len(g.Pix)), W: g.W, H: g.H}
	for i := range g.Pix {
		m.Pix[i] = g.Pix[i/g.W*g.W+g.W-1-i%g.W]
	}
	s := start{x: 120.3, y: 70.4, size: 90}.turned(0.2)
	one := []search{{start: s}}
	l.follow(g, one)
	o := start{x: 200 - 120.3, y: 70.4, size: 90, mirrored: true}.turned(-0.2)
	other := []search{{start: o}}
	l.follow(m, other)
	if want, got := one[0], other[0]; math.Abs(200-got.x-want.x) > 0.5 || math.Abs(got.y-want.y) > 0.5 {
		t.Errorf("mirrored search ended at (%.2f, %.2f); want (%.2f, %.2f)", 200-got.x, got.y, want.x, want.y)
	}
}

func TestLocateAtTheEdgeStaysFinite(t *testing.T) {
	l, err := parseLocator(cascade(t, "lp93"))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []start{{x: -1e4, y: 1e9, size: 80}, {x: 5, y: 5, size: 1e6}, {x: 1, y: 1}} {
		p := l.locate(noise(30, 20, 7), s.turned(1), pairs(8))
		if math.IsNaN(p.X+p.Y+p.Spread) || math.IsInf(p.X+p.Y, 0) {
			t.Errorf("start %+v: got %+v", s, p)
		}
	}
}

func TestParseLocatorRefusesDamage(t *testing.T) {
	whole := cascade(t, "lp38")
	deep, none, shrink, wild := bytes.Clone(whole), bytes.Clone(whole), bytes.Clone(whole), bytes.Clone(whole)
	deep[12], none[0] = 30, 0
	copy(shrink[4:], []byte{0, 0, 0x80, 0x7f}) // +Inf
	copy(wild[len(wild)-4:], []byte{0, 0, 0x80, 0x7f})
	for name, data := range map[string][]byte{
		"nothing": nil, "cut short": whole[:1000], "too long": append(bytes.Clone(whole), 0), "only a header": whole[:16],
		"trees of depth 30": deep, "no stage": none, "windows that grow for ever": shrink, "infinite leaf": wild,
	} {
		if _, err := parseLocator(data); err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
}

// smallLocator is a valid cascade of two stages of one tree of depth 1.
func smallLocator() []byte {
	data := []byte{2, 0, 0, 0, 0, 0, 0, 63, 1, 0, 0, 0, 1, 0, 0, 0}
	for range 2 {
		data = append(data, 10, 20, 246, 128)
		data = append(data, bytes.Repeat([]byte{0, 0, 0, 62}, 4)...)
	}
	return data
}

func FuzzParseLocator(f *testing.F) {
	f.Add(smallLocator())
	f.Add(smallLocator()[:20])
	f.Add([]byte{})
	picture, from := noise(48, 36, 3), start{x: 20, y: 15, size: 30}.turned(0.3)
	f.Fuzz(func(t *testing.T, data []byte) {
		if l, err := parseLocator(data); err == nil {
			l.locate(picture, from, pairs(4))
		}
	})
}
