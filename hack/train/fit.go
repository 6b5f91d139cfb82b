// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"errors"
	"math"
	"slices"

	"github.com/fotobox-project/fotobox/image/model"
)

// scaling brings every input to the same spread.
type scaling struct{ mean, scale []float64 }

// standard scales the inputs in place, with a constant 1 as the last one.
func standard(x [][]float64) ([][]float64, scaling) {
	d, n := len(x[0]), float64(len(x))
	s := scaling{make([]float64, d), make([]float64, d)}
	for _, v := range x {
		for j, a := range v {
			s.mean[j] += a / n
		}
	}
	for _, v := range x {
		for j, a := range v {
			s.scale[j] += (a - s.mean[j]) * (a - s.mean[j]) / n
		}
	}
	for j, v := range s.scale {
		s.scale[j] = 0 // an input that never changes tells nothing
		if v > 1e-8 {
			s.scale[j] = 1 / math.Sqrt(v)
		}
	}
	out := make([][]float64, len(x))
	for i, v := range x {
		row := make([]float64, d+1)
		for j, a := range v {
			row[j] = (a - s.mean[j]) * s.scale[j]
		}
		row[d] = 1
		out[i] = row
	}
	return out, s
}

// plain turns weights of scaled inputs into those of the inputs as they are.
func (s scaling) plain(w []float64) model.Model {
	d := len(s.mean)
	m := model.Model{Bias: w[d], Weights: make([]float64, d)}
	for j := range d {
		m.Weights[j] = w[j] * s.scale[j]
		m.Bias -= m.Weights[j] * s.mean[j]
	}
	return m
}

// linear is least squares with a penalty of ridge times the squared weights.
func linear(x [][]float64, y []float64, ridge float64) (model.Model, error) {
	x, s := standard(x)
	n := newNormal(len(x[0]))
	for i, v := range x {
		n.add(v, 1, y[i])
	}
	w, err := n.solve(ridge * float64(len(x)))
	return s.plain(w), err
}

// odd is linear for inputs that change their sign, as the result does, in a
// mirrored picture: every example counts mirrored, too, and nothing is constant.
func odd(x [][]float64, y []float64, ridge float64) (model.Model, error) {
	both, values := slices.Clone(x), slices.Clone(y)
	for i, v := range x {
		w := make([]float64, len(v))
		for j, a := range v {
			w[j] = -a
		}
		both, values = append(both, w), append(values, -y[i])
	}
	m, err := linear(both, values, ridge)
	m.Bias = 0 // but for rounding
	return m, err
}

// logistic is logistic regression by Newton's method, both classes weighing the
// same, with the same penalty.
func logistic(x [][]float64, y []float64, ridge float64) (model.Model, error) {
	x, s := standard(x)
	ones := 0.0
	for _, v := range y {
		ones += v
	}
	n := float64(len(y))
	if ones == 0 || ones == n {
		return model.Model{}, errors.New("all examples are alike")
	}
	w := make([]float64, len(x[0]))
	for range 12 {
		normal := newNormal(len(w))
		for i, v := range x {
			var z float64
			for j, a := range v {
				z += w[j] * a
			}
			weight := n / 2 / ones
			if y[i] == 0 {
				weight = n / 2 / (n - ones)
			}
			p := 1 / (1 + math.Exp(-z))
			curve := max(p*(1-p), 1e-4)
			normal.add(v, weight*curve, z+(y[i]-p)/curve)
		}
		var err error
		if w, err = normal.solve(ridge * n); err != nil {
			return model.Model{}, err
		}
	}
	return s.plain(w), nil
}

// normal is the normal equation of weighted least squares.
type normal struct {
	a [][]float64 // lower half
	b []float64
}

func newNormal(d int) *normal {
	n := &normal{a: make([][]float64, d), b: make([]float64, d)}
	for i := range n.a {
		n.a[i] = make([]float64, i+1)
	}
	return n
}

func (n *normal) add(v []float64, weight, y float64) {
	for i, a := range v {
		row := n.a[i]
		if a *= weight; a == 0 {
			continue
		}
		for j := range row {
			row[j] += a * v[j]
		}
		n.b[i] += a * y
	}
}

// solve is Cholesky's; the last unknown, the constant, has no penalty.
func (n *normal) solve(penalty float64) ([]float64, error) {
	d := len(n.b)
	for i := range d {
		if i < d-1 {
			n.a[i][i] += penalty
		}
		for j := range i + 1 {
			sum := n.a[i][j]
			for k := range j {
				sum -= n.a[i][k] * n.a[j][k]
			}
			if i > j {
				n.a[i][j] = sum / n.a[j][j]
				continue
			}
			if sum <= 0 {
				return nil, errors.New("the inputs depend on each other")
			}
			n.a[i][i] = math.Sqrt(sum)
		}
	}
	w := make([]float64, d)
	for i := range d {
		sum := n.b[i]
		for k := range i {
			sum -= n.a[i][k] * w[k]
		}
		w[i] = sum / n.a[i][i]
	}
	for i := d - 1; i >= 0; i-- {
		sum := w[i]
		for k := i + 1; k < d; k++ {
			sum -= n.a[k][i] * w[k]
		}
		w[i] = sum / n.a[i][i]
	}
	return w, nil
}
