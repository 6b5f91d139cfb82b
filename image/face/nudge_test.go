// SPDX-License-Identifier: EUPL-1.2

package face

import (
	"math"
	"testing"
)

func TestNudgesFillTheRangeEvenly(t *testing.T) {
	var x, y, size float64
	all := nudges(60)
	for _, n := range all {
		if math.Abs(n.x) > 0.075 || math.Abs(n.y) > 0.075 || math.Abs(n.size-1) > 0.075 || n.mirrored {
			t.Errorf("%+v is out of range", n)
		}
		x, y, size = x+n.x/60, y+n.y/60, size+(n.size-1)/60
	}
	if math.Abs(x) > 0.004 || math.Abs(y) > 0.004 || math.Abs(size) > 0.004 {
		t.Errorf("mean nudge (%.4f, %.4f), size %.4f; want about 0", x, y, size)
	}
}

func TestPairsAreMirrorImages(t *testing.T) {
	all := pairs(9)
	if len(all) != 10 {
		t.Fatalf("got %d starts for 9; want whole pairs", len(all))
	}
	for i := 0; i < len(all); i += 2 {
		a, b := all[i], all[i+1]
		if a.x != -b.x || a.y != b.y || a.size != b.size || a.mirrored == b.mirrored {
			t.Errorf("%+v and %+v are no mirror images", a, b)
		}
	}
}
