// SPDX-License-Identifier: EUPL-1.2

package rule

import (
	"errors"
	"math"
	"time"
)

// Judge measures the picture by every rule of the set.
func Judge(p *Picture, s Set) Report {
	r := Report{Engine: Engine, Set: s.Name, Hash: s.Hash(), Findings: []Finding{}}
	if p.against != nil {
		r.Scene = p.Booth.Taken.UTC().Format(time.RFC3339)
	}
	for _, rule := range All() {
		if _, judged := s.Limits[rule.ID]; judged {
			r.Findings = append(r.Findings, judge(rule, p, s))
		}
	}
	r.Verdict = verdict(r.Findings)
	return r
}

var errNoNumber = errors.New("the measure gave no number")

func judge(r Rule, p *Picture, s Set) Finding {
	limits := s.Limits[r.ID]
	f := Finding{
		ID: r.ID, Name: r.Name, Mandatory: r.Mandatory, Advisory: !s.Binds(r.ID), Unit: r.Unit,
		Min: limits.Min, Max: limits.Max,
	}
	var err error
	f.Value, err = r.Measure(p)
	if err == nil && (math.IsNaN(f.Value) || math.IsInf(f.Value, 0)) {
		err = errNoNumber // not a pass, and not to be taken for a value by anyone
	}
	if err != nil {
		f.Value, f.Reason = math.NaN(), err.Error()
	}
	if f.Side = limits.side(f.Value); f.Side != Inside {
		f.Advice = r.Name + "." + f.Side.String()
	}
	return f
}

// Best chooses among photos of one visit as TR-03121 does: most mandatory
// criteria met, then most optional ones, then the latest. Findings that do not
// count are left out. It is -1 for none.
func Best(reports []Report) int {
	best, most := -1, [2]int{-1, -1}
	for i, r := range reports {
		if met := r.met(); met[0] > most[0] || met[0] == most[0] && met[1] >= most[1] {
			best, most = i, met
		}
	}
	return best
}

// Ties gives the best photo and all that are as good by the same rule, best and
// latest first: among these the person may choose.
func Ties(reports []Report) (list []int) {
	best := Best(reports)
	for i := best; i >= 0; i-- {
		if reports[i].met() == reports[best].met() {
			list = append(list, i)
		}
	}
	return list
}

// met counts the mandatory and the optional criteria inside their limits.
func (r Report) met() (n [2]int) {
	for _, f := range r.Findings {
		switch {
		case f.Advisory || f.Side != Inside:
		case f.Mandatory:
			n[0]++
		default:
			n[1]++
		}
	}
	return n
}
