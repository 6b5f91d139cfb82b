// SPDX-License-Identifier: EUPL-1.2

package conductor

import (
	"testing"

	"github.com/fotobox-project/fotobox/image/rule"
)

// TestBest keeps the photos that are as good as the best, latest first, at most
// three, and leaves out a blink.
func TestBest(t *testing.T) {
	shot := func(eyes rule.Side) proof {
		return proof{report: rule.Report{Findings: []rule.Finding{{ID: "3.1", Name: "eyes-open", Side: eyes}}}}
	}
	open, shut := shot(rule.Inside), shot(rule.Low)
	for _, tt := range []struct {
		name   string
		proofs []proof
		want   int
		accept bool
	}{
		{"none", nil, 0, false},
		{"all good", []proof{open, open, open, open, open}, maxPrints, true},
		{"the last one blinks", []proof{open, open, shut}, 2, true},
		{"all blink", []proof{shut, shut}, 2, false},
	} {
		got := best(tt.proofs)
		if len(got) != tt.want {
			t.Errorf("%s: %d photos, want %d", tt.name, len(got), tt.want)
		}
		for _, p := range got {
			if accept := p.report.Verdict == rule.Accept; accept != tt.accept {
				t.Errorf("%s: a photo with verdict %s", tt.name, p.report.Verdict)
			}
		}
	}
}
