// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"fmt"
	"image/color"
	"io"
	"math"
	"strings"
	"text/tabwriter"

	"github.com/fotobox-project/fotobox/image/phototest"
	"github.com/fotobox-project/fotobox/image/rule"
)

// pixelOf is the grey of a linear light.
func pixelOf(l float64) color.NRGBA { v := phototest.Level(l); return color.NRGBA{v, v, v, 255} }

// mostBackward is how far a criterion may run against its direction and still be
// called monotonic, share of its range: what noise and pores do to it.
const mostBackward = 0.1

// A path is what a sweep showed, in words.
type path struct {
	monotonic string
	crosses   string
	err       float64 // worst difference to the parameter; NaN unless exact
	offset    float64 // mean difference to the parameter
	outside   rate
	unclear   int
}

func (s swept) path(limits rule.Limits) path {
	p := path{err: math.NaN()}
	var crosses []string
	var sum float64
	worst := math.NaN()
	for n := range s.series {
		x, y := s.values(n)
		worst = nanMax(worst, backward(y))
		crosses = append(crosses, places(x, y, limits))
		for i := range y {
			if math.IsNaN(y[i]) {
				p.unclear++
				continue
			}
			if s.exact {
				p.err = nanMax(p.err, math.Abs(y[i]-x[i]))
			}
			sum += y[i] - x[i]
			p.outside.add(y[i] < limits.Min || y[i] > limits.Max)
		}
	}
	switch {
	case math.IsNaN(worst):
		p.monotonic = "-"
	case worst <= mostBackward:
		p.monotonic = "yes"
	default:
		p.monotonic = fmt.Sprintf("back by %.0f %%", 100*worst)
	}
	if s.flat {
		p.monotonic = "flat"
	}
	p.crosses = strings.Join(crosses, " | ")
	p.offset = sum / float64(p.outside.of)
	return p
}

// places lists where the parameter takes the criterion over its limits.
func places(x, y []float64, limits rule.Limits) string {
	var all []string
	for _, l := range []float64{limits.Min, limits.Max} {
		for _, at := range crossings(x, y, l) {
			all = append(all, fmt.Sprintf("%.2f", at))
		}
	}
	if len(all) == 0 {
		return "never"
	}
	return strings.Join(all, " ")
}

func nanMax(a, b float64) float64 {
	if math.IsNaN(a) || b > a {
		return b
	}
	return a
}

func (e *evaluation) printSweeps(w io.Writer) {
	fmt.Fprintf(w, "\nSitters: each criterion along its parameter (crosses: where it passes a limit, by person; error: worst difference to the truth)\n")
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "rule\tparameter\tmonotonic\tcrosses at\toutside\tunclear\terror")
	for _, s := range e.sweeps {
		if !s.judged(e.set) {
			fmt.Fprintf(t, "%s\t%s\tnot judged\t\t\t\t\n", s.id, s.name)
			continue
		}
		p := s.path(e.set.Limits[s.id])
		fmt.Fprintf(t, "%s\t%s, %s\t%s\t%s\t%d of %d\t%d\t%s\n", s.id, s.name, s.unit, p.monotonic, p.crosses, p.outside.n, p.outside.of, p.unclear, number(p.err))
	}
	t.Flush()
}

// sitterTargets: roll, yaw and pitch by their worst error, eyes and head by that
// of nineteen renders in twenty.
func (e *evaluation) sitterTargets() []target {
	var list []target
	for _, want := range []struct {
		name  string
		limit float64
	}{{"roll", 1}, {"yaw", 2}, {"pitch", 4}} {
		for _, s := range e.sweeps {
			if s.name == want.name {
				p := s.path(e.set.Limits[s.id])
				list = append(list, target{"sitter: " + s.name + " error within 15 degrees, worst", p.err, want.limit, false, "degrees", fmt.Sprintf("mean %+.2f, %d unclear", p.offset, p.unclear)})
			}
		}
	}
	var pupils, heads, off, hair []float64
	for _, s := range e.sweeps {
		for _, series := range s.series {
			for _, d := range series {
				if d.open {
					pupils, heads = append(pupils, d.pupils), append(heads, d.head)
					off, hair = append(off, math.Abs(d.head)), append(hair, math.Abs(d.hair))
				}
			}
		}
	}
	return append(list,
		target{"sitter: head height ratio error", quantile(off, 0.95), 0.02, false, "",
			fmt.Sprintf("95 %% of %d renders; skull %s, up to the hair's top %.3f", len(measured(off)), spread(heads), quantile(hair, 0.95))},
		target{"sitter: eye position error", 100 * quantile(pupils, 0.95), 3, false, "% IED",
			fmt.Sprintf("95 %% of %d renders; 5/50/95 %%: %s, worst %.3f", len(measured(pupils)), spread(pupils), quantile(pupils, 1))})
}
