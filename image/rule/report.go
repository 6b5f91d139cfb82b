// SPDX-License-Identifier: EUPL-1.2

package rule

import (
	"encoding/json"
	"iter"
	"math"
)

// Finding is one rule's answer about one photo.
type Finding struct {
	ID        ID
	Name      string
	Mandatory bool    // as in Rule
	Advisory  bool    // reported, but does not count for the verdict
	Value     float64 // in Unit; NaN when Side is Unclear
	Unit      string
	Min, Max  float64 // the set's limits; infinite where open
	Side      Side
	Advice    string // "<name>.<side>", the key of what to do; empty when Inside
	Reason    string // why it could not be measured; empty unless Unclear
}

// finding is the form on paper: open limits and unmeasured values are null.
type finding struct {
	ID        ID       `json:"id"`
	Name      string   `json:"name"`
	Mandatory bool     `json:"mandatory"`
	Advisory  bool     `json:"advisory,omitempty"`
	Value     *float64 `json:"value"`
	Unit      string   `json:"unit"`
	Min       *float64 `json:"min"`
	Max       *float64 `json:"max"`
	Side      Side     `json:"side"`
	Advice    string   `json:"advice"`
	Reason    string   `json:"reason,omitempty"`
}

// MarshalJSON rounds the value to six digits after the point; an open limit and
// a value that could not be measured are null.
func (f Finding) MarshalJSON() ([]byte, error) {
	return json.Marshal(finding{
		f.ID, f.Name, f.Mandatory, f.Advisory, finite(f.Value), f.Unit, finite(f.Min), finite(f.Max),
		f.Side, f.Advice, f.Reason,
	})
}

// UnmarshalJSON is the inverse of MarshalJSON.
func (f *Finding) UnmarshalJSON(data []byte) error {
	var p finding
	if err := json.Unmarshal(data, &p); err != nil {
		return err
	}
	*f = Finding{
		p.ID, p.Name, p.Mandatory, p.Advisory, or(p.Value, math.NaN()), p.Unit,
		or(p.Min, math.Inf(-1)), or(p.Max, math.Inf(1)), p.Side, p.Advice, p.Reason,
	}
	return nil
}

func finite(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return new(math.Round(v*1e6)/1e6 + 0) // -0 + 0 is 0: a zero has no sign on paper
}

func or(v *float64, missing float64) float64 {
	if v == nil {
		return missing
	}
	return *v
}

// Verdict is the whole judgement of a photo.
type Verdict string

// The verdicts.
const (
	Accept   Verdict = "accept"
	Reject   Verdict = "reject"
	NotClear Verdict = "unclear"
)

// Report is all findings about one photo, in the order of advice.
type Report struct {
	Engine   string    `json:"engine"`
	Set      string    `json:"set"`
	Hash     string    `json:"hash"`
	Scene    string    `json:"scene,omitempty"` // when the empty scene was taken that the photo was compared with (RFC 3339); empty: the photo alone
	Verdict  Verdict   `json:"verdict"`
	Findings []Finding `json:"findings"`
}

// Open yields the findings that are not inside their limits, the counting ones
// first, in the order in which advice is given.
func (r Report) Open() iter.Seq[Finding] {
	return func(yield func(Finding) bool) {
		for _, advisory := range []bool{false, true} {
			for _, f := range r.Findings {
				if f.Side != Inside && f.Advisory == advisory && !yield(f) {
					return
				}
			}
		}
	}
}

// verdict: reject when a counting finding lies outside its limits, unclear when
// none does but one could not be measured, otherwise accept.
func verdict(findings []Finding) Verdict {
	v := Accept
	for _, f := range findings {
		switch {
		case f.Advisory || f.Side == Inside:
		case f.Side == Unclear:
			v = NotClear
		default:
			return Reject
		}
	}
	return v
}
