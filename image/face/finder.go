// SPDX-License-Identifier: EUPL-1.2

package face

import (
	"embed"
	"errors"
	"fmt"
	"image"
	"io/fs"

	"github.com/fotobox-project/fotobox/image/pixel"
)

//go:embed cascade
var cascades embed.FS

// Finder finds faces. It does not change after New, so that any number of
// goroutines may use one.
type Finder struct {
	detector                       *detector
	pupil, inner, outer            *locator
	nose, mouth, lipTop, lipBottom *locator
	still, preview                 plan
}

// New reads the cascades that the program contains.
func New() (*Finder, error) {
	files, err := fs.Sub(cascades, "cascade")
	if err != nil {
		return nil, err
	}
	return load(files)
}

func load(files fs.FS) (*Finder, error) {
	f := &Finder{still: stillPlan(), preview: previewPlan()}
	data, err := fs.ReadFile(files, "facefinder")
	if err != nil {
		return nil, fmt.Errorf("read cascade: %w", err)
	}
	if f.detector, err = parseDetector(data); err != nil {
		return nil, fmt.Errorf("cascade facefinder: %w", err)
	}
	for name, l := range map[string]**locator{
		"puploc": &f.pupil, "lp38": &f.inner, "lp312": &f.outer, "lp93": &f.nose,
		"lp84": &f.mouth, "lp81": &f.lipTop, "lp82": &f.lipBottom,
	} {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, fmt.Errorf("read cascade: %w", err)
		}
		if *l, err = parseLocator(data); err != nil {
			return nil, fmt.Errorf("cascade %s: %w", name, err)
		}
	}
	return f, nil
}

// Find searches a still: faces from 1/8 of the shorter side, best first. No
// face is no error.
func (f *Finder) Find(img image.Image) ([]Face, error) { return f.search(img, f.still) }

// Track searches a frame of the preview: faces from 1/5 of the shorter side, with
// fewer searches a point, in a few milliseconds.
func (f *Finder) Track(img image.Image) ([]Face, error) { return f.search(img, f.preview) }

func (f *Finder) search(img image.Image, p plan) ([]Face, error) {
	if img.Bounds().Empty() {
		return nil, errors.New("find faces: the picture has no pixels")
	}
	g, scale := pixel.Luma(img, p.detectSide)
	smallest := max(leastBox, int(float64(min(g.W, g.H))*p.smallest))
	var faces []Face
	for _, by := range p.steps {
		for _, w := range f.detect(g, smallest, by) {
			faces = append(faces, f.locate(img, p, w.times(scale)))
		}
		if len(faces) > 0 {
			break
		}
	}
	return faces, nil
}

// detect searches tilted heads too when there is no upright one, or only a
// window that may be the edge of a tilted head.
func (f *Finder) detect(g *pixel.Gray, smallest int, by steps) []window {
	found := cluster(f.detector.detect(g, smallest, 0, by))
	if len(distinct(found, sureScore)) == 0 {
		found = append(found, cluster(f.detector.detect(g, smallest, -tilt, by))...)
		found = append(found, cluster(f.detector.detect(g, smallest, tilt, by))...)
	}
	return distinct(found, by.least)
}
