// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"image"
	"math/rand/v2"
	"runtime"
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
	all := make([]*example, t.sitters)
	var next atomic.Int64
	var done sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		done.Go(func() {
			for i := next.Add(1) - 1; int(i) < len(all); i = next.Add(1) - 1 {
				all[i] = shoot(finder, newPerson(rand.New(rand.NewPCG(t.seed, uint64(i)))))
			}
		})
	}
	done.Wait()
	var found []example
	for _, e := range all {
		if e != nil {
			found = append(found, *e)
		}
	}
	return found, nil
}

// shoot takes the picture of a person and looks at it as a station does.
func shoot(finder *face.Finder, p person) *example {
	img := p.photo()
	faces, err := finder.Track(img)
	if err != nil || len(faces) == 0 || faces[0].Spread() > 0.1 {
		return nil
	}
	s, err := sample(img, faces[0])
	if err != nil {
		return nil
	}
	e := &example{person: p, inputs: map[string][][]float64{}}
	for _, name := range model.Names() {
		e.inputs[name] = s.Inputs(name)
	}
	return e
}

func sample(img image.Image, f face.Face) (*model.Sample, error) {
	patch := pixel.Resample(img, model.Frame(f), model.Left, model.Top, model.Right, model.Bottom, model.PerUnit)
	return model.New(patch, f)
}
