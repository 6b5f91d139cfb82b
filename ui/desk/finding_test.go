// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"math"
	"testing"

	"github.com/fotobox-project/fotobox/image/rule"
)

// value is a number on the finding's side of its limits.
func value(f rule.Finding) float64 {
	low, high := f.Min, f.Max
	if math.IsInf(low, -1) {
		low = high - 1
	}
	if math.IsInf(high, 1) {
		high = low + 1
	}
	switch f.Side {
	case rule.Low:
		return low - 0.1*math.Abs(low) - 0.01
	case rule.High:
		return high + 0.1*math.Abs(high) + 0.01
	case rule.Unclear:
		return math.NaN()
	}
	return (low + high) / 2
}

func TestValueKeepsSide(t *testing.T) {
	german, english := view{Language: "de"}, view{Language: "en"}
	for _, tc := range []struct {
		f    rule.Finding
		v    view
		want string
	}{
		{rule.Finding{Value: 0.75, Min: 0.7, Max: 0.8, Unit: "share of height"}, german, "0,75"},
		{rule.Finding{Value: 0.8004, Min: 0.7, Max: 0.8, Unit: "share of height", Side: rule.High}, german, "0,8004"},
		{rule.Finding{Value: 0.7999, Min: 0.7, Max: 0.8, Unit: "share of height"}, english, "0.80"},
		{rule.Finding{Value: -1.24, Min: -8, Max: 8, Unit: "deg"}, german, "−1,2\u00a0°"},
		{rule.Finding{Value: -0.01, Min: -8, Max: 8, Unit: "deg"}, english, "0.0\u00a0°"},
		{rule.Finding{Value: 299.6, Min: 300, Max: math.Inf(1), Unit: "px", Side: rule.Low}, english, "299.6\u00a0px"},
		{rule.Finding{Value: math.NaN(), Side: rule.Unclear, Unit: "px"}, german, "–"},
	} {
		if got := tc.v.Value(tc.f); got != tc.want {
			t.Errorf("%v of %v..%v %s: got %q, want %q", tc.f.Value, tc.f.Min, tc.f.Max, tc.f.Unit, got, tc.want)
		}
	}
}

func TestLimitsInWords(t *testing.T) {
	inf := math.Inf(1)
	for _, tc := range []struct {
		min, max float64
		unit     string
		want     string
	}{
		{-8, 8, "deg", "−8 bis 8\u00a0°"},
		{300, inf, "px", "mindestens 300\u00a0px"},
		{-inf, 0.5, "share", "höchstens 0,5"},
		{1600, 1600, "px", "genau 1600\u00a0px"},
		{-inf, inf, "", "keine"},
	} {
		if got := (view{Language: "de"}).Limits(rule.Finding{Min: tc.min, Max: tc.max, Unit: tc.unit}); got != tc.want {
			t.Errorf("%v..%v: got %q, want %q", tc.min, tc.max, got, tc.want)
		}
	}
}

// TestEveryTextExists asks for the texts whose keys are put together at run time.
func TestEveryTextExists(t *testing.T) {
	keys := []string{"desk.fault.inside", "desk.sign-in", "desk.list", "desk.appointment", "desk.capture"}
	for _, f := range []*fault{errNothing, errForeign, errAppointment, errUnreadable, errCapture, errGone, errDecided, errUntaken, errPhoto, errDamaged, errForm, errTooLarge, errInside} {
		keys = append(keys, "desk.fault."+f.key, "desk.fault."+f.key+".help")
	}
	for _, state := range []string{"none", "unwanted", "arrived", "opened", "taken", "refused", "forgotten"} {
		keys = append(keys, "desk.state."+state)
	}
	for _, side := range []rule.Side{rule.Inside, rule.Low, rule.High, rule.Unclear} {
		keys = append(keys, "desk.finding."+side.String(), "desk.finding.advisory."+side.String())
	}
	for _, mode := range []string{"counter", "lobby", "extended"} {
		keys = append(keys, "desk.mode."+mode)
	}
	for _, key := range keys {
		for _, l := range (view{}).Languages() {
			if !l.Has(key) {
				t.Errorf("%s has no text %q", l, key)
			}
		}
	}
}
