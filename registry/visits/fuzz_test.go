// SPDX-License-Identifier: EUPL-1.2

package visits

import (
	"encoding/json"
	"testing"

	"github.com/fotobox-project/fotobox/upload/enrolment"
)

// FuzzRecords sends anything as the records of visits: what is let through can
// be written again as it was, and gives figures.
func FuzzRecords(f *testing.F) {
	f.Add([]byte(`[{"id":"6ba7b810-9dad-41d1-80b4-00c04fd430c8","day":"2026-12-01","software":"stationd v1","outcome":"delivered","first_try":true,"attempts":1,"seconds":{"welcome":20.1},"hints":{"nearer":{"times":2,"seconds":3.5}}}]`))
	f.Add([]byte(`[{"seconds":{"x":1e400}}]`))
	f.Add([]byte(`[null]`))
	f.Fuzz(func(t *testing.T, body []byte) {
		var records []enrolment.Visit
		if json.Unmarshal(body, &records) != nil {
			return
		}
		for _, r := range records {
			if check(r, noon) != nil {
				continue
			}
			text, err := json.Marshal(r)
			if err != nil {
				t.Fatalf("%+v cannot be written: %v", r, err)
			}
			var again enrolment.Visit
			if err := json.Unmarshal(text, &again); err != nil || check(again, noon) != nil {
				t.Fatalf("%s: %v, %v", text, err, check(again, noon))
			}
		}
	})
}
