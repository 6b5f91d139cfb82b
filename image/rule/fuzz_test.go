// SPDX-License-Identifier: EUPL-1.2

package rule

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// FuzzReport reads anything as the report that comes with a photo: what is
// read can be written, and reads as the same again.
func FuzzReport(f *testing.F) {
	f.Add([]byte(`{"engine":"e","set":"s","hash":"h","verdict":"accept","findings":[{"id":"x","name":"roll","value":1.5,"min":null,"max":8,"side":"inside"},{"side":"unclear","value":null,"reason":"r"}]}`))
	f.Add([]byte(`{"findings":[{"side":"up"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var r Report
		if json.Unmarshal(data, &r) != nil {
			return
		}
		for finding := range r.Open() {
			if finding.Side == Inside {
				t.Error("a finding that is inside is open")
			}
		}
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		var once, twice Report
		if err := json.Unmarshal(text, &once); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if text, err = json.Marshal(once); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &twice); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if diff := cmp.Diff(once, twice, cmpopts.EquateNaNs(), cmpopts.EquateApprox(1e-9, 1e-6)); diff != "" {
			t.Error(diff)
		}
	})
}
