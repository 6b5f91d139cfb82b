// SPDX-License-Identifier: EUPL-1.2

package rule

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestFindingJSON(t *testing.T) {
	for _, tt := range []struct {
		name    string
		finding Finding
		want    string
	}{
		{"inside",
			Finding{ID: "1.3", Name: "roll", Mandatory: true, Value: -1.2, Unit: "deg", Min: -8, Max: 8},
			`{"id":"1.3","name":"roll","mandatory":true,"value":-1.2,"unit":"deg","min":-8,"max":8,"side":"inside","advice":""}`},
		{"open limit",
			Finding{ID: "5.7", Name: "eye-distance", Advisory: true, Value: 100, Unit: "px", Min: 300, Max: math.Inf(1), Side: Low, Advice: "eye-distance.low"},
			`{"id":"5.7","name":"eye-distance","mandatory":false,"advisory":true,"value":100,"unit":"px","min":300,"max":null,"side":"low","advice":"eye-distance.low"}`},
		{"unclear",
			Finding{ID: "3.1", Name: "eyes-open", Value: math.NaN(), Unit: "contrast", Min: 0.27, Max: math.Inf(1), Side: Unclear, Advice: "eyes-open.unclear", Reason: "no face was found"},
			`{"id":"3.1","name":"eyes-open","mandatory":false,"value":null,"unit":"contrast","min":0.27,"max":null,"side":"unclear","advice":"eyes-open.unclear","reason":"no face was found"}`},
	} {
		data, err := json.Marshal(tt.finding)
		if err != nil || string(data) != tt.want {
			t.Errorf("%s: got %s, %v\nwant %s", tt.name, data, err, tt.want)
		}
		var back Finding
		if err := json.Unmarshal(data, &back); err != nil {
			t.Errorf("%s: %v", tt.name, err)
		}
		if diff := cmp.Diff(tt.finding, back, cmpopts.EquateNaNs()); diff != "" {
			t.Errorf("%s: round trip (-want +got):\n%s", tt.name, diff)
		}
	}
	if err := json.Unmarshal([]byte(`{"side":"above"}`), new(Finding)); err == nil {
		t.Error("an unknown side was read")
	}
}

func TestVerdict(t *testing.T) {
	in, low, unclear := Finding{}, Finding{Side: Low}, Finding{Side: Unclear}
	advice := Finding{Side: High, Advisory: true}
	for _, tt := range []struct {
		name     string
		findings []Finding
		want     Verdict
	}{
		{"all inside", []Finding{in, in}, Accept},
		{"advice does not reject", []Finding{in, advice}, Accept},
		{"advice is not unclear", []Finding{in, {Side: Unclear, Advisory: true}}, Accept},
		{"unclear is no pass", []Finding{in, unclear}, NotClear},
		{"low rejects, whatever is unclear", []Finding{unclear, low, in}, Reject},
		{"an optional one binds too", []Finding{{Side: High}}, Reject},
	} {
		if got := verdict(tt.findings); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestOpen(t *testing.T) {
	r := Report{Findings: []Finding{
		{Name: "a"}, {Name: "b", Side: High, Advisory: true}, {Name: "c", Side: Unclear}, {Name: "d", Side: Low},
	}}
	var got []string
	for f := range r.Open() {
		got = append(got, f.Name)
	}
	if diff := cmp.Diff([]string{"c", "d", "b"}, got); diff != "" {
		t.Errorf("open findings (-want +got):\n%s", diff)
	}
	for range r.Open() {
		break // must not go on after that
	}
}

func TestBest(t *testing.T) {
	report := func(mandatory, optional int) (r Report) {
		for i := range 3 {
			r.Findings = append(r.Findings,
				Finding{Mandatory: true, Side: Side(min(1, i/max(1, mandatory)))},
				Finding{Side: Side(min(1, i/max(1, optional)))},
				Finding{Advisory: true})
		}
		return r
	}
	for _, tt := range []struct {
		name    string
		reports []Report
		want    int
	}{
		{"none", nil, -1},
		{"most mandatory", []Report{report(2, 3), report(3, 1), report(1, 3)}, 1},
		{"then most optional", []Report{report(3, 3), report(3, 2)}, 0},
		{"then the latest", []Report{report(3, 2), report(3, 2), report(2, 2)}, 1},
	} {
		if got := Best(tt.reports); got != tt.want {
			t.Errorf("%s: got %d, want %d", tt.name, got, tt.want)
		}
	}
}
