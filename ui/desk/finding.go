// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"math"
	"strconv"
	"strings"

	"github.com/fotobox-project/fotobox/image/rule"
)

// Criterion is a rule's name in words.
func (v view) Criterion(f rule.Finding) string {
	if key := "rule." + f.Name; v.Language.Has(key) {
		return v.T(key)
	}
	return f.Name // of a station whose engine is newer than this desk
}

// Unit is the unit behind a number, "" for shares and ratios.
func (v view) Unit(f rule.Finding) string {
	if key := "desk.unit." + f.Unit; v.Language.Has(key) {
		return v.T(key)
	}
	return ""
}

// Value is the measured value with its unit, rounded no further than the limit
// that it fails: 0.8004 above 0.8 must not read as 0.80.
func (v view) Value(f rule.Finding) string {
	if f.Side == rule.Unclear || math.IsNaN(f.Value) {
		return v.T("desk.finding.unmeasured")
	}
	digits := decimals(f.Unit)
	for ; digits < 6; digits++ {
		rounded, _ := strconv.ParseFloat(strconv.FormatFloat(f.Value, 'f', digits, 64), 64)
		if (rounded < f.Min) == (f.Value < f.Min) && (rounded > f.Max) == (f.Value > f.Max) {
			break
		}
	}
	return v.withUnit(v.number(f.Value, digits), f)
}

// Limits are the limits in words.
func (v view) Limits(f rule.Finding) string {
	low, high := v.limit(f.Min), v.limit(f.Max)
	switch {
	case math.IsInf(f.Min, -1) && math.IsInf(f.Max, 1):
		return v.T("desk.finding.open")
	case math.IsInf(f.Min, -1):
		return v.withUnit(v.T("desk.finding.most", high), f)
	case math.IsInf(f.Max, 1):
		return v.withUnit(v.T("desk.finding.least", low), f)
	case f.Min == f.Max:
		return v.withUnit(v.T("desk.finding.exactly", low), f)
	}
	return v.withUnit(v.T("desk.finding.between", low, high), f)
}

// Judged is a finding's answer in words: OK, NOK with the side, or not
// measured. What only advises is never NOK.
func (v view) Judged(f rule.Finding) string {
	if f.Advisory {
		return v.T("desk.finding.advisory." + f.Side.String())
	}
	return v.T("desk.finding." + f.Side.String())
}

// Number is a number with two decimals.
func (v view) Number(n float64) string { return v.number(n, 2) }

// Attack is the score of the attack detection in words.
func (v view) Attack(score *float64) string {
	if score == nil {
		return v.T("desk.attack.none")
	}
	return v.T("desk.attack.score", v.Number(*score))
}

// decimals is how exactly a unit is read at least.
func decimals(unit string) int {
	switch unit {
	case "px", "code", "levels":
		return 0
	case "deg", "%":
		return 1
	}
	return 2
}

func (v view) withUnit(number string, f rule.Finding) string {
	if unit := v.Unit(f); unit != "" {
		return number + "\u00a0" + unit
	}
	return number
}

func (v view) limit(n float64) string { return v.number(n, -1) }

// number writes n with the language's decimal sign and a true minus; -1 digits
// are as many as it needs.
func (v view) number(n float64, digits int) string {
	s := strconv.FormatFloat(n, 'f', digits, 64)
	if f, err := strconv.ParseFloat(s, 64); err == nil && f == 0 {
		s = strings.TrimPrefix(s, "-")
	}
	return strings.NewReplacer("-", "−", ".", v.T("desk.decimal")).Replace(s)
}
