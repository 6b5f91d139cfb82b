// SPDX-License-Identifier: EUPL-1.2

package rule

import "math"

// mostScatter bounds, in a rule's Scatter, how far a photo may lie from the
// burst's median and still be taken for the same pose and light.
const mostScatter = 3

// Burst settles the reports of one burst's photos together, oldest first: where a
// measure scatters from photo to photo though nothing has changed (Rule.Scatter),
// the median of the burst counts for every photo near it. What a moment changes
// stays each photo's own: lids, lips, movement and place. A blink is so
// left to the photo that shows it, and Best takes another one.
func Burst(reports []Report) []Report {
	out := make([]Report, len(reports))
	for i, r := range reports {
		out[i] = r
		out[i].Findings = append([]Finding{}, r.Findings...)
	}
	for _, r := range All() {
		if r.Scatter > 0 {
			settle(out, r)
		}
	}
	for i := range out {
		out[i].Verdict = verdict(out[i].Findings)
	}
	return out
}

// settle replaces one rule's values that lie near the median.
func settle(reports []Report, r Rule) {
	var found []*Finding
	var values []float64
	for i := range reports {
		for j := range reports[i].Findings {
			if f := &reports[i].Findings[j]; f.ID == r.ID && !math.IsNaN(f.Value) {
				found, values = append(found, f), append(values, f.Value)
			}
		}
	}
	if len(values) < 3 { // two do not tell which of them is off
		return
	}
	median := middle(values)
	for _, f := range found {
		if math.Abs(f.Value-median) <= mostScatter*r.Scatter {
			f.settle(median)
		}
	}
}

// settle takes another value.
func (f *Finding) settle(v float64) {
	f.Value, f.Side, f.Advice = v, Limits{Min: f.Min, Max: f.Max}.side(v), ""
	if f.Side != Inside {
		f.Advice = f.Name + "." + f.Side.String()
	}
}
