// SPDX-License-Identifier: EUPL-1.2

package backoff

import (
	"math"
	"testing"
	"time"
)

func TestDelay(t *testing.T) {
	b := Backoff{Min: time.Second, Max: 5 * time.Minute}
	for _, tt := range []struct {
		name    string
		b       Backoff
		attempt int
		whole   time.Duration
	}{
		{"first", b, 0, time.Second},
		{"second", b, 1, 2 * time.Second},
		{"fifth", b, 4, 16 * time.Second},
		{"just below the limit", b, 8, 256 * time.Second},
		{"limited", b, 9, 5 * time.Minute},
		{"no overflow", b, math.MaxInt, 5 * time.Minute},
		{"a negative attempt counts as the first", b, -7, time.Second},
		{"zero value, first", Backoff{}, 0, time.Second},
		{"zero value, later", Backoff{}, 99, time.Minute},
		{"Min above Max", Backoff{Min: time.Hour, Max: time.Second}, 3, time.Second},
		{"the largest limit", Backoff{Min: 1, Max: math.MaxInt64}, 200, math.MaxInt64},
	} {
		t.Run(tt.name, func(t *testing.T) {
			low, high := time.Duration(math.MaxInt64), time.Duration(0)
			for range 2000 {
				d := tt.b.Delay(tt.attempt)
				low, high = min(low, d), max(high, d)
			}
			if low < tt.whole/2 || high > tt.whole {
				t.Errorf("delays lie in %v..%v, want %v..%v", low, high, tt.whole/2, tt.whole)
			}
			if spread := high - low; spread < tt.whole/4 {
				t.Errorf("delays spread over %v only, want jitter over about %v", spread, tt.whole/2)
			}
		})
	}
}
