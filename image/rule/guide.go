// SPDX-License-Identifier: EUPL-1.2

package rule

import (
	"errors"
	"image"

	"github.com/fotobox-project/fotobox/image/face"
	"github.com/fotobox-project/fotobox/image/pixel"
	"github.com/fotobox-project/fotobox/image/portrait"
)

// Hint is what a person in front of the camera shall do next; the text's key is
// "hint.<hint>". The empty hint means: all is well, the photo can be taken.
type Hint string

// The hints in the order in which they are given: one at a time, the first that
// applies. Directions are the person's own: HintLeft asks to move to one's own
// left. The kiosk's preview is mirrored, so that this is to the left on the
// screen too; in the camera's picture the person then moves to the right.
// HintDark stands for HintNoFace where there is no light to find anybody in, and
// HintGlare for HintEyesOpen where it is a lamp in the glasses that hides the eyes;
// they have the names of their rules, whose signs they share.
const (
	HintDark         Hint = "exposure"
	HintNoFace       Hint = "no-face"
	HintSeveralFaces Hint = "several-faces"
	HintLeft         Hint = "left"
	HintRight        Hint = "right"
	HintUp           Hint = "up"
	HintDown         Hint = "down"
	HintNearer       Hint = "nearer"
	HintFarther      Hint = "farther"
	HintStraighten   Hint = "straighten"
	HintGlare        Hint = "glare"
	HintEyesOpen     Hint = "eyes-open"
	HintMouthClosed  Hint = "mouth-closed"
	HintGood         Hint = ""
)

// smallestStill is the least size of a station's still, upright.
func smallestStill() image.Point { return image.Pt(1944, 2592) }

// Guide tells the person in the preview frame img what to do by the set, from the faces
// found in it. size is that of the still which the camera takes, upright as the
// preview; a preview is smaller by a factor but shows the same field. When the
// still's size is not known pass the zero point or the preview's own size: the
// smallest still of a station, 1944x2592, is then assumed. HintGood means that
// portrait.Plan finds a crop of the still with a reserve for movement, and that
// roll, eyes and mouth lie in the set's limits on this frame, where they bind.
func Guide(set Set, size image.Point, faces []face.Face, img image.Image) Hint {
	hint, _ := guide(set, size, faces, img)
	return hint
}

// guide gives the frame's picture too, for what is measured beyond one frame.
func guide(set Set, size image.Point, faces []face.Face, img image.Image) (Hint, *Picture) {
	p := &Picture{Image: img, Colour: pixel.RGB24, Faces: faces}
	p.ready()
	if n, _ := oneFace().Measure(p); n == 0 && lightless(img) {
		return HintDark, p
	} else if n == 0 {
		return HintNoFace, p
	} else if set.Limits["4.3"].side(n) == High {
		return HintSeveralFaces, p
	}
	p.Roll = faces[0].Roll()
	if h := place(set, size, faces[0], img); h != HintGood {
		return h, p
	}
	for _, next := range []struct {
		rule Rule
		hint Hint
	}{{roll(), HintStraighten}, {eyesOpen(), HintEyesOpen}, {mouthClosed(), HintMouthClosed}} {
		if v, err := next.rule.Measure(p); err == nil && set.Binds(next.rule.ID) && set.Limits[next.rule.ID].side(v) != Inside {
			return because(next.hint, p), p
		}
	}
	return HintGood, p
}

// because gives HintGlare for eyes that are hidden, and any other hint as it is.
func because(h Hint, p *Picture) Hint {
	const hides = 4 // % of a lens: a smaller lamp hides no eye, and on a preview it may be skin that shines
	if h != HintEyesOpen {
		return h
	}
	if v, err := glare().Measure(p); err == nil && v > hides {
		return HintGlare
	}
	return h
}

// lightless tells whether even the brightest twentieth of the picture is nearly
// black, as no wall is on which light falls.
func lightless(img image.Image) bool {
	const side, level = 64, 25
	small, _ := pixel.Luma(img, side)
	bright := 0
	for _, v := range small.Pix {
		if v >= level {
			bright++
		}
	}
	return bright*20 < len(small.Pix)
}

// place asks whether the still can be cropped, in the still's pixels.
func place(set Set, size image.Point, f face.Face, img image.Image) Hint {
	b := img.Bounds()
	if size.X <= b.Dx() || size.Y <= b.Dy() {
		size = smallestStill()
	}
	k := float64(size.Y) / float64(b.Dy())
	head := portrait.Measure(img, f).Scale(k)
	misfit, ok := errors.AsType[*portrait.Misfit](portrait.Fits(size, portrait.Scale(f, k), head, set.Least))
	if !ok {
		return HintGood
	}
	switch misfit.Advice {
	case portrait.TooFar:
		return HintNearer
	case portrait.TooNear:
		return HintFarther
	}
	return Hint(misfit.Advice)
}
