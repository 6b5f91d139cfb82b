// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"math"
	"slices"

	"github.com/fotobox-project/fotobox/image/phototest"
	"github.com/fotobox-project/fotobox/image/rule"
)

// An evaluation is everything that was judged, and what follows from it.
type evaluation struct {
	set     rule.Set
	photos  []phototest.Photo
	good    map[string]bool // names of the good set
	results []result
	faults  []fault
	tones   [2]float64 // cheek lightness between dark and middle, middle and light
	sweeps  []swept
}

// asIs gives the results of unaltered photos.
func (e *evaluation) asIs() []result { return e.having("") }

func (e *evaluation) having(fault string) (list []result) {
	for _, r := range e.results {
		if r.fault == fault {
			list = append(list, r)
		}
	}
	return list
}

// goodOnes gives the good set as it is.
func (e *evaluation) goodOnes() []result {
	return slices.DeleteFunc(e.asIs(), func(r result) bool { return !e.good[r.photo.Name] })
}

// findTones parts the good set in thirds by the lightness of the cheeks.
func (e *evaluation) findTones() {
	var v []float64
	for _, r := range e.goodOnes() {
		v = append(v, r.cheek)
	}
	e.tones = [2]float64{quantile(v, 1.0/3), quantile(v, 2.0/3)}
}

// tone is "dark", "middle" or "light" skin, as measured; empty without a face.
func (e *evaluation) tone(r result) string {
	switch {
	case math.IsNaN(r.cheek):
		return ""
	case r.cheek <= e.tones[0]:
		return "dark"
	case r.cheek <= e.tones[1]:
		return "middle"
	}
	return "light"
}

// groups are the names of those whose false rejections are counted by themselves.
func groups() []string {
	return []string{"light", "middle", "dark", "glasses", "beard", "child", "elderly"}
}

func (e *evaluation) in(group string, r result) bool {
	return e.tone(r) == group || r.photo.Traits.Has(group)
}

// addTo counts the photo in each of its groups.
func (e *evaluation) addTo(byGroup map[string]rate, r result, hit bool) {
	for _, g := range groups() {
		if e.in(g, r) {
			n := byGroup[g]
			n.add(hit)
			byGroup[g] = n
		}
	}
}

// A criterion is what the photos as they are say about one rule.
type criterion struct {
	rule    rule.Rule
	limits  rule.Limits
	binds   bool
	judged  bool
	good    rate            // of the good set outside the limits
	other   rate            // of other photos that no trait speaks against
	unclear rate            // of both, not measurable
	values  []float64       // of the good set
	byGroup map[string]rate // outside, of both
	wrong   []result        // the photos outside or unclear
}

func (e *evaluation) criteria() (list []criterion) {
	for _, r := range rule.All() {
		limits, judged := e.set.Limits[r.ID]
		c := criterion{rule: r, limits: limits, judged: judged, binds: e.set.Binds(r.ID), byGroup: map[string]rate{}}
		if judged {
			e.count(&c)
			list = append(list, c)
		}
	}
	return list
}

// relative tells what the relative set leaves out: the photos are smaller than a
// station's, and none of them is wrong for that.
func relative(id rule.ID) bool { return id == "5.1" || id == "5.2" || id == "5.7" }

func (e *evaluation) count(c *criterion) {
	for _, r := range e.asIs() {
		f, ok := r.finding(c.rule.ID)
		if !ok || !goodFor(r.photo.Traits, c.rule.ID) {
			continue
		}
		hit := outside(f)
		if e.good[r.photo.Name] {
			c.good.add(hit)
			c.values = append(c.values, f.Value)
		} else {
			c.other.add(hit)
		}
		c.unclear.add(f.Side == rule.Unclear)
		e.addTo(c.byGroup, r, hit)
		if f.Side != rule.Inside && !relative(c.rule.ID) {
			c.wrong = append(c.wrong, r)
		}
	}
}

