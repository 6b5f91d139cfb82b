// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"image"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/fotobox-project/fotobox/image/face"
	"github.com/fotobox-project/fotobox/image/model"
	"github.com/fotobox-project/fotobox/image/pixel"
)

// An example is a sitter that was found in its picture, and what the models see of it.
type example struct {
	person person
	inputs map[string][][]float64
}

// gather renders the sitters, each from its own seed. Those whose face is not
// found, or whose eyes are lost, are left out.
func (t training) gather() ([]example, error) {
	finder, err := face.New()
	if err != nil {
		return nil, err
	}
	all := make([][]example, t.sitters)
	var next atomic.Int64
	var done sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		done.Go(func() {
			for i := next.Add(1) - 1; int(i) < len(all); i = next.Add(1) - 1 {
				r := rand.New(rand.NewPCG(t.seed, uint64(i)))
				all[i] = shoot(r, finder, newPerson(r))
			}
		})
	}
	done.Wait()
	return slices.Concat(all...), nil
}

// shoot takes the picture of a person and looks at it as a station does.
func shoot(r *rand.Rand, finder *face.Finder, p person) []example {
	img := p.photo()
	faces, err := finder.Track(img)
	if err != nil || len(faces) == 0 || faces[0].Spread() > 0.1 {
		return nil
	}
	var list []example
	for range copies {
		if s, err := sample(spoiled(r, img), nudged(r, faces[0])); err == nil {
			list = append(list, example{p, inputs(s)})
		}
	}
	return list
}

func inputs(s *model.Sample) map[string][][]float64 {
	all := map[string][][]float64{}
	for _, name := range model.Names() {
		all[name] = s.Inputs(name)
	}
	return all
}

func sample(img image.Image, f face.Face) (*model.Sample, error) {
	patch := pixel.Resample(img, model.Frame(f), model.Left, model.Top, model.Right, model.Bottom, model.PerUnit)
	return model.New(patch, f)
}
