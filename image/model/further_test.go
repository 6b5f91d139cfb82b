// SPDX-License-Identifier: EUPL-1.2

package model

import "testing"

// The nose is believed where it lies further aside than the model says, and
// nowhere else.
func TestFurther(t *testing.T) {
	for _, tt := range []struct{ yaw, nose, want float64 }{
		{0, 0, 0}, {3, 7, 3}, {8, 20, 20}, {8, 15, 11.5}, {-8, -15, -11.5},
		{15, 9, 15}, {15, 1, 15}, {-15, -1, -15}, // a short nose
		{9, -0.1, 9}, {9, -5, 9}, {9, -12, -12}, // to the other side
	} {
		if got := further(tt.yaw, tt.nose); got != tt.want {
			t.Errorf("model %v, nose %v: %v, want %v", tt.yaw, tt.nose, got, tt.want)
		}
	}
}