// A kase is one kind of bad photos, real or altered, and how it was caught.
type kase struct {
	name     string
	ids      []rule.ID // that the set judges
	caught   rate      // one of the criteria lies outside its limits
	unclear  rate      // none does, but one could not be measured
	accepted rate      // by the verdict over everything
	auc      float64   // of the first criterion against the good set
	values   []float64 // of the first criterion
	byGroup  map[string]rate
	missed   []result
}

// beyond is how far a value lies beyond its limits, negative inside: the score
// that orders bad above good.
func beyond(f rule.Finding) float64 {
	switch {
	case math.IsInf(f.Min, -1):
		return f.Value - f.Max
	case math.IsInf(f.Max, 1):
		return f.Min - f.Value
	}
	return max(f.Value-f.Max, f.Min-f.Value)
}

func scores(list []result, id rule.ID) (v []float64) {
	for _, r := range list {
		if f, ok := r.finding(id); ok {
			v = append(v, beyond(f))
		}
	}
	return v
}

func (e *evaluation) newCase(name string, ids []rule.ID, bad []result) kase {
	k := kase{name: name, auc: math.NaN(), byGroup: map[string]rate{}}
	for _, id := range ids {
		if _, ok := e.set.Limits[id]; ok {
			k.ids = append(k.ids, id)
		}
	}
	if len(k.ids) == 0 {
		return k
	}
	for _, r := range bad {
		hit, unclear := false, false
		for _, id := range k.ids {
			f, _ := r.finding(id)
			hit = hit || outside(f)
			unclear = unclear || f.Side == rule.Unclear
		}
		first, _ := r.finding(k.ids[0])
		k.values = append(k.values, first.Value)
		k.caught.add(hit)
		k.unclear.add(!hit && unclear)
		k.accepted.add(r.report.Verdict == rule.Accept)
		e.addTo(k.byGroup, r, hit)
		if !hit {
			k.missed = append(k.missed, r)
		}
	}
	good := slices.DeleteFunc(e.goodOnes(), func(r result) bool { return !goodFor(r.photo.Traits, k.ids[0]) })
	k.auc = auc(scores(good, k.ids[0]), scores(bad, k.ids[0]))
	return k
}

// cases are the real ones by trait, then the altered ones.
func (e *evaluation) cases() (list []kase) {
	for _, l := range labels() {
		if len(l.bad) == 0 {
			continue
		}
		bad := slices.DeleteFunc(e.asIs(), func(r result) bool { return !r.photo.Traits.Has(l.trait) })
		if len(bad) > 0 {
			list = append(list, e.newCase("photos: "+l.trait, l.bad, bad))
		}
	}
	for _, f := range e.faults {
		if bad := e.having(f.name); len(f.ids) > 0 && len(bad) > 0 {
			list = append(list, e.newCase(f.name, f.ids, bad))
		}
	}
	return list
}

// rejected counts photos for which a binding finding among the criteria lies outside.
func (e *evaluation) rejected(r result, any func(rule.ID) bool) bool {
	return slices.ContainsFunc(r.report.Findings, func(f rule.Finding) bool { return outside(f) && !f.Advisory && any(f.ID) })
}

// A spared is a harmless alteration and the photos that are rejected only for it.
type spared struct {
	name     string
	rejected rate
	reasons  map[rule.ID]int
	wrong    []result
}

func (e *evaluation) harmless() (list []spared) {
	before := map[string]rule.Verdict{}
	for _, r := range e.asIs() {
		before[r.photo.Name] = r.report.Verdict
	}
	for _, f := range e.faults {
		if len(f.ids) > 0 || len(e.having(f.name)) == 0 {
			continue
		}
		s := spared{name: f.name, reasons: map[rule.ID]int{}}
		for _, r := range e.having(f.name) {
			wrong := before[r.photo.Name] == rule.Accept && r.report.Verdict != rule.Accept
			s.rejected.add(wrong)
			if !wrong {
				continue
			}
			s.wrong = append(s.wrong, r)
			for o := range r.report.Open() {
				if !o.Advisory {
					s.reasons[o.ID]++
				}
			}
		}
		list = append(list, s)
	}
	return list
}
