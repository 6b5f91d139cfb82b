// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"math"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/fotobox-project/fotobox/image/model"
)

// A few sitters give the same table twice, whatever the number of processors.
func TestRepeatable(t *testing.T) {
	few := training{seed: 7, sitters: 14}
	if testing.Short() || underRace {
		t.Skip("renders")
	}
	table := func() string {
		examples, err := few.gather()
		if err != nil {
			t.Fatal(err)
		}
		table, err := few.table(examples)
		if err != nil {
			t.Fatal(err)
		}
		return table.String()
	}
	first := table()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	if again := table(); again != first {
		t.Error("the same seed gives another table")
	}
}

// The table in the repository is that of this command as it runs without flags,
// with the models and the sizes that it learns.
func TestTableIsOurs(t *testing.T) {
	table, err := model.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	if want := (training{seed: defaultSeed, sitters: defaultSitters}).command(); table.Command != want {
		t.Errorf("image/model/table.txt was written by %q, want %q", table.Command, want)
	}
	for i, s := range subjects() {
		m := table.Models[i]
		if m.Name != s.name || len(m.About) < len(s.about) || m.About[:len(s.about)] != s.about {
			t.Errorf("model %s, %q; want %s, %q", m.Name, m.About, s.name, s.about)
		}
	}
}

// Both fits find what made the examples.
func TestFits(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	var x [][]float64
	var y, class []float64
	for range 4000 {
		v := []float64{r.NormFloat64(), 3 + 2*r.NormFloat64(), 5}
		z := 1 + 2*v[0] - v[1]
		x, y = append(x, v), append(y, z)
		one := 0.0
		if r.Float64() < 1/(1+math.Exp(-z)) {
			one = 1
		}
		class = append(class, one)
	}
	line, err := linear(x, y, 1e-9)
	if err != nil {
		t.Fatal(err)
	}
	s, err := logistic(x, class, 1e-9)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{2, -1, 0} {
		if got := line.Weights[i]; math.Abs(got-want) > 1e-6 {
			t.Errorf("line: weight %d = %v, want %v", i, got, want)
		}
		if got := s.Weights[i]; math.Abs(got-want) > 0.25 {
			t.Errorf("classes: weight %d = %v, want about %v", i, got, want)
		}
	}
	if math.Abs(line.Bias-1) > 1e-6 {
		t.Errorf("line: bias %v, want 1", line.Bias)
	}
	if _, err := logistic(x, y[:0], 1); err == nil {
		t.Error("no error without classes")
	}
}
