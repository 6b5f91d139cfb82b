// SPDX-License-Identifier: EUPL-1.2

package visits

import (
	"cmp"
	"math"
	"slices"

	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// A pile collects records until they are summed up.
type pile struct {
	sum    Sum
	way    []float64
	stages map[string][]float64
	hints  map[string]*Hint
}

func newPile(device string) *pile {
	return &pile{
		sum:    Sum{Device: device, Outcomes: map[string]int{}, Refused: map[string]int{}, Stages: map[string]Spread{}, Hints: []Hint{}},
		stages: map[string][]float64{}, hints: map[string]*Hint{},
	}
}

func (p *pile) add(r enrolment.Visit) {
	if r.Refused() {
		p.sum.Refused[r.Answer]++
		return
	}
	s := &p.sum
	s.Visits++
	s.Outcomes[r.Outcome]++
	s.Photos += r.Attempts
	s.Retakes += r.Retakes
	s.MoreTime += count(r.MoreTime)
	s.Paused += count(r.Pauses > 0)
	s.FirstTry.Of += count(r.Attempts > 0)
	s.FirstTry.Count += count(r.FirstTry)
	if r.Stored() {
		s.Stored++
		p.way = append(p.way, r.Way())
	}
	for stage, seconds := range r.Seconds {
		p.stages[stage] = append(p.stages[stage], seconds)
	}
	for key, shown := range r.Hints {
		h := p.hints[key]
		if h == nil {
			h = &Hint{Key: key}
			p.hints[key] = h
		}
		h.Visits++
		h.Times += shown.Times
		h.Seconds += shown.Seconds
	}
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

// total sums up; the pile is used up by it.
func (p *pile) total() Sum {
	s := p.sum
	s.Way = spread(p.way)
	for stage, times := range p.stages {
		s.Stages[stage] = spread(times)
	}
	for _, h := range p.hints {
		h.Seconds = tenth(h.Seconds)
		s.Hints = append(s.Hints, *h)
	}
	slices.SortFunc(s.Hints, func(a, b Hint) int {
		return cmp.Or(cmp.Compare(b.Visits, a.Visits), cmp.Compare(b.Times, a.Times), cmp.Compare(a.Key, b.Key))
	})
	return s
}

// spread sorts the times.
func spread(times []float64) Spread {
	slices.Sort(times)
	return Spread{Visits: len(times), Median: percentile(times, 50), P90: percentile(times, 90)}
}

// percentile is the smallest of the sorted times that at least p of 100 of them do
// not exceed (nearest rank); 0 without any.
func percentile(sorted []float64, p int) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return tenth(sorted[(len(sorted)*p+99)/100-1])
}

// tenth rounds to the 0.1 s that were measured: sums of them have more digits.
func tenth(seconds float64) float64 { return math.Round(10*seconds) / 10 }
