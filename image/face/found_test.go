// SPDX-License-Identifier: EUPL-1.2

package face

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/fotobox-project/fotobox/image/phototest"
)

// Of passport-style photos with one face at least 99 % must be found, once; the
// pictures without a person must stay empty. All other sets (turned and tiny
// heads, groups, children) are only printed.
func TestFacesAreFound(t *testing.T) {
	strict := []string{"london", "canada", "ukho"}
	files := photos(t, func(phototest.Photo) bool { return true })
	for name, search := range searches(finder(t)) {
		t.Run(name, func(t *testing.T) {
			all := searched(t, files, search)
			logSets(t, all)
			found, single := 0, 0
			for _, p := range all {
				switch n := len(p.faces); {
				case p.Traits.Has("no-face") && n != 0:
					t.Errorf("%s shows nobody, got a face of score %.1f", p.Name, p.faces[0].Score)
				case !slices.Contains(strict, p.Set()) || p.Traits.Has("other-person"):
				case n > 1:
					t.Errorf("%s shows one person, got %d faces, the second of score %.1f", p.Name, n, p.faces[1].Score)
				default:
					found, single = found+n, single+1
				}
			}
			t.Logf("%d of %d photos of one face in %v: found", found, single, strict)
			if float64(found) < 0.99*float64(single) {
				t.Errorf("found %d of %d; want 99 %%", found, single)
			}
		})
	}
}

func logSets(t *testing.T, all []photo) {
	scores, none := map[string][]float64{}, map[string]int{}
	for _, p := range all {
		if len(p.faces) == 0 {
			none[p.Set()]++
			continue
		}
		scores[p.Set()] = append(scores[p.Set()], p.faces[0].Score)
	}
	sets := slices.SortedFunc(slices.Values(all), func(a, b photo) int { return cmp.Compare(a.Set(), b.Set()) })
	sets = slices.CompactFunc(sets, func(a, b photo) bool { return a.Set() == b.Set() })
	var b strings.Builder
	fmt.Fprintf(&b, "\n%-9s %6s %6s %11s %11s", "set", "photos", "found", "least score", "median")
	for _, p := range sets {
		s := scores[p.Set()]
		fmt.Fprintf(&b, "\n%-9s %6d %6d %11.1f %11.1f", p.Set(), len(s)+none[p.Set()], len(s), quantile(s, 0), quantile(s, 0.5))
	}
	t.Log(b.String())
}
