// SPDX-License-Identifier: EUPL-1.2

// Package rule judges a portrait by the criteria of BSI TR-03121 for passport photos.
package rule

import (
	"fmt"
	"math"
)

// Engine is name and version of the measures. The version changes with every
// change of a measured value, however small: reports tell by it what measured.
const Engine = "fotobox-rule/0.5.0"

// ID is a criterion's number in TR-03121-3 Vol. 2, tables 5.2 and 5.3 ("1.3").
type ID string

// A Rule is one criterion of a photo: what it is called, where it stands and how
// it is measured. Its limits belong to a Set.
type Rule struct {
	ID     ID
	Name   string // key of texts: "rule.<name>", "advice.<name>.<side>"
	Clause string // of ISO/IEC 19794-5:2005, as the TR cites it
	Unit   string
	// Mandatory tells that the TR demands the criterion; the others are optional to
	// provide, and bind when provided.
	Mandatory bool
	// Method says in one sentence what is measured.
	Method string
	// Scatter is how far measures of the same scene typically lie apart, in Unit. It
	// is zero where each photo's own value counts; see Burst.
	Scatter float64
	// Measure gives the value in the rule's unit. An error says why it could not
	// be measured; the finding is then Unclear.
	Measure func(*Picture) (float64, error)
}

// Limits bound a value, both ends being inside. An infinite end is open.
type Limits struct {
	Min, Max float64
	// Source tells where the numbers come from: a clause, or the measurement
	// they were set by.
	Source string
}

// side tells where v lies.
func (l Limits) side(v float64) Side {
	switch {
	case math.IsNaN(v):
		return Unclear
	case v < l.Min:
		return Low
	case v > l.Max:
		return High
	}
	return Inside
}

// Side is where a value lies in its limits.
type Side int

// The sides. Unclear: it could not be measured, which is not a pass.
const (
	Inside Side = iota
	Low
	High
	Unclear
)

// sideNames in the order of the constants.
func sideNames() [4]string { return [4]string{"inside", "low", "high", "unclear"} }

// String gives "inside", "low", "high" or "unclear".
func (s Side) String() string {
	if s < Inside || s > Unclear {
		return fmt.Sprintf("side %d", int(s))
	}
	return sideNames()[s]
}

// ParseSide is the inverse of String.
func ParseSide(text string) (Side, error) {
	for i, name := range sideNames() {
		if name == text {
			return Side(i), nil
		}
	}
	return Unclear, fmt.Errorf("parse side: %q is none", text)
}

// MarshalText gives the side's name.
func (s Side) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a side's name.
func (s *Side) UnmarshalText(text []byte) (err error) {
	*s, err = ParseSide(string(text))
	return err
}
