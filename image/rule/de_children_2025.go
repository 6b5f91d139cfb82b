// SPDX-License-Identifier: EUPL-1.2

package rule

import (
	"maps"
	"math"
	"slices"

	"github.com/fotobox-project/fotobox/image/portrait"
)

// DePassport2025Child is DePassport2025 for children below ten years: PassV § 4
// lets their heads fill 0.50 to 0.80 of the photo. Small heads bring smaller
// eye distances and lower eye lines with them.
func DePassport2025Child() Set {
	const table = "Fotomustertafel (PassV Anlage 8) for children: eyes 18 to 32 mm of 45 above the lower edge"
	s := DePassport2025().with("child", map[ID]Limits{
		"5.3": {0.42, 0.75, "TR-03121 table 5.3, its 0.50 at a head height of 0.60 taken to 0.50"},
		"5.4": {0.50, 0.90, "PassV § 4: from 0.50 for children; above as TR-03121 table 5.3"},
		"5.5": {0.29, 0.60, table},
		"5.7": {224, math.Inf(1), "TR-03121 table 5.3, its 300 at a head height of 0.67 taken to the 0.50 of PassV § 4"},
	})
	s.Least = portrait.Children()
	return s
}

// DePassport2025Infant is DePassport2025Child for children below six years, of
// whom the Fotomustertafel takes a head that is not quite straight, any
// expression, eyes and gaze as they come, and a face beside the middle. That
// both eyes are free and nobody else is seen counts as ever.
func DePassport2025Infant() Set {
	const table = "own: Fotomustertafel (PassV Anlage 8) lets children below six depart from it"
	s := DePassport2025Child().with("infant", map[ID]Limits{
		"1.1": {-20, 20, table},
		"1.3": {-15, 15, table},
		"5.6": {0.40, 0.60, table},
	})
	s.Advisory = append(s.Advisory, "2.2", "3.1", "3.3")
	return s
}

// with gives the set with another name and some other limits.
func (s Set) with(group string, limits map[ID]Limits) Set {
	s.Name = DePassport2025().Name + "-" + group
	s.Limits, s.Advisory = maps.Clone(s.Limits), slices.Clone(s.Advisory)
	maps.Copy(s.Limits, limits)
	return s
}

// Groups lists the groups of persons that have a set of their own.
func Groups() []string { return []string{"adult", "child", "infant"} }

// SetFor gives a group's set, and false for a group that has none.
func SetFor(group string) (Set, bool) {
	switch group {
	case "adult":
		return DePassport2025(), true
	case "child":
		return DePassport2025Child(), true
	case "infant":
		return DePassport2025Infant(), true
	}
	return Set{}, false
}
