// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"errors"
	"hash/fnv"
	"image"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/disintegration/imaging"

	"github.com/fotobox-project/fotobox/image/face"
	"github.com/fotobox-project/fotobox/image/phototest"
	"github.com/fotobox-project/fotobox/image/pixel"
	"github.com/fotobox-project/fotobox/image/portrait"
	"github.com/fotobox-project/fotobox/image/rule"
)

// A result is one photo, as it is or altered, and what the engine says of it.
type result struct {
	photo  phototest.Photo
	fault  string // empty for the photo as it is
	report rule.Report
	// cheek is the lightness of the cheeks in the photo as it is, CIE L*; NaN
	// without a face.
	cheek float64
	thumb []byte // JPEG of what was judged; nil unless asked for
}

// finding gives the rule's finding; false when the set does not judge by it.
func (r result) finding(id rule.ID) (rule.Finding, bool) {
	for _, f := range r.report.Findings {
		if f.ID == id {
			return f, true
		}
	}
	return rule.Finding{}, false
}

// outside tells whether the value lies outside the limits; what could not be
// measured does not.
func outside(f rule.Finding) bool { return f.Side == rule.Low || f.Side == rule.High }

// An engine judges pictures with the relative set.
type engine struct {
	finder *face.Finder
	set    rule.Set
	thumbs bool
}

func newEngine(thumbs bool) (*engine, error) {
	finder, err := face.New()
	return &engine{finder, rule.DePassport2025().Relative(), thumbs}, err
}

// judge gives the faces of the picture as well.
func (e *engine) judge(img image.Image, colour pixel.ColourSpace) (result, []face.Face, error) {
	faces, err := e.finder.Find(img)
	if err != nil {
		return result{}, nil, err
	}
	p, _, misfit := rule.Cut(e.set, img, colour, faces)
	if _, ok := errors.AsType[*portrait.Misfit](misfit); misfit != nil && !ok {
		return result{}, nil, misfit
	}
	r := result{report: rule.Judge(p, e.set), cheek: math.NaN()}
	if e.thumbs {
		r.thumb, err = thumbnail(img, p.Image, len(faces))
	}
	if len(faces) > 0 {
		r.cheek = cheekLightness(img, faces[0])
	}
	return r, faces, err
}

// thumbnail shows the cut, or the whole picture when others are in it.
func thumbnail(whole, cut image.Image, faces int) ([]byte, error) {
	if faces != 1 {
		cut = whole
	}
	var b bytes.Buffer
	err := jpeg.Encode(&b, imaging.Fit(cut, 140, 124, imaging.Box), &jpeg.Options{Quality: 70})
	return b.Bytes(), err
}

// cheekLightness is the mean CIE L* of both cheeks: the measured skin tone.
func cheekLightness(img image.Image, f face.Face) float64 {
	table := pixel.Linear()
	p := pixel.Resample(img, portrait.Eyes(f), -1, -0.5, 1, 1.2, 40)
	var sum, n float64
	for i := range p.R {
		x, y := p.Place(i)
		if math.Abs(math.Abs(x)-0.5) < 0.15 && math.Abs(y-0.55) < 0.15 {
			sum += 0.2126*float64(table[uint8(p.R[i])]) + 0.7152*float64(table[uint8(p.G[i])]) + 0.0722*float64(table[uint8(p.B[i])])
			n++
		}
	}
	return lightness(sum / n)
}

// lightness is CIE L* of a luminance from 0 to 1.
func lightness(y float64) float64 {
	if y <= 216.0/24389 {
		return y * 24389 / 27
	}
	return 116*math.Cbrt(y) - 16
}

// manyGood is a good set so large that half of it is enough for faults that no
// target counts: a full run on the shared photos shall take minutes.
const manyGood = 20

// judgeAll judges every photo, and those of the good set also with every fault; of
// a large set every second photo gets only the faults that a target counts.
func (e *engine) judgeAll(photos, good []phototest.Photo, list []fault) ([]result, error) {
	faulty := map[string]int{}
	for i, p := range good {
		faulty[p.Name] = i + 1
	}
	return each(photos, func(p phototest.Photo) ([]result, error) {
		img, colour, err := p.Open()
		if err != nil {
			return nil, err
		}
		first, faces, err := e.judge(img, colour)
		if err != nil {
			return nil, err
		}
		first.photo = p
		out := []result{first}
		i := faulty[p.Name]
		if i == 0 || len(faces) == 0 {
			return out, nil
		}
		c := newCanvas(img, p.Marks, faces)
		if c.other, _, err = good[i%len(good)].Open(); err != nil {
			return nil, err
		}
		todo := list
		if i%2 == 0 && len(good) > manyGood {
			todo = slices.DeleteFunc(slices.Clone(list), func(f fault) bool { return !wanted(f.name) })
		}
		more, err := e.judgeFaults(c, first, todo)
		return append(out, more...), err
	})
}

func (e *engine) judgeFaults(c *canvas, first result, list []fault) (out []result, err error) {
	for _, f := range list {
		if f.hand && c.marks == nil {
			continue
		}
		r, _, err := e.judge(f.alter(c, seeded(first.photo.Name, f.name)), pixel.RGB24)
		if err != nil {
			return nil, err
		}
		r.photo, r.fault, r.cheek = first.photo, f.name, first.cheek
		out = append(out, r)
	}
	return out, nil
}

// seeded draws by the names, so that a fault is the same in every run.
func seeded(names ...string) *rand.Rand {
	h := fnv.New64a()
	for _, n := range names {
		h.Write([]byte(n + "\n"))
	}
	return rand.New(rand.NewPCG(h.Sum64(), 1))
}

// each calls f for every item on all cores and gives the results in the items' order.
func each[T, R any](items []T, f func(T) ([]R, error)) ([]R, error) {
	parts, errs := make([][]R, len(items)), make([]error, len(items))
	var next atomic.Int64
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(items); i = int(next.Add(1)) - 1 {
				parts[i], errs[i] = f(items[i])
			}
		})
	}
	wg.Wait()
	var all []R
	for _, p := range parts {
		all = append(all, p...)
	}
	return all, errors.Join(errs...)
}
