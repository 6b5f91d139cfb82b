// SPDX-License-Identifier: EUPL-1.2

package quality

import "math"

// sigmoid is the logistic curve around x0 with the width w.
func sigmoid(x, x0, w float64) float64 { return 1 / (1 + math.Exp((x0-x)/w)) }

// curve is the generic mapping of ISO/IEC 29794-5: h * (a + s*sigmoid(x; x0, w)).
type curve struct{ h, a, s, x0, w float64 }

func (c curve) score(x float64) int { return whole(c.h * (c.a + float64(c.s*sigmoid(x, c.x0, c.w)))) }

// rising is the curve that gives 50 at x0 and 100 far above.
func rising(x0, w float64) func(float64) int { return curve{100, 0, 1, x0, w}.score }

// free scores a share of what must not be there.
func free(share float64) int { return whole(100 * (1 - share)) }

// whole rounds half up and bounds a score; what is not a number scores nothing.
func whole(q float64) int {
	if math.IsNaN(q) {
		return 0
	}
	return int(min(max(math.Floor(float64(q)+0.5), 0), 100))
}
