// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"fmt"
	"math"

	"github.com/fotobox-project/fotobox/image/model"
)

// A subject is what one model shall tell.
type subject struct {
	name  string
	about string
	// truth gives the wanted value for each of the model's inputs of one person;
	// not a number leaves it out.
	truth func(p person) []float64
	fit   func(x [][]float64, y []float64, ridge float64) (model.Model, error)
	ridge float64
}

func subjects() []subject {
	return []subject{
		{model.EyeOpen, "an eye is open: 8 directions in 6 x 4 cells, brightness in 8 x 5, its corners", eyesOpen, logistic, 0.02},
		{model.EyeVisible, "an eye is not hidden by hair or tint: 8 directions and brightness in 5 x 4 cells, and what differs from the other eye", eyesVisible, logistic, 0.02},
		{model.MouthOpen, "the mouth is open or shows teeth: 8 directions in 8 x 5 cells, brightness and redness in 6 x 7, its shape", mouthOpen, logistic, 0.02},
		{model.Smiling, "the face smiles: as mouth-open", smiling, logistic, 0.02},
		{model.Yaw, "degrees to the right: differences of both halves in points, their products with sums, 8 directions in 10 x 10 cells", yaw, linear, 0.02},
		{model.Pitch, "degrees up: sums of both halves in points, products of two, 8 directions in 10 x 10 cells", pitch, linear, 0.02},
	}
}

// learn fits the model to the examples.
func (s subject) learn(examples []example) (model.Model, error) {
	var x [][]float64
	var y []float64
	for _, e := range examples {
		truth := s.truth(e.person)
		for i, v := range e.inputs[s.name] {
			if !math.IsNaN(truth[i]) {
				x, y = append(x, v), append(y, truth[i])
			}
		}
	}
	if len(x) == 0 {
		return model.Model{}, fmt.Errorf("no examples")
	}
	m, err := s.fit(x, y, s.ridge)
	m.Name = s.name
	m.About = fmt.Sprintf("%s; %d examples", s.about, len(x))
	return m, err
}

// between gives 0 up to low, 1 from high on, and nothing between.
func between(v, low, high float64) float64 {
	switch {
	case v <= low:
		return 0
	case v >= high:
		return 1
	}
	return math.NaN()
}
