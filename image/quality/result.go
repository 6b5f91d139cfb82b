// SPDX-License-Identifier: EUPL-1.2

package quality

import "math"

// A Result is what a measure says of one photo. Native is nil where it is not
// available, for the Reason. Score is nil then, and for the ICAO photometry,
// which has Met instead.
type Result struct {
	ID     ID       `json:"id"`
	Name   string   `json:"name"`
	Unit   string   `json:"unit"`
	Native *float64 `json:"native"`
	Score  *int     `json:"score"`
	Met    *bool    `json:"met,omitempty"`
	Limit  string   `json:"limit,omitempty"`
	Reason string   `json:"reason,omitempty"`
}

// Evaluate takes all measures, in the order of All. Native values are rounded to
// six digits after the point, as OFIQ prints them.
func Evaluate(p *Picture) []Result {
	var list []Result
	for _, m := range All() {
		list = append(list, m.take(p))
	}
	return list
}

func (m Measure) take(p *Picture) Result {
	r := Result{ID: m.ID, Name: m.Name, Unit: m.Unit, Limit: m.Limit, Reason: m.Missing}
	if m.Native == nil {
		return r
	}
	native, err := m.Native(p)
	switch {
	case err != nil:
		r.Reason = err.Error()
		return r
	case math.IsNaN(native) || math.IsInf(native, 0):
		r.Reason = "the measure has no value on this picture"
		return r
	}
	native = math.Round(native*1e6) / 1e6
	r.Native = &native
	if m.Score != nil {
		score := m.Score(native)
		r.Score = &score
	}
	if m.Met != nil {
		met := m.Met(native)
		r.Met = &met
	}
	return r
}
