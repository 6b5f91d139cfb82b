// SPDX-License-Identifier: EUPL-1.2

package cameratest

import (
	"image"
	"os"
	"sync"
)

// slide is one scene as the simulated camera sees it.
type slide struct {
	photo   string // empty = nobody is there
	preview *image.NRGBA
	still   func() *image.NRGBA // scaled at the first call, then kept
}

// reel makes slides of a folder's photos. It holds the current and the next one only, so that
// memory stays below two stills (2 x 20 MB) however many photos there are.
type reel struct {
	root *os.Root

	mu      sync.Mutex
	slides  map[string]*slide
	damaged map[string]bool
}

func newReel(root *os.Root) *reel {
	return &reel{root: root, slides: map[string]*slide{}, damaged: map[string]bool{}}
}

// slide returns the scene of photo and keeps only the slides of photo and next. The first reading
// of a damaged photo returns its error, later ones the empty scene.
func (r *reel) slide(photo, next string) (*slide, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for name := range r.slides {
		if name != photo && name != next {
			delete(r.slides, name)
		}
	}
	if s, ok := r.slides[photo]; ok {
		return s, nil
	}
	s, err := r.load(photo)
	if err != nil {
		return nil, err
	}
	r.slides[photo] = s
	return s, nil
}

func (r *reel) load(photo string) (*slide, error) {
	if photo == "" || r.damaged[photo] {
		return newSlide(photo, empty(previewSize()), func() *image.NRGBA { return empty(stillSize()) }), nil
	}
	img, err := readPhoto(r.root, photo)
	if err != nil {
		r.damaged[photo] = true
		return nil, err
	}
	return newSlide(photo, Film(img, previewSize()), func() *image.NRGBA { return Film(img, stillSize()) }), nil
}

func newSlide(photo string, preview *image.NRGBA, still func() *image.NRGBA) *slide {
	return &slide{photo: photo, preview: preview, still: sync.OnceValue(still)}
}
