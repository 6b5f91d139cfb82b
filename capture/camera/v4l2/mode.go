// SPDX-License-Identifier: EUPL-1.2

package v4l2

import (
	"cmp"
	"fmt"
	"image"
	"math"
	"slices"

	"github.com/blackjack/webcam"

	"github.com/fotobox-project/fotobox/capture/camera"
)

// The formats that are read, by their four letters.
const (
	mjpeg webcam.PixelFormat = 'M' | 'J'<<8 | 'P'<<16 | 'G'<<24
	yuyv  webcam.PixelFormat = 'Y' | 'U'<<8 | 'Y'<<16 | 'V'<<24
)

const (
	// stillRate is the least rate of stills, pictures a second: a still has one second, of which a
	// change of the mode takes a half and two pictures the rest.
	stillRate = 5
	// liveRate is from where on a preview looks alive and guides.
	liveRate = 10
	// enoughRate is all that a preview needs.
	enoughRate = 15
	// previewHeight is about that of the preview, pixels, upright.
	previewHeight = 640
)

// A mode is one way in which the camera sends pictures.
type mode struct {
	format webcam.PixelFormat
	size   image.Point // as the sensor lies
	rate   float64     // pictures a second
}

func (m mode) String() string {
	name := "MJPEG"
	if m.format == yuyv {
		name = "YUYV"
	}
	return fmt.Sprintf("%s %dx%d at %.3g/s", name, m.size.X, m.size.Y, m.rate)
}

// A plan is what the camera is used with. Where both modes are the same, a still is a picture of
// the running stream.
type plan struct{ preview, still mode }

// choose takes the largest mode that is quick enough for stills, YUYV before MJPEG, for it is
// compressed nowhere. The preview runs in the same mode where that is lively, else in a smaller
// one that shows the same field.
func choose(modes []mode, rotation int) (plan, error) {
	var fit []mode
	for _, m := range modes {
		if s := frame(m.size, rotation).Size(); portrait(s, rotation).X >= camera.MinWidth && portrait(s, rotation).Y >= camera.MinHeight {
			fit = append(fit, m)
		}
	}
	if len(fit) == 0 {
		return plan{}, tooSmall(modes, rotation)
	}
	if quick := slices.DeleteFunc(slices.Clone(fit), func(m mode) bool { return m.rate < stillRate }); len(quick) > 0 {
		fit = quick
	}
	still := slices.MaxFunc(fit, func(a, b mode) int {
		return cmp.Or(cmp.Compare(area(a.size), area(b.size)), cmp.Compare(lossless(a), lossless(b)), cmp.Compare(a.rate, b.rate))
	})
	return plan{preview: preview(modes, still, rotation), still: still}, nil
}

func area(s image.Point) int { return s.X * s.Y }

func lossless(m mode) int {
	if m.format == yuyv {
		return 1
	}
	return 0
}

// preview is the mode to look at people with: a field other than the still's would guide them to
// the wrong place.
func preview(modes []mode, still mode, rotation int) mode {
	if still.rate >= liveRate {
		return still
	}
	best := still
	for _, m := range modes {
		aspect := float64(m.size.X) / float64(m.size.Y) * float64(still.size.Y) / float64(still.size.X)
		if m.rate < liveRate || math.Abs(aspect-1) > 0.01 {
			continue
		}
		if best == still || cheaper(m, best, rotation) {
			best = m
		}
	}
	return best
}

// cheaper tells whether a costs less than b for a preview that has enough pixels.
func cheaper(a, b mode, rotation int) bool {
	high := func(m mode) bool { return portrait(frame(m.size, rotation).Size(), rotation).Y >= previewHeight }
	switch {
	case high(a) != high(b):
		return high(a)
	case a.size == b.size:
		return a.format == mjpeg && b.format != mjpeg // a third of the bus
	}
	return (area(a.size) < area(b.size)) == high(a)
}

// tooSmall says what the camera can at most, and whether it would do on its side.
func tooSmall(modes []mode, rotation int) error {
	best, turned := image.Point{}, image.Point{}
	for _, m := range modes {
		if p := portrait(frame(m.size, rotation).Size(), rotation); area(p) > area(best) {
			best = p
		}
		if p := portrait(frame(m.size, rotation+90).Size(), rotation+90); area(p) > area(turned) {
			turned = p
		}
	}
	advice := "use a camera with more pixels"
	if turned.X >= camera.MinWidth && turned.Y >= camera.MinHeight {
		advice = "mount it on its side and set rotation = 90 or 270"
	}
	return fmt.Errorf("upright stills have at most %dx%d pixels, at least %dx%d are needed; %s",
		best.X, best.Y, camera.MinWidth, camera.MinHeight, advice)
}
