// SPDX-License-Identifier: EUPL-1.2

package rule

import (
	"image"
	"math"
	"slices"
	"time"

	"github.com/fotobox-project/fotobox/image/face"
)

// The hints that no single frame can give.
const (
	HintMoving     Hint = "moving"
	HintNotFrontal Hint = "not-frontal"
)

// How a Track decides.
const (
	trackSpan   = 700 * time.Millisecond // frames that are older do not count
	trackLeast  = 5                      // frames before pose and blinks are judged
	trackMost   = 24                     // frames that are kept
	mostSpeed   = 0.5                    // IED per second, about 30 mm: 2 % of an IED while a lamp flashes for 40 ms
	blinkLength = 400 * time.Millisecond // a blink is over sooner
)

// frontal bounds yaw in the guidance, degrees; once a face was found turned it
// must come nearer before it counts as frontal again.
const (
	frontalLeave  = 10
	frontalReturn = 8
)

// A Track is what the guidance remembers of one visit's frames, so that it
// decides on medians and not on single frames: poses scatter, people blink, and
// a person who moves blurs the photo. The zero Track knows nobody. It does not
// change; Look gives the next one.
type Track struct {
	seen   []glimpse
	shut   time.Time // since when eyes or mouth were not as they should; zero when they are
	turned bool
}

// glimpse is what is kept of a frame.
type glimpse struct {
	at        time.Time
	x, y, ied float64 // middle between the pupils and their distance, pixels
	yaw       float64 // NaN where unknown
}

// Look tells what the person shall do, from a frame taken at that time and all
// that went before it. It gives Guide's hints, except that closed and hidden eyes
// count only when they last longer than a blink, and HintMoving and HintNotFrontal
// where nothing else is to be said. The other arguments are Guide's.
func (t Track) Look(set Set, at time.Time, size image.Point, faces []face.Face, img image.Image) (Track, Hint) {
	hint, p := guide(set, size, faces, img)
	if len(faces) == 0 || hint == HintSeveralFaces {
		return Track{}, hint
	}
	t = t.with(at, p)
	t.turned = t.sideways(set)
	hidden := hint == HintEyesOpen || hint == HintGlare
	if !hidden {
		t.shut = time.Time{}
	} else if t.shut.IsZero() {
		t.shut = at
	}
	switch {
	case hidden && at.Sub(t.shut) < blinkLength:
		return t, t.calm()
	case hint != HintGood && hint != HintMouthClosed:
		return t, hint
	case t.turned:
		return t, HintNotFrontal
	case hint != HintGood:
		return t, hint
	}
	return t, t.calm()
}

// calm is the hint when nothing else is to be said.
func (t Track) calm() Hint {
	if t.moves() {
		return HintMoving
	}
	return HintGood
}

// with adds a frame and forgets old ones.
func (t Track) with(at time.Time, p *Picture) Track {
	f := p.Faces[0]
	g := glimpse{at, (f.EyeLeft.X + f.EyeRight.X) / 2, (f.EyeLeft.Y + f.EyeRight.Y) / 2, max(f.IED(), 1), math.NaN()}
	if v, err := yaw().Measure(p); err == nil {
		g.yaw = v
	}
	keep := slices.DeleteFunc(slices.Clone(t.seen), func(old glimpse) bool { return at.Sub(old.at) > trackSpan || !old.at.Before(at) })
	t.seen = append(keep, g)
	if len(t.seen) > trackMost {
		t.seen = t.seen[len(t.seen)-trackMost:]
	}
	return t
}

// sideways tells whether the median face is turned, with hysteresis.
func (t Track) sideways(set Set) bool {
	more := max(0, set.Limits["1.1"].Max-frontalLeave) // small children may look aside a little
	yaw, known := t.Yaw()
	switch {
	case !known:
		return t.turned
	case t.turned:
		return math.Abs(yaw) > frontalReturn+more
	}
	return math.Abs(yaw) > frontalLeave+more
}

// Yaw is the median of the last frames, degrees; false before there are enough.
func (t Track) Yaw() (float64, bool) {
	var v []float64
	for _, g := range t.seen {
		if !math.IsNaN(g.yaw) {
			v = append(v, g.yaw)
		}
	}
	if len(v) < trackLeast {
		return 0, false
	}
	return middle(v), true
}

// moves tells whether the head goes somewhere: the way between the median
// places of the earlier and the later half of the frames, so that the scatter of
// single ones does not count.
func (t Track) moves() bool {
	if len(t.seen) < trackLeast {
		return false
	}
	half := len(t.seen) / 2
	before, after := typical(t.seen[:half]), typical(t.seen[half:])
	way := math.Hypot(after.x-before.x, after.y-before.y) / after.ied
	return way > mostSpeed*max(after.at.Sub(before.at).Seconds(), 1e-3)
}

// typical gives the median place of some frames, at the time of the middle one.
func typical(seen []glimpse) glimpse {
	var x, y, ied []float64
	for _, g := range seen {
		x, y, ied = append(x, g.x), append(y, g.y), append(ied, g.ied)
	}
	return glimpse{at: seen[len(seen)/2].at, x: middle(x), y: middle(y), ied: middle(ied)}
}

// middle is the median; it sorts v.
func middle(v []float64) float64 {
	slices.Sort(v)
	if n := len(v); n%2 == 0 {
		return (v[n/2-1] + v[n/2]) / 2
	}
	return v[len(v)/2]
}
